"""Due dates and ready-until: a table of cases, and what holds whatever a library configures."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.calendar import Calendar, Hours, NoOpenDay, always_open
from library_mgt.domain.lending import due
from library_mgt.domain.policy import Policy
from library_mgt.domain.requesting import pickup_until
from tests.library_mgt.domain.calendars import BERLIN, calendars, moments, rule, rules, workdays

# A Monday; the fourteenth day after it is Monday, the sixteenth.
LOANED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SIXTEENTH = date(2026, 3, 16)
WEEK = tuple(SIXTEENTH + timedelta(days=place) for place in range(7))


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def berlin(day: date, at: time = time(23, 59, 59)) -> datetime:
    return datetime.combine(day, at, BERLIN).astimezone(UTC)


class TestClosedDays:
    @pytest.mark.parametrize(
        ("closed_days", "closed", "expected"),
        [
            ("KEEP", WEEK, SIXTEENTH),
            ("PREVIOUS_OPEN", (), SIXTEENTH),
            ("PREVIOUS_OPEN", WEEK, date(2026, 3, 13)),
            ("NEXT_OPEN", WEEK[:1], date(2026, 3, 17)),
            ("NEXT_OPEN", WEEK, date(2026, 3, 23)),
            ("NEXT_SAME_WEEKDAY", WEEK[:1], date(2026, 3, 23)),
            ("NEXT_SAME_WEEKDAY", (SIXTEENTH, date(2026, 3, 23)), date(2026, 3, 30)),
        ],
    )
    def test_the_rule_says_where_a_closed_day_goes(
        self, closed_days: str, closed: tuple[date, ...], expected: date
    ) -> None:
        assert due(rule(closed_days=closed_days), LOANED, workdays(closed=closed)) == berlin(expected)

    def test_nothing_is_moved_before_the_loan(self) -> None:
        """Lent in a closed week for one day: the last open day lies before the loan, so it is the next one."""
        policy = rule(loan_period=1, closed_days="PREVIOUS_OPEN")

        assert due(policy, berlin(WEEK[1], time(10)), workdays(closed=WEEK)) == berlin(date(2026, 3, 23))

    def test_without_an_open_day_there_is_no_answer(self) -> None:
        with pytest.raises(NoOpenDay):
            due(rule(closed_days="NEXT_OPEN"), LOANED, Calendar(BERLIN, (None,) * 7))


class TestCaps:
    @pytest.mark.parametrize(
        ("ends", "closed_days", "expected"),
        [
            ({"term_end": date(2026, 3, 11)}, "KEEP", date(2026, 3, 11)),
            ({"term_end": date(2026, 3, 11), "until": date(2026, 3, 4)}, "KEEP", date(2026, 3, 4)),
            # A Sunday: the Friday before it is the last day on which it can be brought back.
            ({"until": date(2026, 3, 8)}, "KEEP", date(2026, 3, 8)),
            ({"until": date(2026, 3, 8)}, "NEXT_OPEN", date(2026, 3, 6)),
            ({"until": date(2026, 3, 8)}, "NEXT_SAME_WEEKDAY", date(2026, 3, 6)),
            # Over already: due as soon as can be.
            ({"until": date(2026, 2, 1)}, "KEEP", date(2026, 3, 2)),
            ({"term_end": date(2026, 3, 17)}, "KEEP", SIXTEENTH),
        ],
    )
    def test_neither_term_nor_membership_is_passed(
        self, ends: dict[str, date], closed_days: str, expected: date
    ) -> None:
        assert due(rule(closed_days=closed_days), LOANED, workdays(), **ends) == berlin(expected)


class TestUnits:
    @pytest.mark.parametrize(
        ("loaned", "period", "expected"),
        [
            (time(10), 1, berlin(date(2026, 3, 2), time(18))),
            (time(10), 2, berlin(date(2026, 3, 3), time(18))),
            # After closing time the first closing is tomorrow's.
            (time(19), 1, berlin(date(2026, 3, 3), time(18))),
        ],
    )
    def test_until_close_counts_closings(self, loaned: time, period: int, expected: datetime) -> None:
        policy = rule(loan_unit="close", loan_period=period)

        assert due(policy, berlin(date(2026, 3, 2), loaned), workdays()) == expected

    def test_hours_pass_as_they_do_when_the_clocks_change(self) -> None:
        before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

        at = due(rule(loan_unit="hours", loan_period=2), before, always_open(BERLIN))

        assert at == before + timedelta(hours=2)
        assert at.astimezone(BERLIN).time() == time(4, 30)

    def test_an_hour_on_a_closed_day_moves_to_the_closing_of_an_open_one(self) -> None:
        policy = rule(loan_unit="hours", loan_period=24, closed_days="NEXT_OPEN")

        assert due(policy, berlin(date(2026, 3, 6), time(10)), workdays()) == berlin(date(2026, 3, 9), time(18))

    @pytest.mark.parametrize(
        ("zone", "loaned", "expected"),
        [
            # Half an hour after midnight in the zone is the day before in UTC, and the other way round.
            (
                "Pacific/Auckland",
                datetime(2026, 3, 2, 11, 30, tzinfo=UTC),
                datetime(2026, 3, 17, 10, 59, 59, tzinfo=UTC),
            ),
            ("America/New_York", datetime(2026, 3, 3, 2, 30, tzinfo=UTC), datetime(2026, 3, 17, 3, 59, 59, tzinfo=UTC)),
            # Over the end of the year, and over a leap day.
            ("Europe/Berlin", _utc(2027, 12, 20, 9), _utc(2028, 1, 3, 22, 59, 59)),
            ("Europe/Berlin", _utc(2028, 2, 20, 9), _utc(2028, 3, 5, 22, 59, 59)),
        ],
    )
    def test_days_are_those_of_the_locations_zone(self, zone: str, loaned: datetime, expected: datetime) -> None:
        assert due(rule(), loaned, always_open(ZoneInfo(zone))) == expected


class TestWhateverIsConfigured:
    @given(
        data=st.data(),
        policy=rules,
        at=moments,
        term=st.integers(0, 90),
        left=st.integers(-5, 90),
        capped=st.booleans(),
    )
    def test_it_lies_after_the_loan_on_an_open_day_and_within_the_caps(
        self, data: st.DataObject, policy: Policy, at: datetime, term: int, left: int, capped: bool
    ) -> None:
        calendar = data.draw(calendars(at))
        today = calendar.day_of(at)
        ends: dict[str, Any] = {}
        if capped:
            ends = {"term_end": today + timedelta(days=term), "until": today + timedelta(days=left)}

        due_at = due(policy, at, calendar, **ends)

        day = calendar.day_of(due_at)
        assert due_at > at
        if policy.closed_days != "KEEP":
            assert calendar.is_open(day)
        if ends:
            assert day <= min(ends.values()) or _as_soon_as_can_be(policy, at, day, calendar)

    @given(data=st.data(), policy=rules, at=moments)
    def test_a_copy_is_kept_for_open_days_after_today(self, data: st.DataObject, policy: Policy, at: datetime) -> None:
        calendar = data.draw(calendars(at))
        today = calendar.day_of(at)

        until = pickup_until(policy, at, calendar)

        assert until > at
        assert calendar.is_open(calendar.day_of(until))
        assert calendar.open_days_between(today, calendar.day_of(until)) in (
            policy.pickup_days,
            max(1, policy.pickup_days),
        )


def _as_soon_as_can_be(policy: Policy, at: datetime, day: date, calendar: Calendar) -> bool:
    """Whether no earlier day would do: each is closed where that matters, or over."""
    earlier = calendar.day_of(at)
    while earlier < day:
        end = (
            calendar.end_of(earlier)
            if policy.loan_unit == "days"
            else calendar.closing(earlier) or calendar.end_of(earlier)
        )
        if end > at and (policy.closed_days == "KEEP" or calendar.is_open(earlier)):
            return False
        earlier += timedelta(days=1)
    return True


def test_a_calendar_whose_closing_is_over_lends_until_the_next(  # the shortest loan there can be
) -> None:
    calendar = Calendar(BERLIN, (Hours(time(8), time(9)),) * 7)
    policy = rule(loan_unit="hours", loan_period=1, closed_days="NEXT_OPEN")

    assert due(policy, LOANED, calendar, until=LOANED.date() - timedelta(days=1)) == berlin(date(2026, 3, 3), time(9))
