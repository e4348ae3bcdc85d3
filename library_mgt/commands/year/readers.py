"""The readers: who they are, and what each of them is like. Everything about them is drawn by lot, from one seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from configuration.commands.demo_people import FAMILY, GIVEN, DemoPerson
from configuration.kit.security.actor import UNIVERSITY, Actor, Service

Group = Literal["student", "faculty", "guest"]
MADE_UP_FROM = 20_001
"""The first number of readers who have no sign-in; those of the demo's people are below."""
SHARES: Sequence[tuple[Group, int]] = (("student", 86), ("faculty", 9), ("guest", 5))
ISSUERS: dict[Group, Service] = {"student": "student", "faculty": "faculty", "guest": "library"}
_ROLES = {"student": "student", "faculty": "lecturer"}


@dataclass(slots=True)
class Out:
    """A copy that a reader has, and what they mean to do with it."""

    loan_id: int
    title_id: int
    barcode: str
    due: date
    until: date
    """How long they want it."""
    back_on: date | None = None
    """The day on which they bring it; `None` when it is lost, or claimed to be back."""


@dataclass(slots=True)
class Reader:
    """Somebody with habits. Shares are between 0 and 1; `appetite` is visits per ordinary open day."""

    number: int
    name: str
    group: Group
    actor: Actor
    appetite: float
    keeps_days: float
    late: float
    loses: float
    waits: float
    fetches: float
    pays: float
    remembers: bool
    patron_id: int | None = None
    out: dict[int, Out] = field(default_factory=dict)
    wishes: set[int] = field(default_factory=set)
    """Titles that they have requested and not got."""

    @property
    def person(self) -> str:
        """The person reference."""
        return self.actor.person

    @property
    def local(self) -> bool:
        """Whether no home service speaks for them."""
        return self.group == "guest"

    def has(self, title_id: int) -> bool:
        """Whether they have the title already, or wait for it."""
        return title_id in self.wishes or any(one.title_id == title_id for one in self.out.values())


def readers(people: Sequence[DemoPerson], number: int, chance: random.Random) -> list[Reader]:
    """So many readers: those of the demo's people who borrow, who can sign in and look, and made-up ones."""
    hats: dict[str, Group] = {"student": "student", "lecturer": "faculty"}
    known = [(one, hats[one.roles[0]]) for one in people if one.roles[0] in hats][:number]
    found = [_reader(one.number, one.display_name, group, one.actor, chance) for one, group in known]
    groups, weights = zip(*SHARES, strict=True)
    for place in range(number - len(found)):
        [group] = chance.choices(groups, weights)
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        found.append(_reader(MADE_UP_FROM + place, name, group, _actor(MADE_UP_FROM + place, name, group), chance))
    return found


def _actor(number: int, name: str, group: Group) -> Actor:
    person = f"{ISSUERS[group]}:{number}"
    grants = {_ROLES[group]: frozenset({UNIVERSITY})} if group in _ROLES else {}
    return Actor(person, ISSUERS[group], name, grants, frozenset({person}), via="session")


def _reader(number: int, name: str, group: Group, actor: Actor, chance: random.Random) -> Reader:
    """Most borrow little and some very much; most are punctual and some never; few lose what they borrow."""
    busy = {"student": 0.027, "faculty": 0.024, "guest": 0.015}[group]
    return Reader(
        number,
        name,
        group,
        actor,
        appetite=min(0.4, busy * chance.gammavariate(1.3, 1 / 1.3)),
        keeps_days={"student": 24.0, "faculty": 55.0, "guest": 18.0}[group] * chance.uniform(0.7, 1.4),
        late=min(0.9, chance.betavariate(1.2, 4.2)),
        loses=0.02 if chance.random() < 0.08 else 0.0015,
        waits=chance.betavariate(3, 2),
        fetches=chance.betavariate(14, 1.2),
        pays=chance.betavariate(4, 1.6),
        remembers=chance.random() < 0.12,
    )
