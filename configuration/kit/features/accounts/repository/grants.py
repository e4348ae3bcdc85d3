"""Grants of roles."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.accounts.model import Grant
from configuration.kit.features.accounts.tables import role_grant

_COLUMNS = [role_grant.c[name] for name in Grant.__dataclass_fields__]
_NOW = bindparam("now", type_=Instant)
_NOT_ENDED = (
    role_grant.c.ended_at.is_(None),
    or_(role_grant.c.valid_until.is_(None), role_grant.c.valid_until > _NOW),
)
_OF = Statement(
    select(*_COLUMNS)
    .where(role_grant.c.account_id == bindparam("account_id"), *_NOT_ENDED)
    .order_by(role_grant.c.id)
    .limit(200),
    Grant,
)
_ONE = Statement(
    select(*_COLUMNS).where(
        role_grant.c.account_id == bindparam("account_id"), role_grant.c.id == bindparam("grant_id"), *_NOT_ENDED
    ),
    Grant,
)
_INSERT: Statement[Any] = Statement(
    insert_into(role_grant, returning=("id",), omit=("id", "ended_at", "ended_by", "end_reason"))
)
_BY_ID = Statement(select(*_COLUMNS).where(role_grant.c.id == bindparam("id")), Grant)
_END: Statement[Any] = Statement(
    update(role_grant)
    .where(role_grant.c.id == bindparam("grant_id"), role_grant.c.ended_at.is_(None))
    .values(ended_at=_NOW, ended_by=bindparam("person"), end_reason=bindparam("why"))
)
# A grant that ran out makes room for a new one of the same role and scope.
_CLOSE_EXPIRED: Statement[Any] = Statement(
    update(role_grant)
    .where(
        role_grant.c.account_id == bindparam("account"),
        role_grant.c.ended_at.is_(None),
        role_grant.c.valid_until <= _NOW,
    )
    .values(ended_at=role_grant.c.valid_until, ended_by="its own end date")
)


def of(tx: Transaction, account_id: int, now: datetime) -> list[Grant]:
    """The account's grants that have not ended, those that begin later too."""
    return tx.all(_OF, account_id=account_id, now=now)


def find(tx: Transaction, account_id: int, grant_id: int, now: datetime) -> Grant | None:
    """A grant of the account that has not ended."""
    return tx.first(_ONE, account_id=account_id, grant_id=grant_id, now=now)


def add(
    tx: Transaction,
    account_id: int,
    role: str,
    *,
    scope: str,
    valid_from: datetime,
    valid_until: datetime | None,
    reason: str,
    by: str,
    now: datetime,
) -> Grant:
    """A new grant."""
    tx.run(_CLOSE_EXPIRED, account=account_id, now=now)
    grant_id = tx.scalar(
        _INSERT,
        account_id=account_id,
        role=role,
        scope=scope,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=by,
        granted_at=now,
        reason=reason,
    )
    return tx.one(_BY_ID, id=grant_id)


def end(tx: Transaction, grant_id: int, *, reason: str, by: str, now: datetime) -> bool:
    """End a grant; whether it was live."""
    return tx.run(_END, grant_id=grant_id, person=by, why=reason, now=now) > 0
