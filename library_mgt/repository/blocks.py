"""SQL about what the staff decided of readers: blocks and groups."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.models.data.patrons import BlockRow, group_choice, patron, patron_block

_HOLDING = (
    patron_block.c.patron_id == bindparam("patron_id"),
    patron_block.c.lifted_at.is_(None),
    or_(patron_block.c.until.is_(None), patron_block.c.until >= bindparam("today", type_=patron_block.c.until.type)),
)
_OF_PATRON = Statement(
    select(
        patron_block.c.id,
        patron_block.c.reason,
        patron_block.c.until,
        patron_block.c.made_at,
        patron_block.c.made_by,
    )
    .where(*_HOLDING)
    .order_by(patron_block.c.id),
    BlockRow,
)
_ADD = Statement(insert_into(patron_block, returning=("id",)))
_LIFT = Statement(
    update(patron_block)
    .values(
        lifted_at=bindparam("now", type_=Instant), lifted_by=bindparam("by"), lift_reason=bindparam("new_lift_reason")
    )
    .where(
        patron_block.c.id == bindparam("id"),
        patron_block.c.patron_id == bindparam("patron_id"),
        patron_block.c.lifted_at.is_(None),
    )
)
_CHOOSE: Statement[Any] = Statement(insert_into(group_choice, omit=()))
_UNCHOOSE: Statement[Any] = Statement(delete(group_choice).where(group_choice.c.patron_id == bindparam("patron_id")))
_SET_GROUP = Statement(
    update(patron)
    .values(group_code=bindparam("new_group"), version=patron.c.version + 1)
    .where(patron.c.id == bindparam("patron_id"))
)


def holding(tx: Transaction, patron_id: int, *, today: date) -> list[BlockRow]:
    """The blocks of a patron that hold on a day, oldest first."""
    return tx.all(_OF_PATRON, patron_id=patron_id, today=today)


def add(tx: Transaction, patron_id: int, reason: str, *, until: date | None, by: str, now: datetime) -> int:
    """Block a patron; answers the block."""
    open_values = {"lifted_at": None, "lifted_by": None, "lift_reason": None}
    made: int = tx.scalar(_ADD, patron_id=patron_id, reason=reason, until=until, made_at=now, made_by=by, **open_values)
    return made


def lift(tx: Transaction, patron_id: int, block_id: int, reason: str, *, by: str, now: datetime) -> bool:
    """Lift one block; whether the patron had it, not lifted yet."""
    return bool(tx.run(_LIFT, id=block_id, patron_id=patron_id, new_lift_reason=reason, by=by, now=now))


def choose_group(tx: Transaction, patron_id: int, group: str, reason: str, *, by: str, now: datetime) -> None:
    """Put a patron into a group, which their home service does not change any more."""
    tx.run(_UNCHOOSE, patron_id=patron_id)
    tx.run(_CHOOSE, patron_id=patron_id, group_code=group, reason=reason, chosen_at=now, chosen_by=by)
    tx.run(_SET_GROUP, patron_id=patron_id, new_group=group)


def leave_group_to_home(tx: Transaction, patron_id: int) -> bool:
    """Let the home service say the group again, from the next time it is asked; whether it was chosen."""
    return bool(tx.run(_UNCHOOSE, patron_id=patron_id))
