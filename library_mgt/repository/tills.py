"""SQL about tills, and the sessions in which they take money."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, literal_column, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.domain.money import RECEIPTED
from library_mgt.models.data.base import labelled, word, words
from library_mgt.models.data.fees import Count, Taken, TillSession, TillView, fee_line, till, till_count, till_session
from library_mgt.repository.fees import total

_DERIVED = {
    "session_id": till_session.c.id,
    "opened_at": till_session.c.opened_at,
    "opened_by": till_session.c.opened_by,
    "float_minor": till_session.c.float_minor,
}
_VIEW = select(*labelled(TillView.__dataclass_fields__, till, _DERIVED)).select_from(
    till.outerjoin(till_session, (till_session.c.till == till.c.code) & till_session.c.closed_at.is_(None))
)
_ALL = Statement(_VIEW.order_by(till.c.name, till.c.code), TillView)
_BY_CODE = Statement(_VIEW.where(till.c.code == bindparam("code")), TillView)
_LOCK = Statement(select(till.c.code).where(till.c.code == bindparam("code")).with_for_update())
_NEXT = Statement(
    update(till)
    .values(last_receipt=till.c.last_receipt + 1)
    .where(till.c.code == bindparam("code"))
    .returning(till.c.last_receipt)
)
_ADD = Statement(insert_into(till, omit=()))
_RENAME = Statement(
    update(till)
    .values(name=bindparam("new_name"), location=bindparam("new_location"))
    .where(till.c.code == bindparam("code"))
)
_OPEN = Statement(insert_into(till_session, returning=("id",)))
_CLOSE = Statement(
    update(till_session)
    .values(closed_at=bindparam("now", type_=Instant), closed_by=bindparam("by"))
    .where(till_session.c.id == bindparam("id"))
)
_COUNT = Statement(insert_into(till_count, omit=()))
_SESSIONS = Statement(
    select(*labelled(TillSession.__dataclass_fields__, till_session, {}))
    .where(
        till_session.c.till == bindparam("code"),
        till_session.c.opened_at >= bindparam("since", type_=Instant),
        till_session.c.opened_at < bindparam("before", type_=Instant),
    )
    .order_by(till_session.c.opened_at),
    TillSession,
)
_IN = fee_line.c.kind == word("PAYMENT")
_ONE: ColumnElement[int] = literal_column("1")
_NONE: ColumnElement[int] = literal_column("0")
_TAKEN = Statement(
    select(
        fee_line.c.till_session_id.label("session_id"),
        fee_line.c.method,
        total(case((_IN, _ONE), else_=_NONE)).label("payments"),
        total(case((_IN, -fee_line.c.amount_minor), else_=_NONE)).label("paid_minor"),
        total(case((_IN, _NONE), else_=_ONE)).label("refunds"),
        total(case((_IN, _NONE), else_=fee_line.c.amount_minor)).label("refunded_minor"),
    )
    .where(fee_line.c.till_session_id == bindparam("session_id"), fee_line.c.kind.in_(words(RECEIPTED)))
    .group_by(fee_line.c.till_session_id, fee_line.c.method)
    .order_by(fee_line.c.method),
    Taken,
)
_COUNTS = Statement(
    select(*till_count.c).where(till_count.c.session_id == bindparam("session_id")).order_by(till_count.c.method), Count
)


def listed(tx: Transaction) -> list[TillView]:
    """Every till, by name."""
    return tx.all(_ALL)


def find(tx: Transaction, code: str) -> TillView | None:
    """The till with the code."""
    return tx.first(_BY_CODE, code=code)


def locked(tx: Transaction, code: str) -> TillView | None:
    """The till, locked; what is asked of it afterwards stays so until the unit of work ends."""
    return find(tx, code) if tx.scalar(_LOCK, code=code) is not None else None


def next_receipt(tx: Transaction, code: str) -> int:
    """The next receipt's number. It is taken with the unit of work, so that none is missing."""
    number: int = tx.scalar(_NEXT, code=code)
    return number


def add(tx: Transaction, code: str, name: str, location: str) -> None:
    """A new till, closed."""
    tx.run(_ADD, code=code, name=name, location=location, last_receipt=0)


def rename(tx: Transaction, code: str, name: str, location: str) -> bool:
    """Give a till another name and place; whether there is one."""
    return bool(tx.run(_RENAME, code=code, new_name=name, new_location=location))


def open_session(tx: Transaction, code: str, *, float_minor: int, by: str, now: datetime) -> int:
    """Let a till take money from now on; answers the session."""
    values: dict[str, Any] = {"closed_at": None, "closed_by": None}
    made: int = tx.scalar(_OPEN, till=code, opened_at=now, opened_by=by, float_minor=float_minor, **values)
    return made


def close_session(tx: Transaction, session_id: int, counts: Iterable[Count], *, by: str, now: datetime) -> None:
    """Let a till take no more, and keep what was counted."""
    rows = [
        {
            "session_id": count.session_id,
            "method": count.method,
            "expected_minor": count.expected_minor,
            "counted_minor": count.counted_minor,
            "reason": count.reason,
        }
        for count in counts
    ]
    tx.run_many(_COUNT, rows)
    tx.run(_CLOSE, id=session_id, by=by, now=now)


def sessions(tx: Transaction, code: str, *, since: datetime, before: datetime) -> list[TillSession]:
    """The sessions that a till was opened for between two instants."""
    return tx.all(_SESSIONS, code=code, since=since, before=before)


def taken(tx: Transaction, session_id: int) -> list[Taken]:
    """What came in and went out in a session, by method."""
    return tx.all(_TAKEN, session_id=session_id)


def counts(tx: Transaction, session_id: int) -> list[Count]:
    """What was counted at the end of a session."""
    return tx.all(_COUNTS, session_id=session_id)
