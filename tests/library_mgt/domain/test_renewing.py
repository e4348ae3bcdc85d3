"""Whether a loan may be renewed: a table of cases over plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest

from library_mgt.domain.calendar import Calendar, always_open
from library_mgt.domain.renewing import RenewalFacts, blockers
from library_mgt.domain.rules import Conditions
from tests.library_mgt.domain.calendars import POLICY
from tests.library_mgt.domain.test_lending import NOW, UTC_ZONE

DUE = datetime(2026, 3, 5, 23, 59, 59, tzinfo=UTC)
ALWAYS = Conditions(POLICY, always_open(UTC_ZONE))
LOAN = RenewalFacts(
    patron_id=1, active=True, until=None, as_of=NOW, local=False, blocked=False, block_reason=None, overdue=0,
    loan_id=1, state="ON_LOAN", due_at=DUE, renewed=0, recalled_at=None, snapshot={}, location="main",
    waiting=0, free=0, insisting=0,
)  # fmt: skip


def found(facts: RenewalFacts) -> list[tuple[str, str | None]]:
    until = ALWAYS.renewed(facts.due_at, NOW, until=facts.until)
    return [(one.code, one.override) for one in blockers(facts, POLICY, due_at=until, now=NOW, zone=UTC_ZONE)]


class TestBlockers:
    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({}, []),
            ({"active": False}, [("PATRON_INACTIVE", "librarian")]),
            ({"blocked": True, "block_reason": "Lost card"}, [("PATRON_BLOCKED", "librarian")]),
            ({"overdue": 2}, [("PATRON_BLOCKED", "librarian")]),
            ({"as_of": NOW - timedelta(days=99)}, []),
            ({"renewed": 1}, [("RENEWAL_LIMIT", "librarian")]),
            ({"recalled_at": NOW}, [("RENEWAL_RECALLED", "librarian")]),
            ({"waiting": 1}, [("RENEWAL_REQUESTED", "librarian")]),
            ({"waiting": 1, "free": 1}, []),
            ({"waiting": 2, "free": 1}, [("RENEWAL_REQUESTED", "librarian")]),
            ({"insisting": 1, "free": 1}, [("RENEWAL_REQUESTED", "librarian")]),
            ({"until": date(2026, 3, 5)}, [("RENEWAL_NO_GAIN", None)]),
            ({"until": date(2026, 3, 6)}, []),
            ({"due_at": NOW - timedelta(days=30)}, [("RENEWAL_NO_GAIN", None)]),
        ],
    )
    def test_each_reason_is_told_with_who_may_overrule_it(
        self, changed: dict[str, Any], expected: list[tuple[str, str | None]]
    ) -> None:
        assert found(replace(LOAN, **changed)) == expected

    def test_all_reasons_are_told_together(self) -> None:
        worst = replace(LOAN, active=False, renewed=1, recalled_at=NOW, waiting=1, until=date(2026, 3, 4))

        assert [code for code, _ in found(worst)] == [
            "PATRON_INACTIVE", "RENEWAL_LIMIT", "RENEWAL_RECALLED", "RENEWAL_REQUESTED", "RENEWAL_NO_GAIN",
        ]  # fmt: skip


class TestDue:
    @pytest.mark.parametrize(
        ("origin", "until", "expected"),
        [
            ("due", None, datetime(2026, 3, 19, 23, 59, 59, tzinfo=UTC)),
            ("now", None, datetime(2026, 3, 16, 23, 59, 59, tzinfo=UTC)),
            ("due", date(2026, 3, 10), datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)),
            ("due", date(2026, 3, 5), DUE),
            ("due", date(2026, 3, 2), DUE),
        ],
    )
    def test_a_period_from_the_due_date_or_from_now_and_not_after_the_reader_leaves(
        self, origin: Literal["due", "now"], until: date | None, expected: datetime
    ) -> None:
        conditions = replace(ALWAYS, policy=replace(POLICY, loan_period=3, renewal_from=origin))

        assert conditions.renewed(DUE, NOW, until=until) == expected

    def test_not_after_the_term_ends(self) -> None:
        assert replace(ALWAYS, term_ends=[date(2026, 3, 9)]).renewed(DUE, NOW) == DUE + timedelta(days=4)
        assert replace(ALWAYS, term_ends=[date(2026, 3, 5)]).renewed(DUE, NOW) == DUE

    def test_on_a_day_that_is_open_where_the_rule_moves_dates(self) -> None:
        shut = Calendar(UTC_ZONE, always_open(UTC_ZONE).weekly, {date(2026, 3, 19): None})
        policy = replace(POLICY, closed_days="NEXT_OPEN")

        assert Conditions(policy, shut).renewed(DUE, NOW) == DUE + timedelta(days=15)

    def test_hours_are_counted_from_the_hour(self) -> None:
        conditions = replace(ALWAYS, policy=replace(POLICY, loan_unit="hours", renewal_period=2))

        assert conditions.renewed(DUE, NOW) == DUE + timedelta(hours=2)
