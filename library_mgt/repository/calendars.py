"""SQL about hours, days that differ, and closures."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, literal_column, or_, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.domain.calendar import Hours
from library_mgt.models.data.base import word
from library_mgt.models.data.calendars import (
    CalendarView,
    ClosureView,
    DayView,
    calendar,
    calendar_exception,
    calendar_hours,
    closure,
    closure_shift,
)
from library_mgt.models.data.reference import location

_NOW = bindparam("now", type_=Instant)
_LOCATIONS = select(
    location.c.code.label("location"),
    location.c.name,
    location.c.zone,
    func.coalesce(calendar.c.version, literal_column("0")).label("version"),
).select_from(location.outerjoin(calendar, calendar.c.location == location.c.code))
_ONE = Statement(_LOCATIONS.where(location.c.code == bindparam("location")), CalendarView)
_LOCK_LOCATION = Statement(select(location.c.code).where(location.c.code == bindparam("location")).with_for_update())
_HOURS = Statement(
    select(calendar_hours.c.weekday, calendar_hours.c.opens, calendar_hours.c.closes)
    .where(calendar_hours.c.location == bindparam("location"))
    .order_by(calendar_hours.c.weekday)
)
_ADD = Statement(insert_into(calendar))
_TOUCH = Statement(
    update(calendar)
    .values(version=calendar.c.version + 1, changed_at=_NOW, changed_by=bindparam("person"))
    .where(calendar.c.location == bindparam("place"))
)
_DROP_HOURS = Statement(delete(calendar_hours).where(calendar_hours.c.location == bindparam("location")))
_ADD_HOURS = Statement(insert_into(calendar_hours))
_DAYS = (
    select(*(calendar_exception.c[name] for name in DayView.__dataclass_fields__))
    .where(calendar_exception.c.location == bindparam("location"), calendar_exception.c.day > bindparam("after_day"))
    .order_by(calendar_exception.c.day)
)
_BETWEEN = Statement(
    select(*(calendar_exception.c[name] for name in DayView.__dataclass_fields__))
    .where(
        calendar_exception.c.location == bindparam("location"),
        calendar_exception.c.day.between(bindparam("first"), bindparam("last")),
    )
    .order_by(calendar_exception.c.day),
    DayView,
)
_DROP_DAY = Statement(
    delete(calendar_exception).where(
        calendar_exception.c.location == bindparam("location"), calendar_exception.c.day == bindparam("day")
    )
)
_ADD_DAY = Statement(insert_into(calendar_exception))
_REOPEN = Statement(delete(calendar_exception).where(calendar_exception.c.closure_id == bindparam("closure_id")))
_CLOSURE = select(*(closure.c[name] for name in ClosureView.__dataclass_fields__))
_CLOSURE_BY_ID = Statement(_CLOSURE.where(closure.c.id == bindparam("id")), ClosureView)
_LOCK_CLOSURE = Statement(_CLOSURE.where(closure.c.id == bindparam("id")).with_for_update(), ClosureView)
_ADD_CLOSURE = Statement(insert_into(closure, returning=("id",)))
_MOVE_CLOSURE = Statement(
    update(closure)
    .values(
        state=bindparam("new_state"),
        version=closure.c.version + 1,
        applied_at=func.coalesce(bindparam("new_applied_at", type_=Instant), closure.c.applied_at),
        undone_at=func.coalesce(bindparam("new_undone_at", type_=Instant), closure.c.undone_at),
    )
    .where(closure.c.id == bindparam("closure_id"))
)
_UNSETTLED = Statement(
    select(closure.c.id)
    .where(
        or_(
            and_(closure.c.state == word("APPLIED"), closure.c.last_day >= bindparam("today")),
            and_(
                closure.c.state == word("UNDONE"),
                select(literal_column("1"))
                .where(closure_shift.c.closure_id == closure.c.id, closure_shift.c.undone.is_(None))
                .exists(),
            ),
        )
    )
    .order_by(closure.c.id)
)


@cache
def _page(limit: int) -> Statement[CalendarView]:
    return Statement(
        _LOCATIONS.where(location.c.code > bindparam("after"))
        .order_by(location.c.code)
        .limit(literal_column(str(limit))),
        CalendarView,
    )


@cache
def _days(limit: int) -> Statement[DayView]:
    return Statement(_DAYS.limit(literal_column(str(limit))), DayView)


@cache
def _closures(limit: int) -> Statement[ClosureView]:
    return Statement(
        _CLOSURE.where(closure.c.location == bindparam("location"), closure.c.id < bindparam("before"))
        .order_by(closure.c.id.desc())
        .limit(literal_column(str(limit))),
        ClosureView,
    )


def page(tx: Transaction, *, after: str, limit: int) -> list[CalendarView]:
    """Locations by their code."""
    return tx.all(_page(limit), after=after)


def of_location(tx: Transaction, code: str) -> CalendarView | None:
    """A location and whether it has hours."""
    return tx.first(_ONE, location=code)


def lock(tx: Transaction, code: str) -> None:
    """One change of a location's hours at a time."""
    tx.run(_LOCK_LOCATION, location=code)


def hours(tx: Transaction, code: str) -> dict[int, Hours]:
    """The weekly hours of a location by weekday."""
    return {row.weekday: Hours(row.opens, row.closes) for row in tx.all(_HOURS, location=code)}


def set_hours(tx: Transaction, code: str, week: Mapping[int, Hours]) -> None:
    """Write the weekly hours anew."""
    tx.run(_DROP_HOURS, location=code)
    rows = [
        {"location": code, "weekday": weekday, "opens": one.opens, "closes": one.closes}
        for weekday, one in week.items()
    ]
    tx.run_many(_ADD_HOURS, rows)


def touch(tx: Transaction, present: CalendarView, *, by: str, now: datetime) -> None:
    """Another version of a location's calendar, or its first."""
    if present.version == 0:
        tx.run(_ADD, location=present.location, version=1, changed_at=now, changed_by=by)
    else:
        tx.run(_TOUCH, place=present.location, now=now, person=by)


def days(tx: Transaction, code: str, *, after: date, limit: int) -> list[DayView]:
    """Days that differ, later than `after`."""
    return tx.all(_days(limit), location=code, after_day=after)


def days_between(tx: Transaction, code: str, first: date, last: date) -> list[DayView]:
    """Days that differ, from the first to the last."""
    return tx.all(_BETWEEN, location=code, first=first, last=last)


def drop_day(tx: Transaction, code: str, day: date) -> int:
    """Let a day be as its weekday is; answers how many rows that was."""
    return tx.run(_DROP_DAY, location=code, day=day)


def add_day(tx: Transaction, code: str, day: date, opening: Hours, reason: str) -> None:
    """Other hours on a day."""
    tx.run(_ADD_DAY, location=code, day=day, opens=opening.opens, closes=opening.closes, reason=reason, closure_id=None)


def close_days(tx: Transaction, code: str, closed: Iterable[date], *, closure_id: int, reason: str) -> None:
    """Close days of a closure."""
    shared = {"location": code, "opens": None, "closes": None, "reason": reason, "closure_id": closure_id}
    tx.run_many(_ADD_DAY, [{**shared, "day": day} for day in closed])


def reopen(tx: Transaction, closure_id: int) -> None:
    """Let the days of a closure be as their weekdays are."""
    tx.run(_REOPEN, closure_id=closure_id)


def add_closure(tx: Transaction, **values: Any) -> int:
    """Insert a planned closure; answers its id."""
    new_id: int = tx.scalar(_ADD_CLOSURE, **values, version=1, state="PLANNED", applied_at=None, undone_at=None)
    return new_id


def closure_by_id(tx: Transaction, closure_id: int) -> ClosureView | None:
    """A closure."""
    return tx.first(_CLOSURE_BY_ID, id=closure_id)


def locked_closure(tx: Transaction, closure_id: int) -> ClosureView | None:
    """A closure, locked."""
    return tx.first(_LOCK_CLOSURE, id=closure_id)


def move_closure(tx: Transaction, closure_id: int, state: str, *, now: datetime) -> None:
    """Write the new state of a closure."""
    applied, undone = (now if state == each else None for each in ("APPLIED", "UNDONE"))
    tx.run(_MOVE_CLOSURE, closure_id=closure_id, new_state=state, new_applied_at=applied, new_undone_at=undone)


def unsettled(tx: Transaction, *, today: date) -> list[int]:
    """Closures that may still have something to move: applied and not over, or undone and not moved back whole."""
    return [row.id for row in tx.all(_UNSETTLED, today=today)]


def closures(tx: Transaction, code: str, *, before: int, limit: int) -> list[ClosureView]:
    """The latest closures of a location, before an id."""
    return tx.all(_closures(limit), location=code, before=before)
