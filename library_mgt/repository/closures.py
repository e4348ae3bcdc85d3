"""SQL about what closures move."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.domain.policy import Policy
from library_mgt.models.data.base import word
from library_mgt.models.data.calendars import Shift, closure_shift
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy, copy_barcode
from library_mgt.models.data.loans import circulation_event, loan
from library_mgt.models.data.requests import request

_current = copy_barcode.alias("current")
_IN_USE = _current.c.in_use
_FIRST, _LAST = bindparam("first", type_=Instant), bindparam("last", type_=Instant)
_LOANS = (
    select(loan.c.id, loan.c.due_at, loan.c.policy, title.c.title, _current.c.barcode)
    .select_from(
        loan.join(copy, copy.c.id == loan.c.copy_id)
        .join(title, title.c.id == loan.c.title_id)
        .join(_current, (_current.c.copy_id == copy.c.id) & _IN_USE)
    )
    .where(
        loan.c.state == word("ON_LOAN"),
        copy.c.location == bindparam("location"),
        loan.c.due_at.between(_FIRST, _LAST),
        loan.c.id > bindparam("after"),
    )
    .order_by(loan.c.id)
)
_ready_at = (
    select(func.max(circulation_event.c.at))
    .where(circulation_event.c.request_id == request.c.id, circulation_event.c.kind == word("READY"))
    .scalar_subquery()
)
_moved_already = (
    select(closure_shift.c.id)
    .where(closure_shift.c.request_id == request.c.id, closure_shift.c.closure_id == bindparam("closure_id"))
    .correlate(request)
    .exists()
)
# A due date that was moved lies on an open day, and nothing moves it again. Of how long a copy is kept only this can be
# said: a closure lengthens it once, and never where it was reckoned with the days closed already.
_REQUESTS = (
    select(request.c.id, request.c.ready_until, title.c.title, _current.c.barcode)
    .select_from(
        request.join(title, title.c.id == request.c.title_id).join(
            _current, (_current.c.copy_id == request.c.copy_id) & _IN_USE
        )
    )
    .where(
        request.c.state == word("READY"),
        request.c.pickup_location == bindparam("location"),
        request.c.ready_until >= _FIRST,
        func.coalesce(_ready_at, request.c.requested_at) <= bindparam("until", type_=Instant),
        ~_moved_already,
        request.c.id > bindparam("after"),
    )
    .order_by(request.c.id)
)
_LOCK_LOAN = Statement(
    select(loan.c.state, loan.c.due_at.label("at"), loan.c.version)
    .where(loan.c.id == bindparam("id"))
    .with_for_update()
)
_LOCK_REQUEST = Statement(
    select(request.c.state, request.c.ready_until.label("at"), request.c.version)
    .where(request.c.id == bindparam("id"))
    .with_for_update()
)
_SET_DUE = Statement(
    update(loan)
    .values(due_at=bindparam("new_at", type_=Instant), version=loan.c.version + 1)
    .where(loan.c.id == bindparam("loan_id"))
)
_SET_READY = Statement(
    update(request)
    .values(ready_until=bindparam("new_at", type_=Instant), version=request.c.version + 1)
    .where(request.c.id == bindparam("request_id"))
)
_ADD = Statement(insert_into(closure_shift))
_KEPT = (
    select(
        closure_shift.c.id,
        closure_shift.c.loan_id,
        closure_shift.c.request_id,
        closure_shift.c.was,
        closure_shift.c.becomes,
        closure_shift.c.made_version,
        closure_shift.c.undone,
    )
    .where(closure_shift.c.closure_id == bindparam("closure_id"), closure_shift.c.id > bindparam("after"))
    .order_by(closure_shift.c.id)
)
_MARK = Statement(
    update(closure_shift).values(undone=bindparam("outcome")).where(closure_shift.c.id == bindparam("shift_id"))
)
_SHOWN = (
    select(
        closure_shift.c.id,
        closure_shift.c.loan_id,
        closure_shift.c.request_id,
        title.c.title,
        closure_shift.c.was,
        closure_shift.c.becomes,
        closure_shift.c.undone,
    )
    .select_from(
        closure_shift.outerjoin(loan, loan.c.id == closure_shift.c.loan_id)
        .outerjoin(request, request.c.id == closure_shift.c.request_id)
        .outerjoin(title, title.c.id == func.coalesce(loan.c.title_id, request.c.title_id))
    )
    .where(closure_shift.c.closure_id == bindparam("closure_id"), closure_shift.c.id > bindparam("after"))
    .order_by(closure_shift.c.id)
)


@cache
def _limited(clause: Any, limit: int) -> Statement[Any]:
    return Statement(clause.limit(literal_column(str(limit))))


def loans_due(
    tx: Transaction, location: str, first: datetime, last: datetime, *, after: int, limit: int
) -> list[tuple[int, datetime, Policy, str, str]]:
    """Loans of a location's copies that are due within a time: id, due, rule kept, title, barcode."""
    rows = tx.all(_limited(_LOANS, limit), location=location, first=first, last=last, after=after)
    return [(row.id, row.due_at, Policy.kept(row.policy), row.title, row.barcode) for row in rows]


def requests_ready(
    tx: Transaction, closure_id: int, location: str, since: datetime, *, until: datetime, after: int, limit: int
) -> list[Any]:
    """Requests whose copies lie at a location until some time after `since`, and did so before `until`.

    Those that the closure moved already are left out.
    """
    asked = {"closure_id": closure_id, "location": location, "first": since, "until": until, "after": after}
    return tx.all(_limited(_REQUESTS, limit), **asked)


def shift(tx: Transaction, closure_id: int, moved: Shift) -> bool:
    """Move a due date or a ready-until, unless it is another one by now; whether it was moved."""
    present = _locked(tx, moved.loan_id, moved.request_id)
    if present is None or present.state not in ("ON_LOAN", "READY") or present.at != moved.was:
        return False
    _set(tx, moved.loan_id, moved.request_id, moved.becomes)
    tx.run(
        _ADD, closure_id=closure_id, loan_id=moved.loan_id, request_id=moved.request_id, was=moved.was,
        becomes=moved.becomes, made_version=present.version + 1, undone=None,
    )  # fmt: skip
    return True


def moved_by(tx: Transaction, closure_id: int, *, after: int, limit: int) -> list[Any]:
    """What a closure moved, in order: rows of its shifts."""
    return tx.all(_limited(_KEPT, limit), closure_id=closure_id, after=after)


def unshift(tx: Transaction, row: Any, *, now: datetime) -> bool:
    """Move it back if nothing has changed it since and the time it had is still to come; whether it was moved."""
    present = _locked(tx, row.loan_id, row.request_id)
    same = present is not None and present.version == row.made_version and present.state in ("ON_LOAN", "READY")
    restored = same and row.was > now
    if restored:
        _set(tx, row.loan_id, row.request_id, row.was)
    tx.run(_MARK, shift_id=row.id, outcome="restored" if restored else "kept")
    return bool(restored)


def shifts(tx: Transaction, closure_id: int, *, after: int, limit: int) -> list[tuple[int, Shift]]:
    """What a closure moved, with the id of each row."""
    rows = tx.all(_limited(_SHOWN, limit), closure_id=closure_id, after=after)
    return [
        (row.id, Shift(row.loan_id, row.request_id, row.title, None, row.was, row.becomes, row.undone)) for row in rows
    ]


def _locked(tx: Transaction, loan_id: int | None, request_id: int | None) -> Any:
    return tx.first(_LOCK_LOAN, id=loan_id) if loan_id is not None else tx.first(_LOCK_REQUEST, id=request_id)


def _set(tx: Transaction, loan_id: int | None, request_id: int | None, at: datetime) -> None:
    if loan_id is not None:
        tx.run(_SET_DUE, loan_id=loan_id, new_at=at)
    else:
        tx.run(_SET_READY, request_id=request_id, new_at=at)
