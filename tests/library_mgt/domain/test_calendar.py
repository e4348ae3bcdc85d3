"""The calendar's look-ups: cases, and the plain day-by-day reading they have to agree with."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.calendar import Calendar, Hours, NoOpenDay, always_open
from tests.library_mgt.domain.calendars import BERLIN, NINE_TO_SIX, WORKDAYS, ZONES, calendars, moments, workdays

FRIDAY, SATURDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)


class TestOneDay:
    def test_an_exception_closes_a_day_or_opens_it_at_other_hours(self) -> None:
        short = Hours(time(10), time(12))
        calendar = Calendar(BERLIN, WORKDAYS, {FRIDAY: None, SATURDAY: short})

        assert (calendar.hours(FRIDAY), calendar.hours(SATURDAY), calendar.hours(MONDAY)) == (None, short, NINE_TO_SIX)
        assert calendar.closing(SATURDAY) == datetime(2026, 3, 7, 11, tzinfo=UTC)
        assert calendar.closing(FRIDAY) is None

    @pytest.mark.parametrize(
        ("day", "closes", "expected"),
        [
            # The clocks skip from 2 to 3, and show the hour after 2 twice.
            (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
            (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ],
    )
    def test_closing_in_a_skipped_or_doubled_hour_is_the_later_reading(
        self, day: date, closes: time, expected: datetime
    ) -> None:
        assert Calendar(BERLIN, (Hours(time(0), closes),) * 7).closing(day) == expected

    def test_what_is_said_of_it_cannot_be_changed_afterwards(self) -> None:
        days: dict[date, Hours | None] = {FRIDAY: None}
        calendar = Calendar(BERLIN, WORKDAYS, days)

        days.clear()

        assert not calendar.is_open(FRIDAY)
        with pytest.raises(TypeError):
            calendar.exceptions[FRIDAY] = NINE_TO_SIX  # type: ignore[index]

    def test_hours_end_after_they_begin(self) -> None:
        with pytest.raises(ValueError, match="closes after"):
            Hours(time(9), time(9))


class TestTheLastClosing:
    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (datetime(2026, 3, 6, 17, tzinfo=UTC), datetime(2026, 3, 6, 17, tzinfo=UTC)),
            (datetime(2026, 3, 6, 16, 59, tzinfo=UTC), datetime(2026, 3, 5, 17, tzinfo=UTC)),
            (datetime(2026, 3, 9, 8, tzinfo=UTC), datetime(2026, 3, 6, 17, tzinfo=UTC)),
        ],
    )
    def test_is_of_the_last_open_day_that_is_over(self, now: datetime, expected: datetime) -> None:
        assert workdays().last_closing(now) == expected

    def test_of_what_never_closes_is_the_day_before_and_of_what_never_opens_is_none(self) -> None:
        noon = datetime(2026, 3, 6, 12, tzinfo=UTC)

        assert always_open(BERLIN).last_closing(noon) == datetime(2026, 3, 5, 22, 59, 59, tzinfo=UTC)
        with pytest.raises(NoOpenDay):
            Calendar(BERLIN, (None,) * 7).last_closing(noon)


class TestLookingForAnOpenDay:
    def test_an_open_day_is_its_own_next_and_previous(self) -> None:
        calendar = workdays()

        assert calendar.next_open(FRIDAY) == calendar.previous_open(FRIDAY) == FRIDAY
        assert (calendar.next_open(SATURDAY), calendar.previous_open(SATURDAY)) == (MONDAY, FRIDAY)
        assert calendar.open_days_later(FRIDAY, 1) == MONDAY
        assert calendar.open_days_later(SATURDAY, 0) == MONDAY

    def test_the_same_weekday_is_whole_weeks_later(self) -> None:
        calendar = workdays(closed=(MONDAY, MONDAY + timedelta(days=7)))

        assert calendar.same_weekday_open(MONDAY) == MONDAY + timedelta(days=14)

    def test_a_weekday_that_is_never_open_leads_to_the_next_open_day(self) -> None:
        calendar = Calendar(BERLIN, WORKDAYS, {SATURDAY + timedelta(days=28): NINE_TO_SIX})

        assert calendar.same_weekday_open(SATURDAY) == MONDAY

    def test_366_days_are_looked_through_and_no_more(self) -> None:
        closed = (None,) * 7
        reopening = FRIDAY + timedelta(days=366)

        assert Calendar(BERLIN, closed, {reopening: NINE_TO_SIX}).next_open(FRIDAY) == reopening
        with pytest.raises(NoOpenDay, match="366 days of 2026-03-06"):
            Calendar(BERLIN, closed, {reopening + timedelta(days=1): NINE_TO_SIX}).next_open(FRIDAY)
        with pytest.raises(NoOpenDay):
            Calendar(BERLIN, closed).previous_open(FRIDAY)

    def test_after_the_last_day_that_can_be_named_nothing_is_open(self) -> None:
        calendar = Calendar(BERLIN, WORKDAYS, {date.max: None})

        with pytest.raises(NoOpenDay):
            calendar.next_open(date.max)


class TestCounting:
    @given(data=st.data(), at=moments, span=st.integers(-3, 420))
    def test_open_days_between_are_those_one_would_count(self, data: st.DataObject, at: datetime, span: int) -> None:
        calendar = data.draw(calendars(at))
        first = at.date()
        last = first + timedelta(days=span)

        days = [first + timedelta(days=place) for place in range(1, span + 1)]

        assert calendar.open_days_between(first, last) == sum(calendar.is_open(day) for day in days)

    def test_a_closed_day_takes_the_hours_its_zone_gives_it(self) -> None:
        sunday = date(2026, 3, 29)
        start, end = datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)

        assert Calendar(BERLIN, (NINE_TO_SIX,) * 7, {sunday: None}).closed_time_between(start, end) == timedelta(
            hours=23
        )
        assert always_open(BERLIN).closed_time_between(start, end) == timedelta()


class TestTheDayOfAnInstant:
    def test_it_is_the_zones_own(self) -> None:
        evening = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)

        assert always_open(ZoneInfo("Pacific/Auckland")).day_of(evening) == date(2026, 3, 3)

    def test_clocks_that_go_back_over_midnight_do_not_make_it_earlier(self) -> None:
        """At 00:01 on 7 November 2010 the clocks of St. John's showed 23:01 of the sixth again."""
        calendar = always_open(ZoneInfo("America/St_Johns"))
        midnight = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)

        days = [calendar.day_of(midnight + timedelta(seconds=30 * step)) for step in range(200)]

        assert days == sorted(days)
        assert calendar.day_of(calendar.end_of(date(2010, 11, 6))) == date(2010, 11, 6)

    @given(at=moments, later=st.timedeltas(timedelta(), timedelta(days=3)), zone=st.sampled_from(ZONES))
    def test_a_later_instant_never_has_an_earlier_day(self, at: datetime, later: timedelta, zone: ZoneInfo) -> None:
        calendar = always_open(zone)

        assert calendar.day_of(at) <= calendar.day_of(at + later)
        assert at <= calendar.end_of(calendar.day_of(at)) + timedelta(seconds=1)
