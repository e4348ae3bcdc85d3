"""Copies that do not come back, or come back late."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from configuration.kit.security.actor import Actor
from library_mgt.errors import IllegalTransition, OwnFee, OwnRequest
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import LoanPreview
from library_mgt.models.request.title import CopyChange
from library_mgt.services import circulation, copies, losses
from library_mgt.services.returns import STILL_TAKEN
from tests.library_mgt.world import ANN, BEN, LIBRARIAN, ZONE, Library, person

CLAIM, LOSE, SETTLE = losses.claim_returned, losses.declare_lost, losses.settle


def lent(library: Library, who: Actor = ANN) -> tuple[LoanView, CopyView]:
    _, [copy] = library.book()
    library.reader(who)
    return library.lend(who, copy), copy


def follow(library: Library, loan: LoanView, *acts: Callable[..., LoanView]) -> LoanView:
    for act in acts:
        loan = library.write(act, loan.id, by=LIBRARIAN)
    return loan


class TestStates:
    @pytest.mark.parametrize(
        ("acts", "state", "status"),
        [
            ((CLAIM,), "CLAIMED_RETURNED", "IN_SERVICE"),
            ((LOSE,), "LOST", "LOST"),
            ((CLAIM, LOSE), "LOST", "LOST"),
            ((LOSE, SETTLE), "SETTLED", "LOST"),
        ],
    )
    def test_each_act_leads_on_and_what_turns_up_is_taken_back_and_in_service(
        self, library: Library, acts: Any, state: str, status: str
    ) -> None:
        loan, copy = lent(library)

        assert follow(library, loan, *acts).state == state
        assert library.read(copies.copy_found, copy.barcode).status == status
        assert library.broken() == []
        back = library.take_back(copy)

        assert (back.outcome, back.loan_id, back.copy.status) == ("RETURNED", loan.id, "IN_SERVICE")
        assert library.broken() == []

    @pytest.mark.parametrize(
        ("before", "act"),
        [((), SETTLE), ((CLAIM,), CLAIM), ((CLAIM,), SETTLE), ((LOSE,), CLAIM), ((LOSE, SETTLE), LOSE)],
    )
    def test_no_other_way_leads_anywhere(self, library: Library, before: Any, act: Callable[..., LoanView]) -> None:
        loan, _ = lent(library)
        follow(library, loan, *before)

        with pytest.raises(IllegalTransition):
            follow(library, loan, act)

        assert library.broken() == []

    @pytest.mark.parametrize("act", [CLAIM, LOSE])
    def test_nobody_claims_or_gives_up_their_own(self, library: Library, act: Callable[..., LoanView]) -> None:
        loan, _ = lent(library, LIBRARIAN)

        with pytest.raises(OwnRequest):
            follow(library, loan, act)

    def test_nobody_changes_the_price_that_their_own_fine_hangs_on(self, library: Library) -> None:
        _, copy = lent(library, LIBRARIAN)
        edit = partial(library.write, copies.edit_copy, copy.barcode, version=None, zone=ZONE)

        with pytest.raises(OwnFee):
            edit(CopyChange(price_minor=0), by=LIBRARIAN)

        assert edit(CopyChange(call_number="823 HER"), by=LIBRARIAN).price_minor is None
        assert edit(CopyChange(price_minor=900), by=person("library:9", "librarian")).price_minor == 900

    def test_a_copy_that_turns_up_goes_to_who_waits(self, library: Library) -> None:
        loan, copy = lent(library)
        wish = library.wait(BEN, library.read(_title, copy))
        follow(library, loan, LOSE, SETTLE)

        library.take_back(copy)

        assert library.seen(wish).state == "READY"
        assert library.broken() == []

    def test_what_turns_up_too_late_is_found_and_the_settled_loan_stays_settled(self, library: Library) -> None:
        loan, copy = lent(library)
        follow(library, loan, LOSE, SETTLE)
        library.now += STILL_TAKEN + timedelta(minutes=1)

        back = library.take_back(copy)

        assert (back.outcome, back.loan_id, back.copy.status) == ("BACK_IN_SERVICE", None, "IN_SERVICE")
        with pytest.raises(IllegalTransition):
            library.write(circulation.return_loan, loan.id, by=LIBRARIAN, zone=ZONE)

    def test_a_settled_loan_may_be_returned_by_its_number(self, library: Library) -> None:
        loan, _ = lent(library)
        follow(library, loan, LOSE, SETTLE)

        assert library.write(circulation.return_loan, loan.id, by=LIBRARIAN, zone=ZONE).state == "RETURNED"
        assert library.broken() == []

    def test_what_turns_up_on_the_shelf_is_ready_for_who_waits_although_its_loss_was_settled(
        self, library: Library
    ) -> None:
        loan, copy = lent(library)
        wish = library.wait(BEN, library.read(_title, copy))
        follow(library, loan, LOSE, SETTLE)
        there = CopyChange(status="IN_SERVICE")
        library.write(copies.edit_copy, copy.barcode, there, version=None, by=LIBRARIAN, zone=ZONE)
        assert library.seen(wish).state == "ALLOCATED"

        back = library.take_back(copy)

        assert (back.outcome, back.loan_id, library.seen(wish).state) == ("RETURNED", loan.id, "READY")
        assert library.broken() == []

    @pytest.mark.parametrize("act", [CLAIM, LOSE])
    def test_what_is_said_to_be_back_or_given_up_is_overdue_no_more(self, library: Library, act: Any) -> None:
        library.rule(block_overdue=1, block_debt_minor=10**9)
        loan, _ = lent(library)
        library.now = loan.due_at + timedelta(days=1)
        look = partial(
            circulation.preview, wish=LoanPreview(patron=ANN.person, barcode=library.book("Emma")[1][0].barcode)
        )

        def told() -> set[str]:
            return {one.code for one in library.read(look, by=LIBRARIAN, now=library.now, zone=ZONE).blockers}

        assert "PATRON_BLOCKED" in told()
        follow(library, loan, act)

        assert "PATRON_BLOCKED" not in told()


def _title(tx: Any, copy: CopyView) -> Any:
    from library_mgt.services import catalogue

    return catalogue.title_record(tx, copy.title_id)
