"""Which row decides which value, and what follows for a loan."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from library_mgt.domain.policy import NAMES, Policy
from library_mgt.domain.rules import PolicyRow, Rules, Week
from tests.library_mgt.domain.calendars import BERLIN, NINE_TO_SIX, POLICY

FOR_ALL = PolicyRow(1, None, None, None, POLICY.snapshot())
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def row(number: int, where: tuple[str | None, str | None, str | None], **values: Any) -> PolicyRow:
    return PolicyRow(number, *where, values)


class TestTheMostSpecificRowThatSetsAValueDecidesIt:
    @pytest.mark.parametrize(
        ("asked", "deciding"),
        [
            (("law", "student", "disc"), 5),
            (("law", "student", "book"), 5),
            (("law", "guest", "disc"), 3),
            (("main", "student", "disc"), 4),
            (("main", "student", "book"), 2),
            (("main", "guest", "book"), 1),
            ((None, "student", None), 2),
        ],
    )
    def test_location_comes_before_group_and_group_before_type(self, asked: Any, deciding: int) -> None:
        rules = Rules(
            [
                FOR_ALL,
                row(2, (None, "student", None), loan_period=2),
                row(3, ("law", None, "disc"), loan_period=3),
                row(4, (None, "student", "disc"), loan_period=4),
                row(5, ("law", "student", None), loan_period=5),
            ],
            {},
            {},
        )

        assert rules.resolve(*asked)["loan_period"].id == deciding
        assert rules.policy(*asked).loan_period == (POLICY.loan_period if deciding == 1 else deciding)

    def test_each_value_falls_through_by_itself(self) -> None:
        rules = Rules(
            [FOR_ALL, row(2, ("law", None, None), renewals=0), row(3, (None, "guest", None), max_loans=1)], {}, {}
        )

        decided = rules.resolve("law", "guest", "book")

        assert {name: decided[name].id for name in ("renewals", "max_loans", "loan_period")} == {
            "renewals": 2, "max_loans": 3, "loan_period": 1,
        }  # fmt: skip
        assert set(decided) == set(NAMES)

    def test_a_value_that_says_no_is_a_value(self) -> None:
        rules = Rules([FOR_ALL, row(2, ("law", None, None), loanable=False, renewals=0)], {}, {})

        assert (rules.policy("law", None, None).loanable, rules.policy("law", None, None).renewals) == (False, 0)


class TestConditions:
    def test_hours_and_zone_are_those_of_the_location(self) -> None:
        weeks = {
            "main": Week(None, dict.fromkeys(range(5), NINE_TO_SIX), {date(2026, 3, 16): None}),
            "tokyo": Week("Asia/Tokyo", None, {}),
        }
        rules = Rules([row(1, (None, None, None), **POLICY.snapshot() | {"closed_days": "NEXT_OPEN"})], weeks, {})

        main = rules.conditions("main", "student", "book", BERLIN)
        tokyo = rules.conditions("tokyo", "student", "book", BERLIN)

        assert main.due(NOW) == datetime(2026, 3, 17, 22, 59, 59, tzinfo=UTC)
        assert tokyo.due(NOW) == datetime(2026, 3, 16, 14, 59, 59, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("ends", "expected"),
        [
            ([], date(2026, 3, 16)),
            ([date(2026, 2, 28), date(2026, 3, 10), date(2026, 7, 31)], date(2026, 3, 10)),
            ([date(2026, 3, 2)], date(2026, 3, 2)),
            ([date(2026, 2, 28)], date(2026, 3, 16)),
        ],
    )
    def test_a_loan_ends_with_the_term_it_is_made_in(self, ends: list[date], expected: date) -> None:
        values = POLICY.snapshot() | {"term_schedule": "semester"}
        rules = Rules([row(1, (None, None, None), **values)], {}, {"semester": ends, "none": []})

        assert rules.conditions("main", None, None, BERLIN).due(NOW).astimezone(BERLIN).date() == expected

    def test_where_no_open_day_is_in_sight_a_copy_is_kept_all_the_same(self) -> None:
        rules = Rules([FOR_ALL], {"main": Week(None, {}, {})}, {})

        assert rules.conditions("main", None, None, BERLIN).pickup_until(NOW) == datetime(
            2026, 3, 5, 22, 59, 59, tzinfo=UTC
        )


def test_a_loan_keeps_its_rule_and_gets_it_back() -> None:
    assert Policy.kept(POLICY.snapshot()) == POLICY
    assert Policy.kept({**POLICY.snapshot(), "of_an_older_version": 1}).term_schedule == "none"
