"""Sign-ins: families of refresh tokens, and browsers' sessions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.accounts.model import SignIn
from configuration.kit.features.accounts.tables import refresh_token, sign_in
from configuration.kit.security.standing import digest

_INSERT: Statement[Any] = Statement(insert_into(sign_in, returning=("id",), omit=("id", "ended_at", "end_reason")))
_INSERT_TOKEN: Statement[Any] = Statement(insert_into(refresh_token, omit=("id", "used_at", "nonce")))
_LIVE = (sign_in.c.ended_at.is_(None), sign_in.c.expires_at > bindparam("now", type_=Instant))
_MINE = Statement(
    select(sign_in.c.id, sign_in.c.kind, sign_in.c.agent, sign_in.c.started_at, sign_in.c.expires_at)
    .where(sign_in.c.account_id == bindparam("account_id"), sign_in.c.id < bindparam("before"), *_LIVE)
    .order_by(sign_in.c.id.desc())
    .limit(bindparam("limit")),
    SignIn,
)
_ENDED = {"ended_at": bindparam("now", type_=Instant), "end_reason": bindparam("reason")}
_END: Statement[Any] = Statement(
    update(sign_in).where(sign_in.c.id == bindparam("family_id"), sign_in.c.ended_at.is_(None)).values(**_ENDED)
)
_END_MINE: Statement[Any] = Statement(
    update(sign_in)
    .where(
        sign_in.c.id == bindparam("family_id"),
        sign_in.c.account_id == bindparam("account_id"),
        sign_in.c.ended_at.is_(None),
    )
    .values(**_ENDED)
)
_END_ALL: Statement[Any] = Statement(
    update(sign_in)
    .where(
        sign_in.c.account_id == bindparam("account_id"),
        sign_in.c.id != bindparam("but"),
        sign_in.c.ended_at.is_(None),
    )
    .values(**_ENDED)
)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A stored refresh token."""

    id: int
    sign_in_id: int
    generation: int
    expires_at: datetime
    used_at: datetime | None
    nonce: str | None = field(repr=False)


_TOKEN_COLUMNS = [refresh_token.c[name] for name in RefreshToken.__dataclass_fields__]
_LOCK_TOKEN = Statement(
    select(refresh_token.c.id).where(refresh_token.c.token_hash == bindparam("token_hash")).with_for_update()
)
_TOKEN = Statement(select(*_TOKEN_COLUMNS).where(refresh_token.c.id == bindparam("id")), RefreshToken)
_USE: Statement[Any] = Statement(
    update(refresh_token)
    .where(refresh_token.c.id == bindparam("token_id"))
    .values(used_at=bindparam("now", type_=Instant), nonce=bindparam("new_nonce"))
)


def start(
    tx: Transaction,
    account_id: int,
    kind: str,
    *,
    agent: str,
    expires_at: datetime,
    now: datetime,
    secret: str | None = None,
) -> int:
    """A new sign-in; `secret` is a browser's. Answers its id."""
    family: int = tx.scalar(
        _INSERT,
        account_id=account_id,
        kind=kind,
        secret_hash=None if secret is None else digest(secret),
        agent=agent,
        started_at=now,
        expires_at=expires_at,
    )
    return family


def add_token(tx: Transaction, family_id: int, generation: int, token: str, expires_at: datetime) -> None:
    """A refresh token of a sign-in; each generation exists once."""
    tx.run(_INSERT_TOKEN, sign_in_id=family_id, generation=generation, token_hash=digest(token), expires_at=expires_at)


def lock_token(tx: Transaction, token: str) -> RefreshToken | None:
    """The stored form of a refresh token, once nobody else is using it."""
    found = tx.first(_LOCK_TOKEN, token_hash=digest(token))
    return None if found is None else tx.first(_TOKEN, id=found.id)


def use_token(tx: Transaction, token_id: int, nonce: str, now: datetime) -> None:
    """Mark a refresh token as used; its successor is derived with the nonce."""
    tx.run(_USE, token_id=token_id, new_nonce=nonce, now=now)


def live(tx: Transaction, account_id: int, *, before: int, limit: int, now: datetime) -> list[SignIn]:
    """The account's live sign-ins, the latest first."""
    return tx.all(_MINE, account_id=account_id, before=before, limit=limit, now=now)


def end(tx: Transaction, family_id: int, *, reason: str, now: datetime) -> bool:
    """End a sign-in; whether it was live."""
    return tx.run(_END, family_id=family_id, reason=reason, now=now) > 0


def end_of(tx: Transaction, account_id: int, family_id: int, *, reason: str, now: datetime) -> bool:
    """End a sign-in of this account; whether there was one."""
    return tx.run(_END_MINE, family_id=family_id, account_id=account_id, reason=reason, now=now) > 0


def end_all(tx: Transaction, account_id: int, *, but: int = 0, reason: str, now: datetime) -> int:
    """End every sign-in of the account but one; answers how many."""
    return tx.run(_END_ALL, account_id=account_id, but=but, reason=reason, now=now)
