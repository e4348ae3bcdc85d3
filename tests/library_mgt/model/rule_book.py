"""The rule book: values by place, group and type; weekdays on which places are closed; days counted from both."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Rule:
    """The values that decide, by the names they have in the rule book."""

    loan_period: int = 28
    closed_days: str = "KEEP"
    loanable: bool = True
    max_loans: int = 2
    max_requests: int = 3
    requests_allowed: bool = True
    auto_approve: bool = False
    pickup_days: int = 7
    block_overdue: int = 2
    renewals: int = 1
    renewal_period: int = 14
    renewal_from: str = "due"
    recall_allowed: bool = True
    recall_guarantee_days: int = 7
    recall_interval_days: int = 3
    fine_minor: int = 50
    fine_unit: str = "day"
    fine_grace_days: int = 0
    fine_cap_minor: int = 1000
    fine_closed_days: bool = True
    lost_fee_minor: int = 500
    block_debt_minor: int = 2000


@dataclass(frozen=True)
class Row:
    """Other values for a place, a group of readers, a type of copies; `None` leaves one of them open."""

    location: str | None
    group: str | None
    kind: str | None
    values: Mapping[str, Any]

    def holds(self, location: str | None, group: str | None, kind: str | None) -> bool:
        """Whether it says anything about them."""
        return self.location in (None, location) and self.group in (None, group) and self.kind in (None, kind)


@dataclass
class RuleBook:
    """The rule for all, the rows beside it, and when each place is closed: on weekdays (0 is Monday), on days."""

    for_all: Rule
    rows: list[Row] = field(default_factory=list)
    closed: dict[str, frozenset[int]] = field(default_factory=dict)
    closed_days: dict[str, frozenset[date]] = field(default_factory=dict)

    def rule(self, location: str | None, group: str | None, kind: str | None) -> Rule:
        """Each value from the most specific row that sets it: the place counts before the group, that before the type.

        Laid over each other from the least specific to the most.
        """
        found = self.for_all
        for row in sorted(self.rows, key=lambda one: (bool(one.location), bool(one.group), bool(one.kind))):
            found = replace(found, **row.values) if row.holds(location, group, kind) else found
        return found

    def is_open(self, location: str, day: date) -> bool:
        """Whether the place opens that day."""
        return day.weekday() not in self.closed.get(location, ()) and day not in self.closed_days.get(location, ())

    def open_days(self, location: str, first: date, last: date) -> int:
        """How many days it opens from the first to the last."""
        return sum(self.is_open(location, first + place * DAY) for place in range((last - first).days + 1))

    def open_day(self, location: str, day: date, step: timedelta = DAY) -> date:
        """The day, or the next open one; the one before with a step back."""
        while not self.is_open(location, day):
            day += step
        return day

    def due(self, start: datetime, days: int, closed_days: str, location: str, until: date | None) -> datetime:
        """The end of the day so many days later, moved as the rule for closed days says, and not past a last day.

        Never in the past of where it is counted from: then it is the first end of a day after that.
        """
        first = day_of(start)
        day = self._moved(first + days * DAY, closed_days, location)
        if until is not None and day > until:
            day = until if closed_days == "KEEP" else self.open_day(location, until, -DAY)
        while last_second(day) <= start:
            day = max(day + DAY, first)
            day = day if closed_days == "KEEP" else self.open_day(location, day)
        return last_second(day)

    def shelved_until(self, now: datetime, days: int, location: str) -> datetime:
        """The end of so many open days after today."""
        day = self.open_day(location, day_of(now)) if days == 0 else day_of(now)
        for _ in range(days):
            day = self.open_day(location, day + DAY)
        return last_second(day) if last_second(day) > now else last_second(self.open_day(location, day + DAY))

    def fine(self, rule: Rule, due_at: datetime, until: datetime, location: str, price: int | None) -> int:
        """What a delay costs: gone through day by day, from the day it was due to the day it ends.

        Nothing within the grace; after that everything from the beginning, up to the cap and the price.
        """
        days, late, day = 0, timedelta(), day_of(due_at)
        while day <= day_of(until):
            if rule.fine_closed_days or self.is_open(location, day):
                days += day > day_of(due_at)
                late += max(timedelta(), min(until, first_second(day + DAY)) - max(due_at, first_second(day)))
            day += DAY
        if 0 < rule.fine_grace_days >= days:
            return 0
        begun = days if rule.fine_unit == "day" else -(-late // HOUR)
        return min(begun * rule.fine_minor, rule.fine_cap_minor, rule.fine_cap_minor if price is None else price)

    def _moved(self, day: date, closed_days: str, location: str) -> date:
        if closed_days == "KEEP" or self.is_open(location, day):
            return day
        return self.open_day(location, day, -DAY if closed_days == "PREVIOUS_OPEN" else DAY)


def day_of(moment: datetime) -> date:
    """The day at the library."""
    return moment.astimezone(ZONE).date()


def last_second(day: date) -> datetime:
    """When a day ends at the library."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZONE).astimezone(UTC)


def first_second(day: date) -> datetime:
    """When a day begins at the library."""
    return datetime.combine(day, time(), tzinfo=ZONE).astimezone(UTC)
