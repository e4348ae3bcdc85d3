"""The rules in force, read from the database and kept in memory only as long as they hold."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from configuration.kit.database import Statement, Transaction
from configuration.kit.errors import Refusal
from library_mgt.domain.rules import Rules
from library_mgt.models.data.calendars import calendar, calendar_exception, calendar_hours, term, term_schedule
from library_mgt.models.data.loans import loan as loans
from library_mgt.models.data.policies import policy
from library_mgt.models.data.reference import location
from library_mgt.models.request.circulation import LoanPreview
from library_mgt.repository import policies
from library_mgt.services import circulation, patrons
from tests.library_mgt.world import ANN, LIBRARIAN, ZONE, Library, sql

BY: dict[str, Any] = {"changed_at": datetime(2026, 1, 1, tzinfo=UTC), "changed_by": "library:1"}
MONDAY_AFTER = date(2026, 3, 30)
"""Four weeks after the world's first day."""


def weekdays_only(library: Library, *closed: date, code: str = "main") -> None:
    sql(library, insert(calendar).values(location=code, version=1, **BY))
    for weekday in range(5):
        sql(
            library,
            insert(calendar_hours).values(location=code, weekday=weekday, opens=time(9), closes=time(18)),
        )
    for day in closed:
        sql(library, insert(calendar_exception).values(location=code, day=day, reason="Holiday"))


def special(library: Library, scope: str, **values: Any) -> None:
    named = dict(zip(("location", "group_code", "item_type"), [part or None for part in scope.split("|")], strict=True))
    sql(
        library,
        insert(policy).values(version=1, scope=scope, **BY, **named, **values),
    )


class TestWhatALoanIsMadeUnder:
    def test_a_closed_day_is_passed_over_where_the_rule_says_so(self, library: Library) -> None:
        _, [first, second] = library.book(copies=2)
        library.reader(ANN)
        weekdays_only(library, MONDAY_AFTER)
        kept = library.read(
            circulation.preview,
            LoanPreview(patron=ANN.person, barcode=first.barcode),
            by=LIBRARIAN,
            now=library.now,
            zone=ZONE,
        )
        library.rule(closed_days="NEXT_OPEN")

        loan = library.lend(ANN, second)

        assert kept.due_at == datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC)
        assert loan.due_at == datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)
        assert library.broken() == []

    def test_the_row_for_group_and_type_decides_the_period_and_the_term_ends_it(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        sql(library, insert(term_schedule).values(code="spring", name="Spring", version=1))
        sql(library, insert(term).values(schedule="spring", last_day=date(2026, 3, 11)))
        special(library, "|student|book", loan_period=7)
        special(library, "|student|", loan_period=14, term_schedule="spring")

        first = library.lend(ANN, copy)
        library.take_back(copy)
        library.now = datetime(2026, 3, 7, 9, tzinfo=UTC)
        library.reader(ANN)
        special(library, "main||", loan_period=10)
        standing(library)
        second = library.lend(ANN, copy)

        assert first.due_at == datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)
        assert second.due_at == datetime(2026, 3, 11, 22, 59, 59, tzinfo=UTC)

    def test_a_library_that_never_opens_lends_nothing_and_says_so_with_all_else(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        sql(library, insert(calendar).values(location="main", version=1, **BY))
        library.rule(closed_days="NEXT_OPEN", max_loans=0)

        with pytest.raises(Refusal) as refused:
            library.lend(ANN, copy)

        assert {blocker.code for blocker in refused.value.blockers} == {"LOAN_LIMIT_REACHED", "NO_OPEN_DAY"}
        assert library.broken() == []

    def test_a_copy_is_kept_for_open_days(self, library: Library) -> None:
        title, [copy] = library.book()
        weekdays_only(library)
        library.rule(pickup_days=5)
        wish = library.wait(ANN, title)

        library.take_back(copy)

        assert library.seen(wish).ready_until == datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)

    def test_a_title_may_be_requested_if_one_of_its_copies_may(self, library: Library) -> None:
        title, _ = library.book()
        library.copy(title, item_type="disc")
        special(library, "||book", requests_allowed=False)
        library.request(ANN, title)
        other, _ = library.book("Emma")

        with pytest.raises(Refusal) as refused:
            library.request(ANN, other)

        assert refused.value.code == "NOT_REQUESTABLE"


class TestTheLimitALoanKeeps:
    def test_a_smaller_limit_later_breaks_no_truth_and_a_loan_beyond_its_own_does(self, library: Library) -> None:
        for name in ("Dune", "Emma"):
            _, [copy] = library.book(name)
            library.reader(ANN)
            library.lend(ANN, copy)
        library.rule(max_loans=1)
        assert library.broken() == []

        _, [third] = library.book("Persuasion")
        library.rule(max_loans=3)
        loan = library.lend(ANN, third)
        snapshot = library.read(policies.in_force).policy(None, None, None).snapshot()
        sql(library, update(loans).where(loans.c.id == loan.id).values(policy=snapshot | {"max_loans": 2}))

        assert library.broken() == ["loan_limit"]


class TestKeptInMemory:
    def test_the_same_rules_are_not_read_twice(self, library: Library) -> None:
        assert library.read(policies.in_force) is library.read(policies.in_force)

    @pytest.mark.parametrize(
        "change",
        [
            update(policy).values(loan_period=3),
            update(location).values(zone="Asia/Tokyo"),
            insert(calendar).values(location="main", version=1, **BY),
            insert(term).values(schedule="none", last_day=date(2026, 7, 1)),
            delete(location).where(location.c.code == "nowhere"),
        ],
        ids=["policy", "zone", "calendar", "term", "nothing"],
    )
    def test_any_change_is_seen_by_the_next_unit(self, library: Library, change: Any) -> None:
        before = library.read(policies.in_force)

        sql(library, change)

        after = library.read(policies.in_force)
        unchanged = change.is_delete and library.database.dialect == "sqlite"
        assert (after is before) == unchanged
        if change.is_update and change.table is policy:
            assert after.policy(None, None, None).loan_period == 3

    def test_what_was_rolled_back_is_never_taken_for_what_came_after(self, library: Library) -> None:
        def change_and_give_up(tx: Transaction) -> None:
            tx.run(Statement(update(policy).values(loan_period=5)))
            seen.append(policies.in_force(tx))
            raise Refusal("Not after all.")

        seen: list[Rules] = []
        with pytest.raises(Refusal):
            library.database.write_sync(change_and_give_up)
        library.rule(loan_period=6)

        assert seen[0].policy(None, None, None).loan_period == 5
        assert library.read(policies.in_force).policy(None, None, None).loan_period == 6


def standing(library: Library) -> None:
    """Ann's home service says again that she is active."""
    library.write(
        patrons.take_standing, person=ANN.person, display_name="Ann", group="student", active=True, until=None,
        as_of=library.now, by=LIBRARIAN,
    )  # fmt: skip
