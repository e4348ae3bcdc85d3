"""When a location is open: weekly hours and the days that differ, as plain look-ups without I/O.

`Calendar` is what `lending.due`, `requesting.pickup_until` and `fines.overdue_fine` take; `always_open(zone)` stands
for a location whose hours nobody has configured. A day is one of the location's zone, an instant is UTC.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType

from configuration.kit.days import LAST_SECOND, end_of_day, instant, local_day, start_of_day

FARTHEST = 366
"""How many days are looked through for an open one."""

_DAY = timedelta(days=1)


class NoOpenDay(ValueError):
    """The location has no open day within `FARTHEST` days of `day`."""

    def __init__(self, day: date) -> None:
        super().__init__(f"There is no open day within {FARTHEST} days of {day.isoformat()}.")
        self.day = day


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when a location is open on a day, as its wall clock shows."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("It closes after it opens")


ALL_DAY = Hours(time.min, LAST_SECOND)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of a location.

    `weekly` has the hours of Monday to Sunday, `None` for a day it is closed; `exceptions` the days on which other
    hours hold, or none.
    """

    zone: tzinfo
    weekly: Sequence[Hours | None]
    exceptions: Mapping[date, Hours | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("A week has seven days")
        object.__setattr__(self, "weekly", tuple(self.weekly))
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def hours(self, day: date) -> Hours | None:
        """The hours of a day; `None` when it is closed."""
        return self.exceptions[day] if day in self.exceptions else self.weekly[day.weekday()]

    def is_open(self, day: date) -> bool:
        """Whether it opens at all on that day."""
        return self.hours(day) is not None

    def closing(self, day: date) -> datetime | None:
        """When it closes on that day; `None` when it is closed all day."""
        hours = self.hours(day)
        return instant(datetime.combine(day, hours.closes), self.zone) if hours else None

    def last_closing(self, moment: datetime) -> datetime:
        """When it closed last until the moment. Raises `NoOpenDay`."""
        today = self.day_of(moment)
        for place in range(FARTHEST + 1):
            closed = self.closing(today - place * _DAY)
            if closed is not None and closed <= moment:
                return closed
        raise NoOpenDay(today)

    def next_open(self, day: date) -> date:
        """The day itself if it is open, else the first open one after it. Raises `NoOpenDay`."""
        return self._open(day, _DAY, FARTHEST)

    def previous_open(self, day: date) -> date:
        """The day itself if it is open, else the last open one before it. Raises `NoOpenDay`."""
        return self._open(day, -_DAY, FARTHEST)

    def same_weekday_open(self, day: date) -> date:
        """The day itself if it is open, else the first open one whole weeks after it. Raises `NoOpenDay`.

        Of a weekday that is never open in an ordinary week it is simply the next open day.
        """
        regular = self.weekly[day.weekday()] is not None
        return self._open(day, 7 * _DAY, FARTHEST // 7) if regular else self.next_open(day)

    def open_days_later(self, day: date, count: int) -> date:
        """The open day that is the `count`-th after `day`; with none to count, `next_open(day)`. Raises `NoOpenDay`."""
        found = day if count else self.next_open(day)
        for _ in range(count):
            found = self.next_open(found + _DAY)
        return found

    def open_days_between(self, first: date, last: date) -> int:
        """How many open days there are after `first` up to `last`, this one included; none when it is not later."""
        span = (last - first).days
        if span <= 0:
            return 0
        weeks, rest = divmod(span, 7)
        regular = [hours is not None for hours in self.weekly]
        days = weeks * sum(regular) + sum(regular[(first.weekday() + place) % 7] for place in range(1, rest + 1))
        for day, hours in self.exceptions.items():
            if first < day <= last:
                days += (hours is not None) - regular[day.weekday()]
        return days

    def closed_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two instants lies on days that are closed."""
        closed = timedelta()
        day, last = self.day_of(start), self.day_of(end)
        while day <= last:
            if not self.is_open(day):
                begins, ends = start_of_day(day, self.zone), start_of_day(day + _DAY, self.zone)
                closed += max(timedelta(), min(end, ends) - max(start, begins))
            day += _DAY
        return closed

    def day_of(self, moment: datetime) -> date:
        """The day an instant falls on. Of two instants the later never has the earlier day.

        Where the clocks go back over midnight, a minute of the new day is followed by an hour of the old one: that
        minute still counts to the old day, as `end_of_day` has it.
        """
        day = local_day(moment, self.zone)
        return day if moment >= start_of_day(day, self.zone) else day - _DAY

    def end_of(self, day: date) -> datetime:
        """The last second of a day."""
        return end_of_day(day, self.zone)

    def _open(self, day: date, step: timedelta, most: int) -> date:
        with suppress(OverflowError):  # Beyond the first and the last day that dates can name, nothing is open.
            for place in range(most + 1):
                if self.is_open(day + place * step):
                    return day + place * step
        raise NoOpenDay(day)


def always_open(zone: tzinfo = UTC) -> Calendar:
    """A calendar without a closed day, each open until its last second."""
    return Calendar(zone, (ALL_DAY,) * 7)
