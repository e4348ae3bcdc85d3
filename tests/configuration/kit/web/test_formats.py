"""Deadlines as people read them: days of the calendar, in the university's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from configuration.kit.web.formats import Formats

BERLIN = ZoneInfo("Europe/Berlin")


class TestDeadline:
    @pytest.mark.parametrize(
        ("now", "deadline", "away"),
        [
            ((2026, 3, 2, 9, 30), (2026, 3, 30, 23, 59, 59), "in 28 days"),
            ((2026, 3, 2, 0, 0), (2026, 3, 30, 23, 59, 59), "in 28 days"),
            ((2026, 3, 30, 0, 30), (2026, 3, 30, 23, 59, 59), "today"),
            ((2026, 3, 29, 23, 59), (2026, 3, 30, 23, 59, 59), "tomorrow"),
            ((2026, 3, 31, 0, 1), (2026, 3, 30, 23, 59, 59), "1 day late"),
            ((2026, 4, 11, 8, 0), (2026, 3, 30, 23, 59, 59), "12 days late"),
        ],
    )
    def test_the_end_of_a_day_is_said_in_days_without_a_time(
        self, now: tuple[int, ...], deadline: tuple[int, ...], away: str
    ) -> None:
        formats = Formats("en", BERLIN, lambda: datetime(*now, tzinfo=BERLIN))  # type: ignore[misc, arg-type]

        shown = str(formats.due(datetime(*deadline, tzinfo=BERLIN)))  # type: ignore[misc, arg-type]

        assert f">{away} <" in shown
        assert ">Mon 30 Mar 2026<" in shown

    def test_an_hour_keeps_its_time_and_zone(self) -> None:
        now, hour = datetime(2026, 3, 2, 9, 30, tzinfo=BERLIN), datetime(2026, 3, 2, 12, 30, tzinfo=BERLIN)
        formats = Formats("en", BERLIN, lambda: now)

        assert formats.away(hour) == "in 3 hours"
        assert formats.deadline(hour) == "Mon 2 Mar 2026, 12:30 CET"
