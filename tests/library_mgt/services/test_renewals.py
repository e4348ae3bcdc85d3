"""Keeping a book longer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from library_mgt.errors import IllegalTransition, LoanNotFound, OverrideForbidden
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import Override
from library_mgt.repository import events
from library_mgt.services import circulation, patrons, renewals, requests
from tests.library_mgt.world import ANN, ASSISTANT, BEN, LIBRARIAN, NOW, ZONE, Library, person


def renew(library: Library, loan: LoanView, by: Actor = ANN, override: Override | None = None) -> LoanView:
    return library.write(renewals.renew, loan.id, override, by=by, zone=ZONE)


def refused(library: Library, loan: LoanView, by: Actor = ANN, override: Override | None = None) -> set[str]:
    with pytest.raises(Refusal) as refusal:
        renew(library, loan, by, override)
    return {blocker.code for blocker in refusal.value.blockers} or {refusal.value.code}


class TestRenew:
    def test_a_reader_keeps_a_book_a_period_longer_and_it_is_written_down(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)

        renewed = renew(library, loan)

        assert renewed.due_at == datetime(2026, 4, 27, 21, 59, 59, tzinfo=UTC)
        assert (renewed.renewals, renewed.version, renewed.original_due_at) == (1, 2, loan.due_at)
        last = library.read(events.of_loan, loan.id)[-1]
        assert (last.kind, last.facts["was_due_at"]) == ("RENEWED", loan.due_at.isoformat())
        assert library.broken() == []

    def test_the_desk_renews_for_a_reader_and_others_loans_are_as_absent(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)

        with pytest.raises(LoanNotFound):
            renew(library, loan, by=BEN)

        assert renew(library, loan, by=ASSISTANT).renewals == 1
        assert library.broken() == []

    def test_a_loan_keeps_the_rule_it_was_made_under(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        library.rule(renewals=1, renewal_period=7)
        loan = library.lend(ANN, copy)
        library.rule(renewals=9, renewal_period=70)

        assert (renew(library, loan).due_at - loan.due_at).days == 7
        assert refused(library, loan) == {"RENEWAL_LIMIT"}

    def test_nobody_keeps_what_another_waits_for_whether_decided_or_not(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        wish = library.request(BEN, title)

        undecided = refused(library, loan)
        library.approve(wish)

        assert undecided == refused(library, loan) == {"RENEWAL_REQUESTED"}
        library.write(requests.cancel, wish.id, by=BEN, zone=ZONE)
        assert renew(library, loan).renewals == 1
        assert library.broken() == []

    def test_a_reader_for_whom_a_copy_is_free_keeps_nobody_from_renewing(self, library: Library) -> None:
        title, [copy, _free] = library.book(copies=2)
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.request(BEN, title)

        assert renew(library, loan).renewals == 1

    def test_one_who_waits_for_this_very_copy_does(self, library: Library) -> None:
        title, [copy, _free] = library.book(copies=2)
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.wait(BEN, title, barcode=copy.barcode)

        assert refused(library, loan) == {"RENEWAL_REQUESTED"}

    def test_it_ends_with_the_readers_time_at_the_university(self, library: Library) -> None:
        _, [copy] = library.book()
        library.write(
            patrons.take_standing, person=ANN.person, display_name="Ann", group="student", active=True,
            until=date(2026, 4, 3), as_of=NOW, by=LIBRARIAN,
        )  # fmt: skip
        loan = library.lend(ANN, copy)

        assert renew(library, loan).due_at == datetime(2026, 4, 3, 21, 59, 59, tzinfo=UTC)
        assert refused(library, loan) == {"RENEWAL_NO_GAIN"}

    def test_every_reason_is_told_and_a_librarian_overrules_with_one_that_stays(self, library: Library) -> None:
        title, [copy] = library.book()
        patron = library.reader(ANN)
        library.rule(renewals=0)
        loan = library.lend(ANN, copy)
        library.wait(BEN, title)
        library.write(patrons.block_patron, patron, blocked=True, reason="Unpaid fees", by=LIBRARIAN)
        reasons = {"PATRON_BLOCKED", "RENEWAL_LIMIT", "RENEWAL_REQUESTED"}

        assert refused(library, loan) == reasons
        renewed = renew(library, loan, LIBRARIAN, Override(codes=sorted(reasons), reason="She is ill"))

        assert renewed.overrides == {"renewals": [{"codes": sorted(reasons), "reason": "She is ill"}]}
        assert library.broken() == []

    @pytest.mark.parametrize("by", [ANN, ASSISTANT, LIBRARIAN], ids=["reader", "assistant", "librarian for herself"])
    def test_nobody_else_overrules(self, library: Library, by: Actor) -> None:
        _, [copy] = library.book()
        reader = LIBRARIAN if by is LIBRARIAN else ANN
        library.reader(reader)
        library.rule(renewals=0)
        loan = library.lend(reader, copy)

        with pytest.raises(OverrideForbidden):
            renew(library, loan, by, Override(codes=["RENEWAL_LIMIT"], reason="Please"))

        assert library.broken() == []

    def test_a_loan_that_ended_is_not_renewed(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.take_back(copy)

        with pytest.raises(IllegalTransition):
            renew(library, loan)

    def test_a_return_that_was_announced_is_off(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.write(circulation.announce_return, loan.id, by=ANN)

        assert renew(library, loan).announced_at is None
        assert library.broken() == []

    def test_one_so_late_that_a_period_more_has_passed_goes_to_the_desk(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        library.now += timedelta(days=70)

        assert refused(library, loan) == {"RENEWAL_NO_GAIN"}

    def test_linked_hats_renew_as_one_reader(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        as_lecturer = person("faculty:9", "lecturer", persons=frozenset({"faculty:9", "student:1001"}))

        assert renew(library, loan, as_lecturer).renewals == 1
