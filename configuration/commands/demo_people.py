"""The people of the demo university: made up, and the same every time but for their passwords."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from configuration.commands.secrets_file import random_password
from configuration.kit.security.actor import UNIVERSITY, Actor, Service
from configuration.settings import SERVICES

STAFF: Sequence[tuple[Service, str, str, str, str]] = (
    ("student", "amina", "Amina", "Haddad", "registrar"),
    ("student", "boris", "Boris", "Petrov", "registrar"),
    ("faculty", "celeste", "Celeste", "Okafor", "dean"),
    ("faculty", "dmitri", "Dmitri", "Larsen", "lecturer"),
    ("faculty", "elif", "Elif", "Y\u0131lmaz", "lecturer"),
    ("faculty", "farid", "Farid", "Rahmani", "lecturer"),
    ("library", "grace", "Grace", "Mbeki", "librarian"),
    ("library", "hiro", "Hiro", "Tanaka", "librarian"),
    ("library", "ines", "Inês", "Carvalho", "library_assistant"),
)
GIVEN = (
    "Aaliyah", "Björn", "Chen", "Dalia", "Emeka", "Fatima", "Goran", "Hanna", "Ilse", "José", "Kateryna", "Liam", "Mei",
    "Noor", "Olga", "Priya", "Quentin", "Rosa", "Sven", "Thandi", "Uri", "Violeta", "Wanjiru", "Yusuf", "Zofia",
)  # fmt: skip
FAMILY = (
    "Abebe", "Bauer", "Castillo", "Dubois", "Eriksen", "Ferrari", "García", "Hoang", "Ivanova", "Jansen", "Kim",
    "Lopes", "Müller", "Nguyen", "Oyelaran", "Park", "Rossi", "Singh", "Tóth", "Umarov", "Vargas", "Wójcik", "Yamada",
    "Zhang",
)  # fmt: skip


@dataclass(frozen=True)
class DemoPerson:
    """A person and the sign-in they have."""

    service: Service
    number: int
    user_name: str
    given: str
    family: str
    roles: tuple[str, ...]
    password: str = field(repr=False)

    @property
    def person(self) -> str:
        """The person reference."""
        return f"{self.service}:{self.number}"

    @property
    def display_name(self) -> str:
        """The name as others read it."""
        return f"{self.given} {self.family}"

    @property
    def actor(self) -> Actor:
        """The person, acting through the command line."""
        grants = {role: frozenset({UNIVERSITY}) for role in self.roles}
        return Actor(self.person, self.service, self.display_name, grants, frozenset({self.person}), via="command")

    def line(self) -> str:
        """As it stands in the file of sign-ins."""
        roles = ",".join(self.roles)
        return f"{self.service:8} {self.user_name:24} {self.password:22} {roles:18} {self.number:5} {self.display_name}"

    @classmethod
    def parse(cls, line: str) -> "DemoPerson":
        """From a line of the file of sign-ins."""
        service, user, password, roles, number, given, family = line.split(maxsplit=6)
        named = next(known for known in SERVICES if known == service)
        return cls(named, int(number), user, given, family, tuple(roles.split(",")), password)


def people_of(students: int) -> list[DemoPerson]:
    """Staff, lecturers, and so many students, each with a new random password."""
    people = [
        DemoPerson(service, number, user, given, family, (role,), random_password())
        for number, (service, user, given, family, role) in enumerate(STAFF, start=1)
    ]
    chance = random.Random(4)  # noqa: S311 - names, not secrets
    taken = {person.user_name for person in people}
    for number in range(1001, 1001 + students):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        user = base = f"{given}.{family}".lower()
        while user in taken:
            user = f"{base}{chance.randint(2, 9999)}"
        taken.add(user)
        people.append(DemoPerson("student", number, user, given, family, ("student",), random_password()))
    return people
