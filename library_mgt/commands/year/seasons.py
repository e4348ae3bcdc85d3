"""The rhythm of a university's year: terms, exams and vacations, weekdays, and the days on which nobody works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from library_mgt.models.request.calendar import WeekdayHours, WeekPut

Kind = Literal["start of term", "term", "exams", "vacation"]
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of the year from a day on; `demand` is how much is borrowed, beside an ordinary day of a term."""

    month: int
    day: int
    kind: Kind
    demand: float


SEASONS = (
    Season(1, 7, "term", 1.0),
    Season(1, 25, "exams", 1.5),
    Season(2, 18, "vacation", 0.35),
    Season(4, 8, "start of term", 1.8),
    Season(4, 29, "term", 1.0),
    Season(7, 4, "exams", 1.5),
    Season(7, 27, "vacation", 0.3),
    Season(10, 8, "start of term", 1.9),
    Season(10, 30, "term", 1.0),
    Season(12, 20, "vacation", 0.35),
)
WEEKDAYS = (1.2, 1.15, 1.1, 1.05, 0.9, 0.5, 0.0)
"""How busy each weekday is, from Monday."""
HOLIDAYS = ((1, 6, "Epiphany"), (5, 1, "Labour Day"), (10, 3, "National holiday"), (11, 1, "All Saints"))
"""Month, day and reason."""
WINTER_BREAK = ((12, 24), (1, 1))
HOURS = WeekPut(
    hours=[
        *(WeekdayHours(weekday=weekday, opens=time(9), closes=time(20)) for weekday in range(5)),
        WeekdayHours(weekday=5, opens=time(10), closes=time(16)),
    ]
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days, both of them included, and what they are."""

    first: date
    last: date
    what: str


def season(day: date) -> Season:
    """The season that a day lies in."""
    begun = [one for one in SEASONS if (one.month, one.day) <= (day.month, day.day)]
    return (begun or SEASONS)[-1]


def demand(day: date) -> float:
    """How much is borrowed on a day, beside an average open day of a term."""
    return season(day).demand * WEEKDAYS[day.weekday()]


def days_of(first: date, last: date) -> list[date]:
    """The days from one to the other, both included."""
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def stretches(first: date, last: date) -> list[Stretch]:
    """The seasons of a time, in their order."""
    found: list[Stretch] = []
    for day in days_of(first, last):
        kind = season(day).kind
        if found and found[-1].what == kind:
            found[-1] = Stretch(found[-1].first, day, kind)
        else:
            found.append(Stretch(day, day, kind))
    return found


def holidays(first: date, last: date) -> Sequence[Stretch]:
    """The days of a time on which the law closes the library."""
    names = {(month, day): reason for month, day, reason in HOLIDAYS}
    return [
        Stretch(day, day, names[day.month, day.day]) for day in days_of(first, last) if (day.month, day.day) in names
    ]


def winter_break(first: date, last: date) -> Stretch | None:
    """The days between the years that lie in a time, if any do."""
    (month, day), (end_month, end_day) = WINTER_BREAK
    for year in range(first.year - 1, last.year + 1):
        begins, ends = max(first, date(year, month, day)), min(last, date(year + 1, end_month, end_day))
        if begins <= ends:
            return Stretch(begins, ends, "Between the years")
    return None
