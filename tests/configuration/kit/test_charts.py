"""Charts: well-formed, readable by those who do not see them, and true to their values."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configuration.kit.charts import Band, Plot, Scale, Series, bars, dots, lines

SVG = "{http://www.w3.org/2000/svg}"
numbers = st.one_of(st.integers(-10_000, 10**7), st.floats(-1e4, 1e7, allow_nan=False))


def two_lines(*, title: str = "Loans & returns") -> ET.Element:
    series = [Series("out <now>", [1, None, 30]), Series("back", [0, 2, 4], dashed=True)]
    weeks = Scale.weeks(date(2026, 3, 2), 3)
    plot = Plot(title, "Three weeks.", weeks, "a week", ["one", "two", "three"], [Band(1, 3, "exams")])
    return ET.fromstring(lines(plot, series))


def texts(drawn: ET.Element, tag: str) -> list[str]:
    return [element.text or "" for element in drawn.iter(f"{SVG}{tag}")]


class TestEveryChart:
    def test_it_says_its_title_what_it_shows_and_every_value(self) -> None:
        drawn = two_lines()

        named = (drawn.get("aria-labelledby") or "").split()
        by_id = {element.get("id"): element.text for element in drawn.iter() if element.get("id")}
        assert [by_id[name] for name in named] == ["Loans & returns", "Three weeks."]
        told = ["one: out <now> 1, back 0", "two: back 2", "three: out <now> 30, back 4"]
        assert [title for title in texts(drawn, "title") if ": " in title] == told
        assert {"a week", "out <now>", "back", "exams"} <= set(texts(drawn, "text"))

    def test_it_follows_the_readers_light_or_dark_and_loads_nothing(self) -> None:
        drawn = two_lines()

        assert "prefers-color-scheme:dark" in "".join(texts(drawn, "style"))
        assert not [element for element in drawn.iter() if "href" in "".join(element.attrib)]

    def test_a_line_breaks_where_there_is_no_value(self) -> None:
        first, second = [path.get("d") or "" for path in two_lines().iter(f"{SVG}path")]

        assert (first.count("M"), first.count("L")) == (2, 0)
        assert (second.count("M"), second.count("L")) == (1, 2)


class TestBars:
    def test_what_is_below_nothing_points_down_and_stacks_do_not_overlap(self) -> None:
        series = [Series("fines", [10.0]), Series("losses", [5.0]), Series("paid", [-8.0])]
        drawn = ET.fromstring(bars(Plot("Money", "One week.", Scale.words("", ["w"]), "EUR", ["w"]), series))

        places = [
            (float(one.get("y") or 0), float(one.get("height") or 0))
            for one in drawn.iter(f"{SVG}rect")
            if (one.get("fill") or "").startswith("var(--c") and not one.get("rx")
        ]
        (fines, fines_height), (losses, losses_height), (paid, paid_height) = places
        assert losses + losses_height == pytest.approx(fines, abs=0.2)
        assert fines + fines_height == pytest.approx(paid, abs=0.2)
        assert fines_height / losses_height == pytest.approx(2, abs=0.02)
        assert paid_height / fines_height == pytest.approx(0.8, abs=0.02)


class TestDots:
    def test_pairs_that_lie_on_one_another_are_drawn_once(self) -> None:
        drawn = ET.fromstring(dots("D", "Pairs.", [("a", [(1, 1), (1, 1), (2, 5)]), ("b", [])], across="x", up="y"))

        assert len(list(drawn.iter(f"{SVG}circle"))) == 2


class TestScale:
    @given(st.lists(numbers, max_size=9))
    def test_every_value_lies_on_it_and_its_marks_are_few(self, values: list[float]) -> None:
        scale = Scale.numbers("n", values)

        assert all(scale.low - 1e-9 <= value <= scale.high + 1e-9 for value in [0.0, *values])
        assert 2 <= len(scale.ticks) <= 10
        assert scale.high > scale.low

    def test_counts_are_marked_with_whole_numbers(self) -> None:
        assert [word for _, word in Scale.numbers("n", [1, 2, 3]).ticks] == ["0", "1", "2", "3"]

    def test_weeks_are_marked_where_months_begin(self) -> None:
        scale = Scale.weeks(date(2025, 12, 22), 8)

        assert [word for _, word in scale.ticks] == ["Jan 2026", "Feb"]
        assert [at for at, _ in scale.ticks] == pytest.approx([10 / 7, 41 / 7])
