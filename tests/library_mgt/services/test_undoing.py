"""Undoing what the desk has just done."""

from datetime import timedelta

import pytest

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.title import CopyChange
from library_mgt.repository import events
from library_mgt.services import copies, renewals, returns, undoing
from tests.library_mgt.world import ANN, ASSISTANT, BEN, CAL, LIBRARIAN, ZONE, Library


def undo(library: Library, loan: LoanView) -> LoanView:
    return library.write(undoing.undo, loan.id, by=ASSISTANT, zone=ZONE)


def refused(library: Library, loan: LoanView) -> set[str]:
    with pytest.raises(Refusal) as refusal:
        undo(library, loan)
    return {blocker.code for blocker in refusal.value.blockers}


class TestUndoACheckOut:
    def test_the_loan_ends_and_the_request_gets_its_copy_and_place_again(self, library: Library) -> None:
        title, [copy] = library.book()
        wish, later = library.wait(ANN, title), library.wait(BEN, title)
        loan = library.lend(ANN, copy)

        undone = undo(library, loan)

        assert (undone.state, undone.request_id) == ("RETURNED", None)
        assert (library.seen(wish).state, library.seen(wish).copy_id) == ("READY", copy.id)
        assert (library.seen(wish).loan_id, library.seen(later).position) == (None, 1)
        last = library.read(events.of_loan, loan.id)[-1]
        assert (last.kind, last.request_id, last.facts["act"]) == ("UNDONE", wish.id, "CHECKED_OUT")
        assert library.broken() == []
        assert library.lend(ANN, copy).request_id == wish.id
        assert library.broken() == []

    def test_a_copy_that_was_given_away_from_another_goes_back_to_whoever_is_first(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        wish = library.wait(BEN, title)

        undo(library, loan)

        assert library.seen(wish).state == "READY"
        assert library.broken() == []

    def test_not_after_ten_minutes_nor_when_something_else_happened(self, library: Library) -> None:
        _, [first, second] = library.book(copies=2)
        for reader in (ANN, BEN):
            library.reader(reader)
        announced, old = library.lend(ANN, first), library.lend(BEN, second)
        library.write(returns.announce_return, announced.id, by=ANN)

        assert refused(library, announced) == {"NOT_THE_LAST_ACT"}
        library.now += undoing.WITHIN
        assert refused(library, old) == {"UNDO_TOO_LATE"}
        assert library.broken() == []


class TestUndoARenewal:
    def test_the_loan_is_due_as_before_and_may_be_renewed_again(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.write(returns.announce_return, loan.id, by=ANN)
        announced = library.now
        library.now += timedelta(minutes=1)
        library.write(renewals.renew, loan.id, by=ASSISTANT, zone=ZONE)

        again = undo(library, loan)

        assert (again.state, again.due_at, again.renewals) == ("ON_LOAN", loan.due_at, 0)
        assert again.announced_at == announced
        assert library.broken() == []
        assert library.write(renewals.renew, loan.id, by=ANN, zone=ZONE).renewals == 1
        assert undo(library, loan).announced_at == announced
        assert library.broken() == []

    def test_an_announcement_that_an_earlier_renewal_called_off_stays_off(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.write(returns.announce_return, loan.id, by=ANN)
        first = library.write(renewals.renew, loan.id, by=ASSISTANT, zone=ZONE)
        library.write(renewals.renew, loan.id, by=ASSISTANT, zone=ZONE)

        again = undo(library, loan)

        assert (again.due_at, again.renewals, again.announced_at) == (first.due_at, 1, None)
        assert refused(library, loan) == {"NOT_THE_LAST_ACT"}
        assert library.broken() == []

    def test_not_after_ten_minutes(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.write(renewals.renew, loan.id, by=ASSISTANT, zone=ZONE)
        library.now += undoing.WITHIN + timedelta(seconds=1)

        assert refused(library, loan) == {"UNDO_TOO_LATE"}


class TestUndoALongStory:
    def test_the_last_act_is_undone_however_much_has_happened_before(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)

        def happens(tx: Transaction) -> None:
            for _ in range(200):
                events.add(tx, "RETURN_ANNOUNCED", at=library.now, loan_id=loan.id)

        library.database.write_sync(happens)
        library.write(renewals.renew, loan.id, by=ANN, zone=ZONE)

        assert undo(library, loan).due_at == loan.due_at


class TestUndoAReturn:
    def test_the_loan_is_what_it_was(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.take_back(copy)

        again = undo(library, loan)

        assert (again.state, again.due_at, again.returned_at) == ("ON_LOAN", loan.due_at, None)
        assert library.broken() == []
        assert library.take_back(copy).loan_id == loan.id
        assert library.broken() == []

    def test_every_reason_why_it_stands_is_told(self, library: Library) -> None:
        title, [copy] = library.book()
        _, [other] = library.book("Emma")
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.wait(BEN, title)
        library.take_back(copy)
        library.lend(ANN, other)
        library.now += timedelta(minutes=10)

        assert refused(library, loan) == {"UNDO_TOO_LATE", "SERVED_MEANWHILE", "BORROWED_SINCE"}
        assert library.broken() == []

    def test_it_stands_when_the_copy_was_lent_again(self, library: Library) -> None:
        _, [copy] = library.book()
        for reader in (ANN, CAL):
            library.reader(reader)
        loan = library.lend(ANN, copy)
        library.take_back(copy)
        library.lend(CAL, copy)

        assert refused(library, loan) == {"SERVED_MEANWHILE"}

    def test_an_undoing_is_not_undone(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        undo(library, loan)

        assert refused(library, loan) == {"NOT_THE_LAST_ACT"}

    @pytest.mark.parametrize("change", [CopyChange(part="2"), CopyChange(status="WITHDRAWN")])
    def test_it_stands_when_the_copy_is_another_part_now_or_gone(self, library: Library, change: CopyChange) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.take_back(copy)
        library.write(copies.edit_copy, copy.barcode, change, version=None, by=LIBRARIAN, zone=ZONE)

        assert refused(library, loan) == {"COPY_CHANGED"}
        assert library.broken() == []
