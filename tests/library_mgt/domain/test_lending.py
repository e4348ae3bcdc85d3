"""Whether a copy may be lent: a table of cases over plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from configuration.kit.errors import Blocker
from library_mgt.domain.blocking import Against, Block, Debt
from library_mgt.domain.calendar import always_open
from library_mgt.domain.lending import CheckoutFacts, blockers, due, not_overruled
from library_mgt.domain.money import EURO
from library_mgt.domain.policy import Policy
from tests.library_mgt.domain.calendars import POLICY

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
WET = "The reader is blocked: Wet books. It ends after 2026-03-09, or when a librarian lifts it."
OWES = (
    "The reader owes 10.50 EUR, 1.50 EUR of it for what is late and still out; from 10.00 EUR on nothing more is lent. "
    "It ends when enough is paid at the desk."
)
FREE = CheckoutFacts(
    patron_id=1, active=True, until=None, as_of=NOW, local=False, blocked_until=None, overdue=0, debt_minor=0,
    person="student:1", display_name="A", group_code="student", live_loans=0, has_title=False, copy_id=1,
    barcode="B1", status="IN_SERVICE", loanable_type=True, location="main", item_type="book", title_id=1, number=None,
    title="Dune", part="", live_loan_id=None, live_loan_patron_id=None, assigned_id=None, assigned_patron_id=None,
    own_id=None, own_state=None, own_copy_id=None,
)  # fmt: skip


def found(facts: CheckoutFacts, policy: Policy = POLICY, *, may_approve: bool = False) -> list[tuple[str, str | None]]:
    return [
        (one.code, one.override) for one in blockers(facts, policy, now=NOW, zone=UTC_ZONE, may_approve=may_approve)
    ]


class TestBlockers:
    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({}, []),
            ({"active": False}, [("PATRON_INACTIVE", "librarian")]),
            ({"until": date(2026, 3, 1)}, [("PATRON_INACTIVE", "librarian")]),
            ({"until": date(2026, 3, 2)}, []),
            ({"as_of": NOW - timedelta(hours=24)}, []),
            ({"as_of": NOW - timedelta(hours=24, seconds=1)}, [("PATRON_STANDING_UNAVAILABLE", "librarian")]),
            ({"as_of": NOW - timedelta(days=99), "local": True}, []),
            ({"overdue": 1}, []),
            ({"overdue": 2}, [("PATRON_BLOCKED", "librarian")]),
            ({"live_loans": 2}, []),
            ({"live_loans": 3}, [("LOAN_LIMIT_REACHED", "librarian")]),
            ({"live_loan_id": 5, "live_loan_patron_id": 1, "has_title": True}, [("COPY_ALREADY_ON_LOAN", None)]),
            (
                {"live_loan_id": 5, "live_loan_patron_id": 2, "has_title": True},
                [("COPY_ALREADY_ON_LOAN", None), ("TITLE_ALREADY_ON_LOAN_TO_PATRON", "librarian")],
            ),
            (
                {"assigned_id": 4, "assigned_patron_id": 2, "own_id": 3, "own_state": "PENDING_APPROVAL"},
                [("REQUESTED_BY_ANOTHER", "librarian"), ("REQUEST_NOT_APPROVED", None)],
            ),
            ({"has_title": True}, [("TITLE_ALREADY_ON_LOAN_TO_PATRON", "librarian")]),
            ({"status": "REFERENCE_ONLY"}, [("COPY_NOT_LOANABLE", "librarian")]),
            ({"status": "MISSING"}, [("COPY_NOT_LOANABLE", None)]),
            ({"loanable_type": False}, [("COPY_NOT_LOANABLE", "librarian")]),
            ({"assigned_id": 4, "assigned_patron_id": 2}, [("REQUESTED_BY_ANOTHER", "librarian")]),
            ({"assigned_id": 4, "assigned_patron_id": 1}, []),
            ({"own_id": 4, "own_state": "QUEUED"}, []),
            ({"own_id": 4, "own_state": "PENDING_APPROVAL"}, [("REQUEST_NOT_APPROVED", None)]),
        ],
    )
    def test_each_reason_is_told_with_who_may_overrule_it(
        self, changed: dict[str, Any], expected: list[tuple[str, str | None]]
    ) -> None:
        assert found(replace(FREE, **changed)) == expected

    def test_blocks_and_debts_are_told_apart_each_with_its_way_out(self) -> None:
        held = [Block("Wet books", date(2026, 3, 9)), Block("Shouting", None)]
        against = Against(held, Debt(900, 150, 1000, EURO))

        told = blockers(FREE, POLICY, now=NOW, zone=UTC_ZONE, may_approve=False, against=against)

        assert [(one.code, one.facts["kind"], one.detail) for one in told] == [
            ("PATRON_BLOCKED", "manual", WET),
            ("PATRON_BLOCKED", "manual", "The reader is blocked: Shouting. It ends when a librarian lifts it."),
            ("PATRON_BLOCKED", "debt", OWES),
        ]

    @pytest.mark.parametrize(
        ("owed", "threshold", "blocks"), [(999, 1000, False), (1000, 1000, True), (0, 0, False), (1, 0, True)]
    )
    def test_a_debt_keeps_from_borrowing_from_the_threshold_on(self, owed: int, threshold: int, blocks: bool) -> None:
        assert Debt(owed, 0, threshold, EURO).blocks is blocks

    def test_a_librarian_decides_by_handing_over(self) -> None:
        pending = replace(FREE, own_id=4, own_state="PENDING_APPROVAL")

        assert found(pending, may_approve=True) == []

    def test_what_nobody_may_overrule_remains(self) -> None:
        both = [Blocker("LOAN_LIMIT_REACHED", "", None, "librarian"), Blocker("COPY_ALREADY_ON_LOAN", "")]

        remaining = not_overruled(both, ["LOAN_LIMIT_REACHED", "COPY_ALREADY_ON_LOAN"])

        assert [one.code for one in remaining] == ["COPY_ALREADY_ON_LOAN"]


class TestDue:
    @pytest.mark.parametrize(
        ("period", "unit", "until", "expected"),
        [
            (14, "days", None, datetime(2026, 3, 16, 23, 59, 59, tzinfo=UTC)),
            (14, "days", date(2026, 3, 10), datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)),
            (14, "days", date(2026, 3, 1), datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)),
            (3, "hours", None, NOW + timedelta(hours=3)),
        ],
    )
    def test_it_ends_with_a_day_or_on_the_hour_and_not_after_the_reader_leaves(
        self, period: int, unit: Any, until: date | None, expected: datetime
    ) -> None:
        policy = replace(POLICY, loan_period=period, loan_unit=unit)

        assert due(policy, NOW, always_open(UTC_ZONE), until=until) == expected
