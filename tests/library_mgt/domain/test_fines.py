"""Overdue fines: a table of cases, and what holds whatever a library configures."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.calendar import Calendar, always_open
from library_mgt.domain.fines import explain, overdue_fine
from library_mgt.domain.policy import Policy
from tests.library_mgt.domain.calendars import BERLIN, NINE_TO_SIX, calendars, moments, rule, rules, workdays

# A Friday, in Berlin.
DUE_DAY = date(2026, 3, 6)
DUE = datetime(2026, 3, 6, 22, 59, 59, tzinfo=UTC)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=BERLIN).astimezone(UTC)


class TestCases:
    @pytest.mark.parametrize(
        ("values", "until", "expected"),
        [
            ({}, at(6), 0),
            ({}, DUE, 0),
            # Saturday and Sunday are closed: Monday is the first day that counts, Tuesday the second.
            ({}, at(8), 0),
            ({}, at(9), 50),
            ({}, at(10, 0), 100),
            ({"fine_closed_days": True}, at(9), 150),
            ({"fine_grace_days": 1}, at(9), 0),
            ({"fine_grace_days": 1}, at(10), 100),
            ({"fine_cap_minor": 120}, at(11), 120),
            ({"fine_cap_minor": 0}, at(11), 0),
            ({"fine_unit": "hour", "fine_closed_days": True}, DUE + timedelta(hours=2, seconds=1), 150),
            # One second of Friday, then twelve hours of Monday: thirteen begun.
            ({"fine_unit": "hour"}, at(9), 650),
            ({"fine_unit": "hour", "fine_grace_days": 1}, at(9), 0),
        ],
    )
    def test_each_day_or_hour_counted_costs_the_rate(
        self, values: dict[str, Any], until: datetime, expected: int
    ) -> None:
        policy = rule(**{"fine_minor": 50, "fine_cap_minor": 5000, **values})

        assert overdue_fine(policy, DUE, until, workdays()) == expected

    def test_it_is_never_above_the_price_of_the_copy(self) -> None:
        policy = rule(fine_minor=50, fine_cap_minor=5000)

        told = explain(policy, DUE, at(31), workdays(), price_minor=400)

        assert (told.amount_minor, told.limited_by) == (400, "price")

    def test_days_are_those_of_the_locations_zone(self) -> None:
        """Eleven at night in New York is the next day in UTC, and costs nothing."""
        zone = ZoneInfo("America/New_York")
        due_at = always_open(zone).end_of(DUE_DAY) - timedelta(hours=5)

        assert (
            overdue_fine(
                rule(fine_minor=50, fine_cap_minor=500), due_at, due_at + timedelta(hours=5), always_open(zone)
            )
            == 0
        )

    def test_an_hour_that_clocks_skip_costs_nothing_and_one_shown_twice_costs_twice(self) -> None:
        policy = rule(fine_minor=1, fine_cap_minor=500, fine_unit="hour")
        calendar = Calendar(BERLIN, (NINE_TO_SIX,) * 7)

        def cost(day: date) -> int:
            return overdue_fine(policy, calendar.end_of(day - timedelta(days=1)), calendar.end_of(day), calendar)

        assert [cost(date(2026, 3, 29)), cost(date(2026, 3, 30)), cost(date(2026, 10, 25))] == [23, 24, 25]

    def test_the_steps_say_how_it_came_about(self) -> None:
        policy = rule(fine_minor=50, fine_cap_minor=120)

        assert explain(policy, DUE, at(11), workdays()).steps == [
            "3 days late, closed days not counted.",
            "3 at 50 make 150.",
            "Never more than the cap, 120.",
        ]
        assert explain(rule(fine_minor=50, fine_cap_minor=120, fine_grace_days=2), DUE, at(9), workdays()).steps == [
            "1 day late, closed days not counted.",
            "All of it lies within the grace of 2 days.",
            "0 at 50 make 0.",
        ]


class TestWhateverIsConfigured:
    @given(
        data=st.data(),
        policy=rules,
        due_at=moments,
        late=st.timedeltas(timedelta(days=-2), timedelta(days=60)),
        later=st.timedeltas(timedelta(), timedelta(days=60)),
        price=st.one_of(st.none(), st.integers(0, 3000)),
    )
    def test_it_grows_with_time_and_stays_under_cap_and_price(
        self,
        data: st.DataObject,
        policy: Policy,
        due_at: datetime,
        late: timedelta,
        later: timedelta,
        price: int | None,
    ) -> None:
        calendar = data.draw(calendars(due_at))

        first = overdue_fine(policy, due_at, due_at + late, calendar, price_minor=price)
        then = overdue_fine(policy, due_at, due_at + late + later, calendar, price_minor=price)

        assert 0 <= first <= then <= policy.fine_cap_minor
        assert price is None or then <= price
        assert late > timedelta() or first == 0

    @given(data=st.data(), policy=rules, due_at=moments, late=st.timedeltas(timedelta(), timedelta(days=60)))
    def test_days_on_which_it_is_closed_only_ever_make_it_cheaper(
        self, data: st.DataObject, policy: Policy, due_at: datetime, late: timedelta
    ) -> None:
        calendar = data.draw(calendars(due_at))

        closed = overdue_fine(policy, due_at, due_at + late, calendar)

        assert closed <= overdue_fine(policy, due_at, due_at + late, always_open(calendar.zone))


def test_a_whole_closed_week_costs_nothing() -> None:
    days = tuple(DUE_DAY + timedelta(days=place) for place in range(1, 8))
    policy = rule(fine_minor=50, fine_cap_minor=5000)

    assert overdue_fine(policy, DUE, datetime.combine(days[-1], time(20), BERLIN), workdays(closed=days)) == 0
