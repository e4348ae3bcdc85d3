"""Lending a real copy to a real reader."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from configuration.kit.errors import Refusal
from library_mgt.errors import (
    CopyAlreadyOnLoan,
    IllegalTransition,
    NoFreeCopy,
    OverrideForbidden,
    OwnRequest,
    ReasonIsBarcode,
    RequestAlreadyIssued,
)
from library_mgt.models.request.circulation import LoanPreview, Override
from library_mgt.services import blocks, cards, circulation, patrons
from tests.library_mgt.world import ANN, ASSISTANT, BEN, CAL, LIBRARIAN, NOW, ZONE, Library, person


def codes(refusal: Refusal) -> set[str]:
    return {blocker.code for blocker in refusal.blockers}


class TestCheckOut:
    def test_a_free_copy_is_lent_until_the_end_of_the_last_day_in_the_librarys_zone(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)

        loan = library.lend(ANN, copy, by=ASSISTANT)

        assert loan.due_at == datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC)  # summer time began on the 29th
        assert (loan.person, loan.title, loan.barcode) == ("student:1001", "Dune", copy.barcode)
        assert library.broken() == []

    def test_a_reader_is_found_by_reference_by_number_and_by_card(self, library: Library) -> None:
        _, [first, second, third] = library.book(copies=3)
        ann, ben, cal = library.reader(ANN), library.reader(BEN), library.reader(CAL)
        library.write(cards.add_card, cal, "card 77", by=ASSISTANT, zone=ZONE)

        loans = [library.lend("student:1001", first), library.lend("1002", second), library.lend("CARD77", third)]

        assert [loan.patron_id for loan in loans] == [ann, ben, cal]

    def test_a_number_that_two_readers_have_asks_for_the_reference(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.reader(person("faculty:1001"))

        with pytest.raises(Refusal) as refused:
            library.lend("1001", copy)

        assert refused.value.code == "PATRON_AMBIGUOUS"
        assert "faculty:1001, student:1001" in refused.value.detail

    def test_everything_that_is_unknown_is_told_at_once(self, library: Library) -> None:
        _, [copy] = library.book()

        with pytest.raises(Refusal) as refused:
            library.lend("student:9", replace(copy, barcode="NONE"))

        assert refused.value.status == 404
        assert codes(refused.value) == {"PATRON_NOT_FOUND", "COPY_NOT_FOUND"}

    def test_every_blocker_is_told_with_the_role_that_may_overrule_it(self, library: Library) -> None:
        title, [copy] = library.book()
        other = library.copy(title, item_type="reference")
        reader = library.reader(ANN)
        library.lend(ANN, copy)
        library.rule(max_loans=1)
        library.write(blocks.block_patron, reader, blocked=True, reason="Unpaid fees", by=LIBRARIAN, zone=ZONE)

        with pytest.raises(Refusal) as refused:
            library.lend(ANN, other)

        assert codes(refused.value) == {
            "PATRON_BLOCKED", "LOAN_LIMIT_REACHED", "TITLE_ALREADY_ON_LOAN_TO_PATRON", "COPY_NOT_LOANABLE",
        }  # fmt: skip
        assert {blocker.override for blocker in refused.value.blockers} == {"librarian"}

    def test_a_librarian_overrules_with_a_reason_that_stays_with_the_loan(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.rule(max_loans=0)

        loan = library.lend(ANN, copy, override=Override(codes=["LOAN_LIMIT_REACHED"], reason="For the exam"))

        assert loan.overrides == {"codes": ["LOAN_LIMIT_REACHED"], "reason": "For the exam"}
        assert library.broken() == []

    def test_what_a_scanner_wrote_is_no_reason(self, library: Library) -> None:
        title, [copy] = library.book()
        library.copy(title, barcode="SHELF-7")
        library.reader(ANN)
        library.rule(max_loans=0)

        for scanned in ("shelf-7", "1001"):
            with pytest.raises(ReasonIsBarcode):
                library.lend(ANN, copy, override=Override(codes=["LOAN_LIMIT_REACHED"], reason=scanned))

        assert library.broken() == []

    @pytest.mark.parametrize(
        ("by", "reader"), [(ASSISTANT, ANN), (LIBRARIAN, LIBRARIAN)], ids=["an assistant", "a librarian for herself"]
    )
    def test_nobody_else_overrules(self, library: Library, by: object, reader: object) -> None:
        _, [copy] = library.book()
        library.reader(reader)  # type: ignore[arg-type]
        library.rule(max_loans=0)

        with pytest.raises(OverrideForbidden):
            library.lend(reader, copy, by=by, override=Override(codes=["LOAN_LIMIT_REACHED"], reason="Please"))  # type: ignore[arg-type]

        assert library.broken() == []

    def test_a_copy_that_is_out_is_never_lent_again_not_even_by_overruling(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.reader(BEN)
        library.lend(ANN, copy)

        with pytest.raises(CopyAlreadyOnLoan):
            library.lend(BEN, copy, override=Override(codes=["COPY_ALREADY_ON_LOAN"], reason="Please"))

        assert library.broken() == []

    def test_a_copy_set_aside_for_another_is_given_away_only_by_overruling_and_he_keeps_his_place(
        self, library: Library
    ) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        wish = library.wait(BEN, title)
        later = library.wait(CAL, title)

        with pytest.raises(Refusal) as refused:
            library.lend(ANN, copy)
        library.lend(ANN, copy, override=Override(codes=["REQUESTED_BY_ANOTHER"], reason="She needs it now"))

        assert refused.value.code == "REQUESTED_BY_ANOTHER"
        assert library.seen(wish).position == 1
        assert library.seen(later).position == 2
        assert library.broken() == []

    def test_the_readers_own_request_is_fulfilled_whichever_copy_is_handed_over(self, library: Library) -> None:
        title, [first, second] = library.book(copies=2)
        wish = library.wait(ANN, title)
        assert wish.copy_id == first.id

        loan = library.lend(ANN, second)

        assert loan.request_id == wish.id
        assert library.seen(wish).state == "FULFILLED"
        assert library.broken() == []

    def test_handing_over_decides_a_pending_request_for_a_librarian_alone(self, library: Library) -> None:
        title, [copy] = library.book()
        wish = library.request(ANN, title)

        with pytest.raises(Refusal) as refused:
            library.lend(ANN, copy, by=ASSISTANT)
        library.lend(ANN, copy, by=LIBRARIAN)

        assert refused.value.code == "REQUEST_NOT_APPROVED"
        assert library.seen(wish).decided_by == "library:1"
        assert library.broken() == []

    def test_a_standing_older_than_a_day_does_not_lend(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.now += timedelta(hours=25)

        with pytest.raises(Refusal) as refused:
            library.lend(ANN, copy)

        assert (refused.value.status, refused.value.code) == (503, "PATRON_STANDING_UNAVAILABLE")

    def test_a_loan_never_lasts_longer_than_the_reader_stays(self, library: Library) -> None:
        _, [copy] = library.book()
        library.write(
            patrons.take_standing, person="student:5", display_name="E", group="student", active=True,
            until=date(2026, 3, 6), as_of=NOW, by=LIBRARIAN,
        )  # fmt: skip

        loan = library.lend("student:5", copy)

        assert loan.due_at == datetime(2026, 3, 6, 22, 59, 59, tzinfo=UTC)

    def test_a_preview_tells_the_same_and_changes_nothing(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.rule(max_loans=0)

        told = library.read(
            circulation.preview,
            LoanPreview(patron="1001", barcode=copy.barcode),
            by=ASSISTANT,
            now=library.now,
            zone=ZONE,
        )

        assert [blocker.code for blocker in told.blockers] == ["LOAN_LIMIT_REACHED"]
        assert told.due_at is not None
        assert told.due_at.date() == date(2026, 3, 30)
        assert library.read(circulation.loans_listed) == []


class TestIssueOfARequest:
    def test_a_pending_request_is_approved_and_lent_in_one_act(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)

        loan = library.write(circulation.issue_request, wish.id, by=LIBRARIAN, zone=ZONE)

        assert (loan.request_id, library.seen(wish).state) == (wish.id, "FULFILLED")
        assert library.seen(wish).loan_id == loan.id
        assert library.broken() == []

    def test_a_request_is_issued_once(self, library: Library) -> None:
        title, _ = library.book(copies=2)
        wish = library.request(ANN, title)
        library.write(circulation.issue_request, wish.id, by=LIBRARIAN, zone=ZONE)

        with pytest.raises(RequestAlreadyIssued):
            library.write(circulation.issue_request, wish.id, by=LIBRARIAN, zone=ZONE)

    def test_without_a_free_copy_the_request_stays_undecided(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(BEN)
        library.lend(BEN, copy)
        wish = library.request(ANN, title)

        with pytest.raises(NoFreeCopy):
            library.write(circulation.issue_request, wish.id, by=LIBRARIAN, zone=ZONE)

        assert library.seen(wish).state == "PENDING_APPROVAL"

    def test_nobody_issues_their_own(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(LIBRARIAN, title)

        with pytest.raises(OwnRequest):
            library.write(circulation.issue_request, wish.id, by=LIBRARIAN, zone=ZONE)


class TestReturn:
    def test_the_copy_goes_to_whoever_waits_first_and_is_ready_at_the_desk_in_hand(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        first, second = library.wait(BEN, title), library.wait(CAL, title)

        back = library.take_back(copy)

        assert (back.outcome, back.request and back.request.id) == ("RETURNED", first.id)
        assert library.seen(first).state == "READY"
        assert library.seen(second).position == 1
        assert library.broken() == []

    def test_the_desk_is_told_of_delay_but_never_of_the_borrower(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        library.now += timedelta(days=40)

        back = library.take_back(copy)

        assert (back.overdue, back.days_overdue) == (True, 12)
        assert "student:1001" not in repr(back)

    def test_a_copy_that_was_not_out_counts_as_used_in_the_house(self, library: Library) -> None:
        _, [copy] = library.book()

        assert library.take_back(copy).outcome == "IN_HOUSE_USE"

    def test_a_copy_scanned_twice_at_its_return_was_not_read_in_between(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        library.take_back(copy)

        again = library.take_back(copy)
        library.now += timedelta(minutes=2)

        assert again.outcome == "JUST_RETURNED"
        assert library.take_back(copy).outcome == "IN_HOUSE_USE"

    def test_a_missing_copy_is_in_service_again_and_set_aside_for_who_waits(self, library: Library) -> None:
        title, [copy] = library.book()
        from library_mgt.models.request.title import CopyChange
        from library_mgt.services import copies

        wish = library.wait(ANN, title)
        library.write(
            copies.edit_copy, copy.barcode, CopyChange(status="MISSING"), version=None, by=LIBRARIAN, zone=ZONE
        )
        assert library.seen(wish).state == "QUEUED"

        back = library.take_back(copy)

        assert back.outcome == "BACK_IN_SERVICE"
        assert library.seen(wish).state == "READY"
        assert library.broken() == []

    def test_a_scanned_copy_that_was_to_be_pulled_is_ready(self, library: Library) -> None:
        title, [copy] = library.book()
        wish = library.wait(ANN, title)

        back = library.take_back(copy)

        assert (back.outcome, library.seen(wish).state) == ("HOLD_SHELF", "READY")
        assert library.broken() == []

    def test_a_scan_that_waited_while_the_copy_was_lent_ends_that_loan_at_its_beginning(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        before = loan.loaned_at - timedelta(seconds=1)

        library.write(circulation.return_copy, copy.barcode, by=ASSISTANT, now=before, zone=ZONE)

        [ended] = library.read(circulation.loans_listed, state="RETURNED")
        assert ended.returned_at == loan.loaned_at
        assert library.broken() == []

    def test_a_second_return_of_the_same_loan_is_a_conflict(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.write(circulation.return_loan, loan.id, by=LIBRARIAN, zone=ZONE)

        with pytest.raises(IllegalTransition) as refused:
            library.write(circulation.return_loan, loan.id, by=LIBRARIAN, zone=ZONE)

        assert refused.value.blockers[0].facts["from"] == "RETURNED"
        assert library.broken() == []

    def test_an_announcement_is_noted_once_and_only_a_scan_ends_the_loan(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)

        first = library.write(circulation.announce_return, loan.id, by=ANN)
        second = library.write(circulation.announce_return, loan.id, by=ANN)

        assert first.announced_at == second.announced_at
        assert second.state == "ON_LOAN"
        assert library.take_back(copy).announced
        assert library.broken() == []

    def test_others_loans_are_as_absent(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)

        with pytest.raises(Refusal) as refused:
            library.write(circulation.announce_return, loan.id, by=BEN)

        assert refused.value.code == "LOAN_NOT_FOUND"
        assert library.read(circulation.loans_of, BEN) == []
        assert [one.id for one in library.read(circulation.loans_of, ANN)] == [loan.id]

    def test_linked_hats_are_one_reader(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        as_lecturer = person("faculty:9", "lecturer", persons=frozenset({"faculty:9", "student:1001"}))

        assert [one.id for one in library.read(circulation.loans_of, as_lecturer)] == [loan.id]
        assert library.reader(as_lecturer) == loan.patron_id
