"""What a closure moves: due dates and ready-until that would fall on days now closed. Never to an earlier day."""

from datetime import date, datetime

from library_mgt.domain.calendar import Calendar
from library_mgt.domain.policy import Policy


def with_closed(calendar: Calendar, days: list[date]) -> Calendar:
    """The calendar with these days closed as well."""
    return Calendar(calendar.zone, calendar.weekly, {**calendar.exceptions, **dict.fromkeys(days)})


def moved_due(policy: Policy, due_at: datetime, calendar: Calendar) -> datetime | None:
    """Where a due date goes that lies on a closed day; `None` when it stays.

    A reader was promised the day: where the rule would go back to an earlier one, it is the next open day all the same.
    Raises `NoOpenDay`.
    """
    day = calendar.day_of(due_at)
    if policy.closed_days == "KEEP" or calendar.is_open(day):
        return None
    later = calendar.same_weekday_open(day) if policy.closed_days == "NEXT_SAME_WEEKDAY" else calendar.next_open(day)
    return calendar.end_of(later) if policy.loan_unit == "days" else calendar.closing(later)


def moved_pickup(ready_until: datetime, today: date, before: Calendar, after: Calendar) -> datetime | None:
    """Until when a copy is kept once some of its open days are closed: as many open days longer; `None` if none is.

    Raises `NoOpenDay`.
    """
    last = before.day_of(ready_until)
    yesterday = date.fromordinal(today.toordinal() - 1)
    lost = before.open_days_between(yesterday, last) - after.open_days_between(yesterday, last)
    return after.end_of(after.open_days_later(last, lost)) if lost > 0 else None
