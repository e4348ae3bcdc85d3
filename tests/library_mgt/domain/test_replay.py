"""Past loans under other rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from library_mgt.domain.calendar import always_open
from library_mgt.domain.lending import due
from library_mgt.domain.replay import Because, PastLoan, Replayed, replay, replayed
from library_mgt.domain.rules import PolicyRow, Rules, Week
from tests.library_mgt.domain.calendars import BERLIN, POLICY

LOANED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FINED = replace(POLICY, fine_minor=50, fine_cap_minor=1000, fine_closed_days=True)
DUE = due(FINED, LOANED, always_open(BERLIN))
LATE = PastLoan(7, "main", "student", "book", LOANED, DUE, DUE, DUE + timedelta(days=3), FINED, None)


def under(loan: PastLoan = LATE, weeks: dict[str, Week] | None = None, **values: Any) -> Replayed:
    """What becomes of it; why, is asked of `replayed` itself."""
    rules = Rules([PolicyRow(1, None, None, None, FINED.snapshot() | values)], weeks or {}, {})
    return replace(replayed(loan, rules, BERLIN), because=())


class TestOneLoan:
    def test_under_the_same_rules_nothing_changes(self) -> None:
        assert under() == Replayed(7, "same", DUE, DUE, 150, 150)

    @pytest.mark.parametrize(
        ("values", "change", "days", "fine"),
        [
            ({"loan_period": 15}, "later", 1, 100),
            ({"loan_period": 21}, "later", 7, 0),
            ({"loan_period": 7}, "earlier", -7, 500),
            ({"fine_minor": 10}, "same", 0, 30),
            ({"loan_period": 7, "fine_cap_minor": 120}, "earlier", -7, 120),
        ],
    )
    def test_due_date_and_fine_follow_the_rules(self, values: Any, change: str, days: int, fine: int) -> None:
        assert under(**values) == Replayed(7, change, DUE, DUE + timedelta(days=days), 150, fine)  # type: ignore[arg-type]

    def test_a_renewal_would_have_prolonged_it_all_the_same(self) -> None:
        """The clocks change between the two: the day is what counts."""
        due_at = always_open(BERLIN).end_of(date(2026, 3, 30))
        renewed = replace(LATE, due_at=due_at, ended_at=due_at)

        assert under(renewed).change == "same"
        assert under(renewed, loan_period=12).would_be_due_at == always_open(BERLIN).end_of(date(2026, 3, 28))

    def test_what_would_not_have_been_lent_costs_nothing(self) -> None:
        closed = {"main": Week(None, {}, {})}

        assert under(loanable=False) == Replayed(7, "not_lent", DUE, None, 150, 0)
        assert under(weeks=closed, closed_days="NEXT_OPEN") == Replayed(7, "no_open_day", DUE, None, 150, 0)


class TestAllOfThem:
    def test_they_are_counted_and_a_few_are_shown(self) -> None:
        past = [replace(LATE, id=number, group_code="guest" if number % 3 else "student") for number in range(60)]
        rows = [
            PolicyRow(1, None, None, None, FINED.snapshot()),
            PolicyRow(2, None, "guest", None, {"loan_period": 7}),
        ]

        told = replay(past, Rules(rows, {}, {}), BERLIN)

        assert (told.loans, told.same, told.earlier, told.later) == (60, 20, 40, 0)
        assert (told.fine_minor, told.would_be_fine_minor) == (60 * 150, 20 * 150 + 40 * 500)
        assert [one.loan_id for one in told.examples] == [1, 2, 4, 5, 7, 8, 10, 11, 13, 14]
        assert told.reasons == ((Because(2, "loan_period", 14, 7), 40),)

    def test_chunk_by_chunk_they_count_the_same(self) -> None:
        past = [replace(LATE, id=number) for number in range(60)]
        rules = Rules([PolicyRow(1, None, None, None, FINED.snapshot() | {"fine_minor": 10})], {}, {})

        assert replay(past[30:], rules, BERLIN, replay(past[:30], rules, BERLIN)) == replay(past, rules, BERLIN)


class TestWhy:
    def test_each_value_that_is_another_one_names_the_row_that_gives_it(self) -> None:
        rows = [
            PolicyRow(1, None, None, None, FINED.snapshot() | {"fine_minor": 10, "renewals": 5}),
            PolicyRow(-1, None, "student", None, {"loan_period": 7}),
        ]

        told = replayed(LATE, Rules(rows, {}, {}), BERLIN)

        assert told.because == (Because(-1, "loan_period", 14, 7), Because(1, "fine_minor", 50, 10))

    def test_a_value_that_changes_nothing_of_this_loan_is_no_reason(self) -> None:
        in_time = replace(LATE, ended_at=LOANED)
        rules = Rules([PolicyRow(1, None, None, None, FINED.snapshot() | {"fine_minor": 10})], {}, {})

        told = replayed(in_time, rules, BERLIN)

        assert (told.changed, told.because) == (False, ())
