"""When locations are open: weekly hours and days that differ. Closing days, which moves due dates, is in `closures`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from configuration.kit.database import Transaction
from configuration.kit.errors import VersionMismatch
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.calendar import ALL_DAY, Hours
from library_mgt.errors import DayHasHours, LocationNotFound
from library_mgt.models.data.calendars import CalendarView, DayView
from library_mgt.models.request.calendar import DayPut, WeekPut
from library_mgt.repository import calendars

EVERY_DAY: Mapping[int, Hours] = dict.fromkeys(range(7), ALL_DAY)
"""What holds where nothing is configured, once something has to be."""


@dataclass(frozen=True, slots=True)
class WeekdayView:
    """The hours of one weekday; 0 is Monday."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """A location with its weekly hours."""

    location: str
    name: str
    zone: str | None
    version: int
    hours: tuple[WeekdayView, ...]


def calendars_listed(tx: Transaction, *, after: str = "", limit: int = 50) -> list[CalendarView]:
    """Locations by their code."""
    return calendars.page(tx, after=after, limit=limit)


def calendar_record(tx: Transaction, location: str) -> CalendarRecord:
    """A location with its weekly hours."""
    view = _view(tx, location)
    week = calendars.hours(tx, location)
    hours = tuple(WeekdayView(weekday, one.opens, one.closes) for weekday, one in week.items())
    return CalendarRecord(view.location, view.name, view.zone, view.version, hours)


def days_listed(tx: Transaction, location: str, *, after: date = date.min, limit: int = 50) -> list[DayView]:
    """Days that differ from their weekdays, later than `after`."""
    _view(tx, location)
    return calendars.days(tx, location, after=after, limit=limit)


def set_week(
    tx: Transaction, location: str, week: WeekPut, *, version: int, by: Actor, now: datetime
) -> CalendarRecord:
    """Write the weekly hours. They count for what is lent from now on; a due date that stands is not moved by them."""
    present = seen(tx, location, version)
    calendars.touch(tx, present, by=by.person, now=now)
    calendars.set_hours(tx, location, {one.weekday: Hours(one.opens, one.closes) for one in week.hours})
    facts = {str(one.weekday): f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in week.hours}
    audit.record(tx, "calendar.week", f"calendar:{location}", by=by, now=now, facts=facts)
    return calendar_record(tx, location)


def set_day(
    tx: Transaction, location: str, day: date, opening: DayPut, *, version: int, by: Actor, now: datetime
) -> CalendarRecord:
    """Give a day other hours than its weekday's."""
    configured(tx, seen(tx, location, version), by=by, now=now)
    _not_by_closure(tx, location, day)
    calendars.drop_day(tx, location, day)
    calendars.add_day(tx, location, day, Hours(opening.opens, opening.closes), opening.reason)
    facts = {"day": day.isoformat(), "hours": f"{opening.opens:%H:%M}-{opening.closes:%H:%M}"}
    audit.record(tx, "calendar.day", f"calendar:{location}", by=by, now=now, facts=facts)
    return calendar_record(tx, location)


def clear_day(tx: Transaction, location: str, day: date, *, version: int, by: Actor, now: datetime) -> CalendarRecord:
    """Let a day be as its weekday is. Asking twice is harmless."""
    present = seen(tx, location, version)
    _not_by_closure(tx, location, day)
    if calendars.drop_day(tx, location, day):
        calendars.touch(tx, present, by=by.person, now=now)
        audit.record(tx, "calendar.day", f"calendar:{location}", by=by, now=now, facts={"day": day.isoformat()})
    return calendar_record(tx, location)


def configured(tx: Transaction, present: CalendarView, *, by: Actor, now: datetime) -> None:
    """Another version of a location's calendar; its first says that it is open all day, as it was."""
    calendars.touch(tx, present, by=by.person, now=now)
    if present.version == 0:
        calendars.set_hours(tx, present.location, EVERY_DAY)


def seen(tx: Transaction, location: str, version: int | None = None) -> CalendarView:
    """The location, locked against other changes of its hours; refused when it is not at the version that was seen."""
    _view(tx, location)
    calendars.lock(tx, location)
    present = _view(tx, location)
    if version is not None and present.version != version:
        raise VersionMismatch(f"The calendar is at version {present.version} now; look at it again.")
    return present


def _view(tx: Transaction, location: str) -> CalendarView:
    found = calendars.of_location(tx, location)
    if found is None:
        raise LocationNotFound()
    return found


def _not_by_closure(tx: Transaction, location: str, day: date) -> None:
    for one in calendars.days_between(tx, location, day, day):
        if one.closure_id is not None:
            raise DayHasHours(f"A closure closes it, {one.reason}; undo the closure, which moves due dates back.")
