"""Who is a student on a given day."""

from datetime import date

import pytest

from student_mgt.domain.studies import Study, last_day, live_on

START, MIDDLE, END = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 30)


def study(status: str = "active", start: date = START, end: date | None = END) -> Study:
    return Study("degree", status, start, end)


class TestLive:
    """A study makes somebody a student from its first to its last day, while it is active or on leave."""

    @pytest.mark.parametrize(
        ("one", "day", "live"),
        [
            (study(), MIDDLE, True),
            (study(), START, True),
            (study(), END, True),
            (study(), date(2025, 12, 31), False),
            (study(), date(2026, 7, 1), False),
            (study(end=None), date(2099, 1, 1), True),
            (study("leave"), MIDDLE, True),
            (study("completed"), MIDDLE, False),
            (study("withdrawn"), MIDDLE, False),
            (study("dismissed"), MIDDLE, False),
        ],
    )
    def test_a_study_counts_on_its_days(self, one: Study, day: date, live: bool) -> None:
        assert bool(live_on([one], day)) is live


class TestLastDay:
    """How long somebody stays a student."""

    def test_the_longest_study_counts(self) -> None:
        assert last_day([study(end=MIDDLE), study()]) == END

    def test_one_without_an_end_means_no_end(self) -> None:
        assert last_day([study(), study(end=None)]) is None

    def test_no_study_has_no_last_day(self) -> None:
        assert last_day([]) is None
