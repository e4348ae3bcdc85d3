"""People for tests: accounts made in a service's database, signed in without the cost of a password."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from itertools import count

from fastapi import FastAPI

from configuration.kit.database import Database, Transaction
from configuration.kit.features.accounts import Account, Roles, register
from configuration.kit.features.accounts.domain import State
from configuration.kit.features.accounts.model import SignedIn
from configuration.kit.features.accounts.use_cases import signing_in
from configuration.kit.security.actor import UNIVERSITY, Actor, Service
from configuration.kit.security.hashing import shared_hasher
from configuration.kit.security.tokens import issue_access

PASSWORD = "seven lean cows in a row"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOMES: dict[str, Service] = {
    "student": "student",
    "registrar": "student",
    "lecturer": "faculty",
    "dean": "faculty",
    "librarian": "library",
    "library_assistant": "library",
}
OPERATOR = Actor("operator:test", "library", "test", {role: frozenset({UNIVERSITY}) for role in HOMES}, via="command")
_names = count(1)


@lru_cache(maxsize=1)
def known_hash() -> str:
    """The hash of `PASSWORD`, made once."""
    return shared_hasher().hash_now(PASSWORD)


def roles_of(service: str) -> Roles:
    """How a service has its accounts."""
    config: Roles = import_module(f"{service}_mgt.services.accounts").ROLES
    return config


def add_account(
    tx: Transaction,
    config: Roles,
    role: str | None,
    *,
    user_name: str | None = None,
    person_no: int | None = None,
    state: State = "active",
    email: str | None = None,
    now: datetime = NOW,
) -> Account:
    """An account that signs in with `PASSWORD`."""
    name = user_name or f"{role or 'nobody'}{next(_names)}"
    return register(
        tx,
        config,
        by=OPERATOR,
        now=now,
        state=state,
        user_name=name,
        roles=[role] if role else [],
        person_no=person_no,
        attach=person_no is not None and config.people.find(tx, person_no) is not None,
        given_name=name.title(),
        family_name="Example",
        email=email,
        password_hash=known_hash(),
    )


def actor_of(service: Service, account: Account, role: str, *, family_id: int | None = None) -> Actor:
    """The account's person, as an access rule would admit them."""
    person = f"{service}:{account.person_no}"
    grants = {role: frozenset({UNIVERSITY})}
    return Actor(person, service, account.display_name, grants, frozenset({person}), account.id, family_id)


@dataclass(frozen=True)
class Someone:
    """A person who is signed in."""

    account: Account
    actor: Actor
    token: str
    signed: SignedIn

    @property
    def headers(self) -> dict[str, str]:
        """What a client of theirs sends."""
        return {"Authorization": f"Bearer {self.token}"}


def enter(
    tx: Transaction, config: Roles, role: str, now: datetime, number: int | None, kind: str
) -> tuple[Account, SignedIn]:
    """An account with a sign-in."""
    made = add_account(tx, config, role, person_no=number, now=now)
    return made, signing_in.open_sign_in(tx, config.service, made.id, kind, agent="test", now=now)


async def signed_in(app: FastAPI, role: str, *, number: int | None = None, kind: str = "api") -> Someone:
    """Somebody new with this role, signed in to `app`, which is the application of the role's home."""
    now = app.state.clock()
    database: Database = app.state.database
    account, signed = await database.write(enter, app.state.accounts, role, now, number, kind)
    standing = signed.standing
    token, _ = issue_access(app.state.keyring, standing.actor, now, version=standing.version, until=standing.until)
    return Someone(account, standing.actor, token, signed)
