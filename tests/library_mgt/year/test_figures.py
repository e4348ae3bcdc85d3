"""What was foretold laid beside what happened, and the rhythm of the year."""

from datetime import date, timedelta

import pytest

from library_mgt.commands.year import seasons
from library_mgt.commands.year.figures import Told, waits
from library_mgt.commands.year.setting import Foretold
from library_mgt.commands.year.shelves import copies_of_rank
from library_mgt.domain.waiting import Wait

ON = date(2026, 3, 2)


def day(offset: int) -> date:
    return ON + timedelta(days=offset)


class TestWaits:
    @pytest.mark.parametrize(
        ("took", "off", "verdict"), [(9, -1, "early"), (10, 0, "inside"), (20, 0, "inside"), (23, 3, "late")]
    )
    def test_by_how_much_one_missed_its_range(self, took: int, off: int, verdict: str) -> None:
        one = Told(1, 1, 10, 20, took)

        assert (one.off, one.verdict) == (off, verdict)

    def test_everybody_is_counted_once(self) -> None:
        known = Wait(1, 1, day(10), day(20))
        foretold = [
            Foretold(1, ON, known), Foretold(2, ON, known), Foretold(3, ON, known), Foretold(4, ON, known),
            Foretold(5, ON, Wait(1, 1, ON, None)), Foretold(6, ON, Wait(1, 0, None, None)),
        ]  # fmt: skip

        found = waits(foretold, {1: day(12), 2: day(40), 5: day(3)}, {3: "QUEUED", 4: "CANCELLED"})

        assert [one.took for one in found.told] == [12, 40]
        assert (found.inside, found.waiting, found.ended, found.unbounded, found.unknown) == (0.5, 1, 1, 1, 1)
        assert {name: number for name, number in found.spans().items() if number} == {
            "as foretold": 1, "more than 2 weeks late": 1,
        }  # fmt: skip


class TestSeasons:
    def test_a_year_has_terms_exams_and_vacations_in_their_order(self) -> None:
        found = [one.what for one in seasons.stretches(date(2025, 10, 13), date(2026, 10, 11))]

        assert found == [
            "start of term", "term", "vacation", "term", "exams", "vacation", "start of term", "term", "exams",
            "vacation", "start of term",
        ]  # fmt: skip

    def test_no_day_is_without_a_season(self) -> None:
        days = seasons.days_of(date(2027, 12, 1), date(2029, 1, 31))

        assert len(days) == 428
        assert all(seasons.demand(one) > 0 for one in days if one.weekday() != 6)
        assert not any(seasons.demand(one) for one in days if one.weekday() == 6)

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            (date(2025, 10, 1), date(2026, 9, 30), (date(2025, 12, 24), date(2026, 1, 1))),
            (date(2025, 12, 29), date(2026, 2, 1), (date(2025, 12, 29), date(2026, 1, 1))),
            (date(2026, 2, 1), date(2026, 5, 1), None),
        ],
    )
    def test_the_winter_break_is_cut_to_the_time(
        self, first: date, last: date, expected: tuple[date, date] | None
    ) -> None:
        found = seasons.winter_break(first, last)

        assert (found and (found.first, found.last)) == expected


def test_what_is_wanted_most_has_most_copies() -> None:
    numbers = [copies_of_rank(rank, 1000) for rank in range(1000)]

    assert numbers == sorted(numbers, reverse=True)
    assert (numbers[0], numbers[-1]) == (6, 1)
