"""What only the home of an account knows at this very moment: whether a sign-in still stands, and what it may do.

Asked at each request of our own people, outside every cache, so that signing out, disabling and ending a grant work at
once here.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from configuration.kit.database import Database, Instant, Statement, Transaction
from configuration.kit.features.accounts.tables import account, person_link, role_grant, sign_in
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.standing import Standing, digest

_NOW = bindparam("now", type_=Instant)


_LIVE = and_(sign_in.c.ended_at.is_(None), sign_in.c.expires_at > _NOW, account.c.state == "active")

_STANDS: Statement[Any] = Statement(
    select(sign_in.c.id)
    .join(account, account.c.id == sign_in.c.account_id)
    .where(
        sign_in.c.id == bindparam("family_id"),
        account.c.id == bindparam("account_id"),
        account.c.version == bindparam("version"),
        _LIVE,
    )
)

_WHO = (
    select(
        account.c.id,
        account.c.person_no,
        account.c.display_name,
        account.c.version,
        sign_in.c.id.label("family_id"),
        sign_in.c.expires_at,
        role_grant.c.role,
        role_grant.c.scope,
        role_grant.c.valid_until,
    )
    .join(account, account.c.id == sign_in.c.account_id)
    .outerjoin(
        role_grant,
        and_(
            role_grant.c.account_id == account.c.id,
            role_grant.c.ended_at.is_(None),
            role_grant.c.valid_from <= _NOW,
            or_(role_grant.c.valid_until.is_(None), role_grant.c.valid_until > _NOW),
        ),
    )
    .where(_LIVE)
)
_BY_SECRET: Statement[Any] = Statement(_WHO.where(sign_in.c.secret_hash == bindparam("secret_hash")))
_BY_FAMILY: Statement[Any] = Statement(_WHO.where(sign_in.c.id == bindparam("family_id")))
_LINKS: Statement[Any] = Statement(
    select(person_link.c.person).where(
        person_link.c.account_id == bindparam("account_id"), person_link.c.ended_at.is_(None)
    )
)


def stands(tx: Transaction, *, family_id: int, account_id: int, version: int, now: datetime) -> bool:
    """Whether a sign-in is live, its account active and unchanged since the token was made."""
    return tx.first(_STANDS, family_id=family_id, account_id=account_id, version=version, now=now) is not None


def by_secret(tx: Transaction, service: Service, secret: str, now: datetime) -> Standing | None:
    """The live browser session with this secret."""
    standing = _standing(tx, service, tx.all(_BY_SECRET, secret_hash=digest(secret), now=now))
    return None if standing is None else replace(standing, actor=replace(standing.actor, via="session"))


def by_family(tx: Transaction, service: Service, family_id: int, now: datetime) -> Standing | None:
    """The live sign-in with this id."""
    return _standing(tx, service, tx.all(_BY_FAMILY, family_id=family_id, now=now))


def _standing(tx: Transaction, service: Service, rows: list[Any]) -> Standing | None:
    if not rows:
        return None
    first = rows[0]
    person = f"{service}:{first.person_no}"
    grants: dict[str, set[str]] = {}
    for row in rows:
        if row.role is not None:
            grants.setdefault(row.role, set()).add(row.scope)
    linked: Iterable[str] = (link.person for link in tx.all(_LINKS, account_id=first.id))
    actor = Actor(
        person,
        service,
        first.display_name,
        {role: frozenset(scopes) for role, scopes in grants.items()},
        frozenset({person, *linked}),
        first.id,
        first.family_id,
    )
    ends = [row.valid_until for row in rows if row.valid_until is not None]
    return Standing(actor, first.version, first.expires_at, min([first.expires_at, *ends]))


class Ledger:
    """The ledger of our own accounts, as the authenticator asks it."""

    def __init__(self, service: Service, database: Database) -> None:
        self._service = service
        self._database = database

    async def stands(self, actor: Actor, version: int, now: datetime) -> bool:
        """Whether the sign-in behind an access token of ours still stands."""
        assert actor.family_id is not None
        assert actor.account_id is not None
        return await self._database.read(
            stands, family_id=actor.family_id, account_id=actor.account_id, version=version, now=now
        )

    async def session(self, secret: str, now: datetime) -> Standing | None:
        """The live browser session with this secret."""
        return await self._database.read(by_secret, self._service, secret, now)
