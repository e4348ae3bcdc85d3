"""One-time codes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.accounts.domain import Purpose
from configuration.kit.features.accounts.tables import one_time_code
from configuration.kit.security.standing import digest


@dataclass(frozen=True, slots=True)
class Code:
    """A live one-time code, as it is stored."""

    id: int
    account_id: int
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    tries: int
    code_hash: str = field(repr=False)


_OF = (
    one_time_code.c.account_id == bindparam("account_id"),
    one_time_code.c.purpose == bindparam("purpose"),
    one_time_code.c.ended_at.is_(None),
)
_LIVE = Statement(
    select(*[one_time_code.c[name] for name in Code.__dataclass_fields__]).where(
        *_OF, one_time_code.c.expires_at > bindparam("now", type_=Instant)
    ),
    Code,
)
_LOCK: Statement[Any] = Statement(select(one_time_code.c.id).where(*_OF).with_for_update())
_INSERT: Statement[Any] = Statement(insert_into(one_time_code, omit=("id", "ended_at", "ended_how")))
_END: Statement[Any] = Statement(
    update(one_time_code)
    .where(
        one_time_code.c.account_id == bindparam("account"),
        one_time_code.c.purpose == bindparam("which"),
        one_time_code.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now", type_=Instant), ended_how=bindparam("how"))
)
_COUNT: Statement[Any] = Statement(
    update(one_time_code).where(one_time_code.c.id == bindparam("code_id")).values(tries=one_time_code.c.tries + 1)
)


def lock_live(tx: Transaction, account_id: int, purpose: Purpose, now: datetime) -> Code | None:
    """The account's live code, once nobody else is trying it."""
    tx.first(_LOCK, account_id=account_id, purpose=purpose)
    return tx.first(_LIVE, account_id=account_id, purpose=purpose, now=now)


def add(
    tx: Transaction, account_id: int, purpose: Purpose, code: str, *, expires_at: datetime, by: str, now: datetime
) -> None:
    """A new code; it takes the place of an earlier one."""
    end(tx, account_id, purpose, how="superseded", now=now)
    tx.run(
        _INSERT,
        account_id=account_id,
        purpose=purpose,
        code_hash=digest(code),
        issued_at=now,
        issued_by=by,
        expires_at=expires_at,
        tries=0,
    )


def end(tx: Transaction, account_id: int, purpose: Purpose, *, how: str, now: datetime) -> None:
    """The account's code of this purpose is used up."""
    tx.run(_END, account=account_id, which=purpose, how=how, now=now)


def count_try(tx: Transaction, code_id: int) -> None:
    """A wrong try."""
    tx.run(_COUNT, code_id=code_id)
