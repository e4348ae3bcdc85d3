"""Days of the university's zone as instants."""

# ruff: noqa: DTZ001 - a wall clock shows no zone

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from configuration.kit.days import FIRST, LAST, days_later, end_of_day, instant, start_of_day


class TestInstant:
    @pytest.mark.parametrize(
        ("zone", "wall", "expected"),
        [
            ("Europe/Berlin", datetime(2026, 1, 5, 12), datetime(2026, 1, 5, 11, tzinfo=UTC)),
            # The clocks skip from 2 to 3: half past two moves forward to half past three.
            ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
            # The clocks show half past two twice: the later counts.
            ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
            # A zone where midnight itself is doubled.
            ("Asia/Beirut", datetime(2026, 10, 24, 23, 59, 59), datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC)),
            ("Asia/Kathmandu", datetime(2026, 1, 5, 12), datetime(2026, 1, 5, 6, 15, tzinfo=UTC)),
        ],
    )
    def test_skipped_times_move_forward_and_of_doubled_ones_the_later_counts(
        self, zone: str, wall: datetime, expected: datetime
    ) -> None:
        assert instant(wall, ZoneInfo(zone)) == expected

    @pytest.mark.parametrize(
        ("zone", "day", "expected"),
        [("Europe/Berlin", date.min, FIRST), ("America/New_York", date.max, LAST)],
    )
    def test_beyond_what_instants_can_name_it_is_the_first_or_last_of_them(
        self, zone: str, day: date, expected: datetime
    ) -> None:
        found = start_of_day(day, ZoneInfo(zone)) if day == date.min else end_of_day(day, ZoneInfo(zone))

        assert found == expected


class TestDaysLater:
    @pytest.mark.parametrize(
        ("zone", "days", "expected"),
        [
            ("UTC", 28, datetime(2026, 3, 30, 23, 59, 59, tzinfo=UTC)),
            ("Europe/Berlin", 28, datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC)),
            ("Pacific/Auckland", 1, datetime(2026, 3, 4, 10, 59, 59, tzinfo=UTC)),
            ("America/Los_Angeles", 1, datetime(2026, 3, 3, 7, 59, 59, tzinfo=UTC)),
        ],
    )
    def test_the_days_are_those_of_the_zone(self, zone: str, days: int, expected: datetime) -> None:
        half_past_midnight = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
        if zone == "America/Los_Angeles":
            half_past_midnight = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)

        assert days_later(half_past_midnight, days, ZoneInfo(zone)) == expected

    def test_the_end_lies_after_the_beginning_even_in_the_last_second_of_a_day(self) -> None:
        last = end_of_day(date(2026, 3, 2), ZoneInfo("UTC"))

        assert days_later(last, 0, ZoneInfo("UTC")) == end_of_day(date(2026, 3, 3), ZoneInfo("UTC"))
