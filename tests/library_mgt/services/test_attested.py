"""Loans and returns that happened before they were written down."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import insert

from configuration.kit.errors import Refusal
from library_mgt.models.data.calendars import calendar, calendar_hours
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.services import attested, circulation, returns
from library_mgt.services.returns import CheckIn
from tests.library_mgt.world import ANN, ASSISTANT, BEN, CAL, LIBRARIAN, NOW, ZONE, Library, sql


def back(library: Library, copy: CopyView, minutes_ago: float) -> CheckIn:
    """A copy that came back that many minutes before it was scanned."""
    library.now += timedelta(minutes=1)
    at = library.now - timedelta(minutes=minutes_ago)
    assert copy.barcode is not None
    return library.database.write_sync(
        returns.return_copy, copy.barcode, returned_at=at, by=ASSISTANT, now=library.now, zone=ZONE
    )


class TestReturnEarlier:
    def test_the_loan_ends_when_it_came_back_and_the_next_reader_is_served_from_now(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.now = loan.due_at + timedelta(hours=1)
        wish = library.wait(BEN, title)

        found = back(library, copy, minutes_ago=120)

        ended, ready_until = library.read(returns.loan_for, loan.id, LIBRARIAN), library.seen(wish).ready_until
        assert (found.outcome, found.overdue) == ("RETURNED", False)
        assert ended.returned_at == library.now - timedelta(minutes=120)
        assert ready_until is not None
        assert ready_until > library.now
        assert library.broken() == []

    def test_not_before_it_was_lent_and_not_in_the_future(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)

        with pytest.raises(Refusal) as before:
            back(library, copy, minutes_ago=60)
        with pytest.raises(Refusal) as ahead:
            back(library, copy, minutes_ago=-1)

        assert (before.value.code, ahead.value.code) == ("RETURN_BEFORE_LOAN", "TIME_IN_FUTURE")
        assert library.read(returns.loans_listed)[0].returned_at is None

    def test_nobody_attests_when_their_own_overdue_copy_came_back(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ASSISTANT)
        loan = library.lend(ASSISTANT, copy)
        library.now = loan.due_at + timedelta(days=5)
        on_time = loan.due_at - timedelta(days=1)

        with pytest.raises(Refusal) as own:
            library.write(returns.return_copy, copy.barcode, returned_at=on_time, by=ASSISTANT, zone=ZONE)
        found = library.write(returns.return_copy, copy.barcode, returned_at=on_time, by=LIBRARIAN, zone=ZONE)

        assert own.value.code == "OWN_RETURN_ATTESTED"
        assert (found.outcome, found.overdue) == ("RETURNED", False)

    def test_ones_own_copy_comes_back_as_of_now_or_before_it_was_due(self, library: Library) -> None:
        (_, [late]), (_, [early]) = library.book(), library.book("Emma")
        library.reader(ASSISTANT)
        library.lend(ASSISTANT, early)
        before_due = back(library, early, minutes_ago=0.5)
        loan = library.lend(ASSISTANT, late)
        library.now = loan.due_at + timedelta(days=5)

        scanned = library.take_back(late)

        assert (before_due.outcome, before_due.overdue) == ("RETURNED", False)
        assert (scanned.outcome, scanned.overdue) == ("RETURNED", True)

    def test_scanned_again_for_the_same_moment_it_is_no_use_in_the_house(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        library.now += timedelta(hours=3)

        first, again = back(library, copy, minutes_ago=60), back(library, copy, minutes_ago=61)

        assert (first.outcome, again.outcome) == ("RETURNED", "JUST_RETURNED")


class TestLendEarlier:
    def lend(self, library: Library, copy: CopyView, minutes_ago: float) -> LoanView:
        library.now += timedelta(minutes=1)
        at = library.now - timedelta(minutes=minutes_ago)
        assert copy.barcode is not None
        wish = LoanCreate(patron=ANN.person, barcode=copy.barcode)
        return library.database.write_sync(
            circulation.check_out, wish, loaned_at=at, by=LIBRARIAN, now=library.now, zone=ZONE
        )

    def test_a_loan_is_due_from_when_it_was_handed_over(self, library: Library) -> None:
        _, [one, other] = library.book(copies=2)
        library.reader(ANN)
        library.reader(BEN)
        reference = library.lend(BEN, other)

        loan = self.lend(library, one, minutes_ago=12 * 60)

        assert (loan.loaned_at, loan.due_at) == (
            library.now - timedelta(hours=12),
            reference.due_at - timedelta(days=1),
        )
        assert library.broken() == []

    def test_not_while_it_was_still_out(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.reader(CAL)
        library.lend(CAL, copy)
        library.now += timedelta(hours=2)
        library.take_back(copy)

        with pytest.raises(Refusal) as refused:
            self.lend(library, copy, minutes_ago=60)
        with pytest.raises(Refusal) as ahead:
            self.lend(library, copy, minutes_ago=-1)

        assert (refused.value.code, ahead.value.code) == ("COPY_OUT_THEN", "TIME_IN_FUTURE")


class TestTheBookDrop:
    def test_closes_with_its_location_and_of_one_that_never_opens_a_time_is_asked_for(self, library: Library) -> None:
        every_day = [{"location": "main", "weekday": day, "opens": time(9), "closes": time(18)} for day in range(7)]
        always = library.read(attested.last_closing, "main", now=NOW, zone=ZONE)
        configured = {"location": "main", "version": 1, "changed_at": NOW, "changed_by": "library:1"}
        sql(library, insert(calendar).values(**configured))
        with pytest.raises(Refusal) as never:
            library.read(attested.last_closing, "main", now=NOW, zone=ZONE)
        for day in every_day:
            sql(library, insert(calendar_hours).values(**day))

        hours = library.read(attested.last_closing, "main", now=NOW, zone=ZONE)

        assert always == datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC)
        assert never.value.code == "NO_OPEN_DAY"
        assert hours == datetime(2026, 3, 1, 17, tzinfo=UTC)
