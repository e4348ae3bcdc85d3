"""Calling a loan back for those who wait."""

from datetime import UTC, datetime, timedelta

import pytest

from configuration.kit.errors import Refusal
from library_mgt.errors import IllegalTransition
from library_mgt.models.data.loans import LoanView
from library_mgt.services import notices, recalls, renewals
from tests.library_mgt.world import ANN, ASSISTANT, BEN, ZONE, Library


def recall(library: Library, loan: LoanView) -> LoanView:
    return library.write(recalls.recall, loan.id, by=ASSISTANT, zone=ZONE)


def refused(library: Library, loan: LoanView) -> set[str]:
    with pytest.raises(Refusal) as refusal:
        recall(library, loan)
    return {blocker.code for blocker in refusal.value.blockers}


class TestRecall:
    def test_it_is_due_when_guarantee_and_notice_are_over_and_the_reader_is_told(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        library.rule(recall_allowed=True, recall_guarantee_days=14, recall_interval_days=7)
        loan = library.lend(ANN, copy)
        library.wait(BEN, title)

        recalled = recall(library, loan)

        assert recalled.due_at == datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
        assert recalled.recalled_at == library.now
        assert [one.kind for one in library.read(notices.notices_of, ANN)] == ["RECALLED"]
        assert library.broken() == []

    def test_after_the_guarantee_the_reader_has_the_interval_and_never_longer_than_before(
        self, library: Library
    ) -> None:
        title, [first, second] = library.book(copies=2)
        for reader in (ANN, BEN):
            library.reader(reader)
        library.rule(recall_allowed=True, recall_guarantee_days=3, recall_interval_days=7)
        early, late = library.lend(ANN, first), library.lend(BEN, second)
        library.wait(ASSISTANT, title)
        library.now += timedelta(days=10)
        soon = recall(library, early)
        library.now += timedelta(days=16)

        assert soon.due_at == datetime(2026, 3, 19, 22, 59, 59, tzinfo=UTC)
        assert recall(library, late).due_at == late.due_at
        assert library.broken() == []

    def test_all_reasons_against_it_are_told_and_a_pending_wish_is_none_for_it(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.request(BEN, title)

        assert refused(library, loan) == {"RECALL_NOT_ALLOWED", "NOBODY_WAITS"}
        assert library.broken() == []

    def test_it_is_recalled_once_and_not_renewed_then(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        library.rule(recall_allowed=True)
        loan = library.lend(ANN, copy)
        library.wait(BEN, title)
        recall(library, loan)

        assert refused(library, loan) == {"RECALLED_ALREADY"}
        with pytest.raises(Refusal) as refusal:
            library.write(renewals.renew, loan.id, by=ANN, zone=ZONE)
        assert {one.code for one in refusal.value.blockers} == {"RENEWAL_RECALLED", "RENEWAL_REQUESTED"}

    def test_what_is_back_is_not_recalled(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.take_back(copy)

        with pytest.raises(IllegalTransition):
            recall(library, loan)
