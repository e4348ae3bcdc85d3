"""Accounts for runs that need many people: made in the databases before the servers start, signed in for real."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from urllib.parse import urlencode

from configuration.kit.database import Database, Transaction, open_database
from configuration.kit.features import accounts
from configuration.kit.security.actor import UNIVERSITY, Actor, Service
from configuration.kit.security.hashing import shared_hasher
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import issue_access
from tests.benchmarks.wire import ask, check, encode
from tests.reliability.installation import PREFIX, Installation

PASSWORD = "Correct-Horse-Battery-7"
BY = Actor("operator:bench", "library", "bench", via="command")


@contextmanager
def opened(installation: Installation, service: Service) -> Iterator[Database]:
    """A service's database, while no server runs."""
    metadata = import_module(f"{service}_mgt.models.data").ALL_METADATA
    database = open_database(installation.databases[service], metadata=metadata)
    try:
        yield database
    finally:
        database.close_sync()


def enrol(installation: Installation, service: Service, role: str, numbers: Sequence[int]) -> list[str]:
    """Accounts `<role>-<number>` with one password, which is hashed once; their user names."""
    known = shared_hasher().hash_now(PASSWORD)
    config: accounts.Roles = import_module(f"{service}_mgt.services.accounts").ROLES
    with opened(installation, service) as database:
        for start in range(0, len(numbers), 200):
            database.write_sync(_add, config, role, numbers[start : start + 200], known)
    return [f"{role}-{number}" for number in numbers]


def _add(tx: Transaction, config: accounts.Roles, role: str, numbers: Sequence[int], known: str) -> None:
    for number in numbers:
        accounts.register(
            tx,
            config,
            by=BY,
            now=datetime.now(UTC),
            user_name=f"{role}-{number}",
            roles=[role],
            person_no=number,
            given_name=role.title(),
            family_name=f"Number {number}",
            password_hash=known,
        )


def sign_in_request(service: Service, user_name: str, password: str = PASSWORD) -> bytes:
    """The bytes of a sign-in."""
    form = urlencode({"grant_type": "password", "username": user_name, "password": password})
    return encode("POST", f"{PREFIX}/{service}/login/account", body=form.encode())


def sign_in(port: int, service: Service, user_name: str) -> str:
    """An access token, from signing in."""
    form = urlencode({"grant_type": "password", "username": user_name, "password": PASSWORD})
    reply = ask(port, "POST", f"{PREFIX}/{service}/login/account", body=form.encode())
    token: str = check(reply, 200).json()["access_token"]
    return token


def reader_tokens(installation: Installation, numbers: Sequence[int]) -> list[str]:
    """Access tokens of students, signed with the student service's own key.

    Other services believe the signature alone, so for them these are as good as those of a sign-in.
    """
    now = datetime.now(UTC)
    ring = KeyRing("student", installation.folder / "keys" / "student", now)
    grants = {"student": frozenset({UNIVERSITY})}
    people = [
        Actor(f"student:{n}", "student", f"Student {n}", grants, frozenset({f"student:{n}"}), n, n) for n in numbers
    ]
    return [issue_access(ring, person, now, version=1)[0] for person in people]
