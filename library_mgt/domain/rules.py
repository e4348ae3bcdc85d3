"""All the rules of a library at one moment: which holds where for whom, with the hours of each place.

A policy row sets some values for a location, a reader's group and a type of copy, each of which may be left open. Every
value comes from the most specific row that sets it: one that names the location before one that does not, then the
group, then the type. The row for all sets every value, so each has exactly one answer.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from library_mgt.domain import lending, requesting
from library_mgt.domain.calendar import Calendar, Hours, NoOpenDay, always_open
from library_mgt.domain.money import EURO, Currency
from library_mgt.domain.policy import NAMES, Policy


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """The values that one row sets; `None` leaves the location, group or type open."""

    id: int
    location: str | None
    group_code: str | None
    item_type: str | None
    values: Mapping[str, Any]

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        """How specific it is: the location before the group before the type."""
        return (self.location is not None, self.group_code is not None, self.item_type is not None)

    def holds_for(self, location: str | None, group: str | None, item_type: str | None) -> bool:
        """Whether it says anything about this place, group and type; what is not known only open rows cover."""
        return (
            self.location in (None, location)
            and self.group_code in (None, group)
            and self.item_type in (None, item_type)
        )


@dataclass(frozen=True, slots=True)
class Week:
    """What is configured of a location: its weekly hours, the days that differ, and its zone where it has its own."""

    zone: str | None
    hours: Mapping[int, Hours] | None
    exceptions: Mapping[date, Hours | None]


@dataclass(frozen=True, slots=True)
class Conditions:
    """On what conditions something is lent or kept: the rule, the hours of the place, and when the term ends."""

    policy: Policy
    calendar: Calendar
    term_ends: Sequence[date] = ()

    def due(self, loaned_at: datetime, *, until: date | None = None) -> datetime:
        """When a loan made now is due. Raises `NoOpenDay`."""
        term_end = self.term_end(self.calendar.day_of(loaned_at))
        return lending.due(self.policy, loaned_at, self.calendar, term_end=term_end, until=until)

    def renewed(self, due_at: datetime, now: datetime, *, until: date | None = None) -> datetime:
        """When a loan is due once renewed: a renewal period from its due date or from now, as the rule says.

        Where the term or the reader's time here ends before, it stays due as it is. Raises `NoOpenDay`.
        """
        start = due_at if self.policy.renewal_from == "due" else now
        longer = replace(self, policy=replace(self.policy, loan_period=self.policy.renewal_period))
        moved = longer.due(start, until=until)
        last = min((end for end in (self.term_end(self.calendar.day_of(start)), until) if end), default=date.max)
        return moved if self.calendar.day_of(moved) <= last else due_at

    def recalled(self, loaned_at: datetime, due_at: datetime, now: datetime) -> datetime:
        """When a loan is due once recalled: not before its guaranteed days are over and the reader has had notice.

        It is never later than it was. Where the rule moves dates, the day is open. Raises `NoOpenDay`.
        """
        calendar, policy = self.calendar, self.policy
        guaranteed = calendar.day_of(loaned_at) + timedelta(days=policy.recall_guarantee_days)
        warned = calendar.day_of(now) + timedelta(days=policy.recall_interval_days)
        day = max(guaranteed, warned)
        return min(due_at, calendar.end_of(day if policy.closed_days == "KEEP" else calendar.next_open(day)))

    def term_end(self, day: date) -> date | None:
        """The last day of the term that the day lies in; `None` where no later end is known."""
        place = bisect_left(self.term_ends, day)
        return self.term_ends[place] if place < len(self.term_ends) else None

    def pickup_until(self, now: datetime) -> datetime:
        """Until when a copy is kept. Where no open day is in sight the days count as they come.

        A copy that has come back has to go somewhere: that is never refused.
        """
        try:
            return requesting.pickup_until(self.policy, now, self.calendar)
        except NoOpenDay:
            return requesting.pickup_until(self.policy, now, always_open(self.calendar.zone))


class Rules:
    """Every rule in force at one moment. Answers are remembered, so asking again is a look-up."""

    def __init__(
        self,
        rows: Sequence[PolicyRow],
        weeks: Mapping[str, Week],
        terms: Mapping[str, Sequence[date]],
        currency: Currency = EURO,
    ) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: (row.weight, row.id), reverse=True))
        self.weeks = weeks
        self.terms = terms
        self.currency = currency
        self._deciding: dict[tuple[str | None, str | None, str | None], Mapping[str, PolicyRow]] = {}
        self._policies: dict[tuple[str | None, str | None, str | None], Policy] = {}
        self._calendars: dict[tuple[str | None, tzinfo], Calendar] = {}

    def resolve(self, location: str | None, group: str | None, item_type: str | None) -> Mapping[str, PolicyRow]:
        """For each value the row that decides it."""
        asked = (location, group, item_type)
        if asked not in self._deciding:
            holding = [row for row in self.rows if row.holds_for(*asked)]
            self._deciding[asked] = {name: next(row for row in holding if name in row.values) for name in NAMES}
        return self._deciding[asked]

    def policy(self, location: str | None, group: str | None, item_type: str | None) -> Policy:
        """Every value for this place, group and type."""
        asked = (location, group, item_type)
        if asked not in self._policies:
            deciding = self.resolve(*asked)
            self._policies[asked] = Policy(**{name: row.values[name] for name, row in deciding.items()})
        return self._policies[asked]

    def calendar(self, location: str | None, zone: tzinfo) -> Calendar:
        """The hours of a location; its zone is the university's unless it has its own."""
        asked = (location, zone)
        if asked not in self._calendars:
            self._calendars[asked] = _calendar(self.weeks.get(location or ""), zone)
        return self._calendars[asked]

    def conditions(
        self,
        location: str | None,
        group: str | None,
        item_type: str | None,
        zone: tzinfo,
    ) -> Conditions:
        """The rule for this place, group and type, with the hours of the place."""
        return self.kept(self.policy(location, group, item_type), location, zone)

    def kept(self, policy: Policy, location: str | None, zone: tzinfo) -> Conditions:
        """A rule, as a loan keeps the one it was made under, with the present hours of the place."""
        return Conditions(policy, self.calendar(location, zone), self.terms.get(policy.term_schedule, ()))


def _calendar(week: Week | None, zone: tzinfo) -> Calendar:
    own = ZoneInfo(week.zone) if week is not None and week.zone else zone
    if week is None or week.hours is None:
        return always_open(own)
    return Calendar(own, [week.hours.get(weekday) for weekday in range(7)], week.exceptions)


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]
