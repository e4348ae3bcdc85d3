"""What comes in is bounded, strict about types, and silent about nothing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from configuration.kit.bodies import Day, DayOrInstant, GivenLine, LongText, Points
from configuration.kit.days import beginning, deadline


class TestDayOrInstant:
    @pytest.mark.parametrize(
        ("said", "kind"),
        [("2026-03-01", date), ("2026-03-01T00:00:00", datetime), ("2026-03-01T00:00:00Z", datetime)],
    )
    def test_a_day_stays_a_day_and_midnight_an_instant(self, said: str, kind: type) -> None:
        assert type(TypeAdapter(DayOrInstant).validate_python(said)) is kind
        assert type(TypeAdapter(DayOrInstant).validate_json(f'"{said}"')) is kind

    @pytest.mark.parametrize(
        "said", [0, 1.5, True, 20_000, "1700000000", "0001-01-01", "9999-12-31T23:59:59-12:00", "soon", None]
    )
    def test_nothing_else_is_either(self, said: Any) -> None:
        kinds: list[Any] = [DayOrInstant, Day]
        for kind in kinds:
            with pytest.raises(ValidationError):
                TypeAdapter(kind).validate_python(said)

    def test_as_instants_of_a_zone(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        day, wall = date(2026, 3, 1), datetime.fromisoformat("2026-03-01T12:00")

        assert deadline(day, berlin).isoformat() == "2026-03-01T22:59:59+00:00"
        assert beginning(day, berlin).isoformat() == "2026-02-28T23:00:00+00:00"
        assert deadline(wall, berlin) == beginning(wall, berlin)
        assert deadline(wall, berlin).isoformat() == "2026-03-01T11:00:00+00:00"
        assert deadline(datetime.fromisoformat("2026-03-01T12:00+05:00"), berlin).isoformat() == (
            "2026-03-01T07:00:00+00:00"
        )


class TestPoints:
    @pytest.mark.parametrize(("said", "read"), [("0.1", "0.1"), ("1e2", "100.0"), ('"2.50"', "2.50"), ("0", "0")])
    def test_they_are_exact(self, said: str, read: str) -> None:
        assert str(TypeAdapter(Points).validate_json(said)) == read

    @pytest.mark.parametrize("said", ["true", "-0.01", "0.001", "1000000.01", '"NaN"', '"Infinity"', '""', "null"])
    def test_nothing_else_is_a_number_of_points(self, said: str) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(Points).validate_json(said)

    def test_a_sum_of_tenths_is_what_it_says(self) -> None:
        tenth: Decimal = TypeAdapter(Points).validate_json("0.1")

        assert tenth * 3 == Decimal("0.3")


class TestTexts:
    def test_long_texts_keep_lines_and_lose_carriage_returns(self) -> None:
        assert TypeAdapter(LongText).validate_python(" a\r\n\tb\n") == "a\n\tb"

    @pytest.mark.parametrize("said", ["a\x00b", "a\rb", "\ud800", "x" * 20_001])
    def test_they_hold_nothing_that_nobody_typed(self, said: str) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(LongText).validate_python(said)

    @pytest.mark.parametrize("said", ["", "   ", "a\nb"])
    def test_a_given_line_is_one_line_and_not_empty(self, said: str) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(GivenLine).validate_python(said)
