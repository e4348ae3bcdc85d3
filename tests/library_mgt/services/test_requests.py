"""Requests: made, decided, queued, shelved, ended."""

from datetime import date, timedelta
from typing import Any

import pytest

from configuration.kit.errors import Forbidden, Refusal
from library_mgt.errors import (
    CardOutOfUse,
    CopyNotLoanable,
    IllegalTransition,
    OwnRequest,
    RequestNotFound,
)
from library_mgt.models.request.circulation import RequestCreate
from library_mgt.models.request.title import CopyChange
from library_mgt.services import cards, copies, patrons, requests
from tests.library_mgt.world import ANN, ASSISTANT, BEN, CAL, LIBRARIAN, NOW, ZONE, Library, person


def codes(refusal: Refusal) -> set[str]:
    return {blocker.code for blocker in refusal.blockers}


class TestRequest:
    def test_it_waits_for_a_librarian(self, library: Library) -> None:
        title, _ = library.book()

        wish = library.request(ANN, title)

        assert (wish.state, wish.title, wish.position) == ("PENDING_APPROVAL", "Dune", None)
        assert library.read(requests.requests_of, ANN) == [wish]
        assert library.read(requests.requests_of, BEN) == []

    def test_where_the_rule_approves_by_itself_a_copy_is_set_aside_at_once(self, library: Library) -> None:
        title, [copy] = library.book()
        library.rule(auto_approve=True)

        assert library.request(ANN, title).copy_id == copy.id
        assert library.broken() == []

    def test_all_that_stands_against_it_is_told_at_once(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        library.rule(max_requests=0)

        with pytest.raises(Refusal) as refused:
            library.request(ANN, title, not_needed_after=date(2026, 1, 1))

        assert codes(refused.value) == {"TITLE_ALREADY_ON_LOAN_TO_PATRON", "REQUEST_LIMIT_REACHED", "DATE_PASSED"}

    def test_a_second_request_for_the_same_title_and_part_is_a_conflict(self, library: Library) -> None:
        title, _ = library.book()
        library.request(ANN, title)

        with pytest.raises(Refusal) as refused:
            library.request(ANN, title)

        assert (refused.value.status, refused.value.code) == (409, "DUPLICATE_REQUEST")

    def test_parts_are_requested_one_by_one(self, library: Library) -> None:
        title = library.title("Collected Works")
        one, two = library.copy(title, part="Vol. 1"), library.copy(title, part="Vol. 2")

        with pytest.raises(Refusal) as refused:
            library.request(ANN, title)
        first, second = library.wait(ANN, title, part="Vol. 1"), library.wait(ANN, title, part="Vol. 2")

        assert codes(refused.value) == {"PART_UNKNOWN"}
        assert (first.copy_id, second.copy_id) == (one.id, two.id)

    def test_a_title_that_will_never_be_lent_is_not_requested(self, library: Library) -> None:
        title = library.title()
        library.copy(title, status="REFERENCE_ONLY")

        with pytest.raises(Refusal) as refused:
            library.request(ANN, title)

        assert codes(refused.value) == {"NOT_REQUESTABLE"}

    @pytest.mark.parametrize("change", [{"status": "MISSING"}, {"item_type": "reference"}])
    def test_a_wished_copy_that_will_never_be_lent_is_not_waited_for(
        self, library: Library, change: dict[str, Any]
    ) -> None:
        title, [one, _other] = library.book(copies=2)
        library.write(copies.edit_copy, one.barcode, CopyChange(**change), version=None, by=LIBRARIAN, zone=ZONE)

        with pytest.raises(Refusal) as refused:
            library.request(ANN, title, barcode=one.barcode)

        assert codes(refused.value) == {"NOT_REQUESTABLE"}
        assert library.request(ANN, title).state == "PENDING_APPROVAL"

    def test_only_the_wished_copy_will_do(self, library: Library) -> None:
        title, [first, second] = library.book(copies=2)
        library.reader(BEN)
        library.lend(BEN, second)

        wish = library.wait(ANN, title, barcode=second.barcode)

        assert wish.state == "QUEUED"
        library.take_back(second)
        assert library.seen(wish).copy_id == second.id
        assert first.id != second.id

    def test_the_desk_requests_for_another_and_the_reader_sees_by_whom_and_why(self, library: Library) -> None:
        title, _ = library.book()
        library.reader(ANN)
        wish = RequestCreate(title_id=title.id, patron="1001", behalf_reason="Asked by telephone")

        made = library.write(requests.request_title, wish, by=ASSISTANT, zone=ZONE)

        [seen] = library.read(requests.requests_of, ANN)
        assert seen.id == made.id
        assert (seen.behalf_by, seen.behalf_reason) == ("library:2", "Asked by telephone")

    def test_a_reader_cannot_request_for_another(self, library: Library) -> None:
        title, _ = library.book()
        library.reader(BEN)
        wish = RequestCreate(title_id=title.id, patron="1002", behalf_reason="Out of kindness")

        with pytest.raises(Forbidden):
            library.write(requests.request_title, wish, by=ANN, zone=ZONE)

    def test_an_old_standing_does_not_keep_a_reader_from_asking(self, library: Library) -> None:
        title, _ = library.book()
        library.reader(ANN)
        library.now += timedelta(days=3)

        assert library.request(ANN, title).state == "PENDING_APPROVAL"


class TestDecision:
    def test_approval_sets_a_free_copy_aside(self, library: Library) -> None:
        title, [copy] = library.book()

        wish = library.wait(ANN, title)

        assert (wish.state, wish.copy_id, wish.decided_by) == ("ALLOCATED", copy.id, "library:1")
        assert library.broken() == []

    def test_nobody_decides_their_own_under_any_hat(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)
        also_ann = person("library:8", "librarian", persons=frozenset({"library:8", "student:1001"}))

        with pytest.raises(OwnRequest):
            library.approve(wish, by=also_ann)
        with pytest.raises(OwnRequest):
            library.write(requests.reject, wish.id, "I changed my mind", by=also_ann)

        assert library.seen(wish).state == "PENDING_APPROVAL"

    def test_it_is_decided_once(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.wait(ANN, title)

        with pytest.raises(IllegalTransition) as refused:
            library.approve(wish)

        assert refused.value.blockers[0].facts["from"] == "ALLOCATED"
        assert library.broken() == []

    def test_a_rejection_gives_its_reason(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)

        rejected = library.write(requests.reject, wish.id, "Being bound", by=LIBRARIAN)

        assert (rejected.state, rejected.reason) == ("REJECTED", "Being bound")
        assert library.request(ANN, title).state == "PENDING_APPROVAL"
        assert library.broken() == []


class TestQueue:
    def test_copies_go_round_in_the_order_of_asking_not_of_approval(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(CAL)
        library.lend(CAL, copy)
        ann, ben = library.request(ANN, title), library.request(BEN, title)
        library.approve(ben)
        library.approve(ann)

        library.take_back(copy)

        assert (library.seen(ann).state, library.seen(ben).state) == ("READY", "QUEUED")
        assert library.broken() == []

    def test_cancelling_passes_the_copy_on(self, library: Library) -> None:
        title, [copy] = library.book()
        ann, ben = library.wait(ANN, title), library.wait(BEN, title)

        cancelled = library.write(requests.cancel, ann.id, by=ANN, zone=ZONE)

        assert cancelled.state == "CANCELLED"
        assert library.seen(ben).copy_id == copy.id
        assert library.broken() == []

    def test_others_requests_are_as_absent(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)

        with pytest.raises(RequestNotFound):
            library.write(requests.cancel, wish.id, by=BEN, zone=ZONE)

    def test_a_new_copy_is_set_aside_for_who_waits(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(BEN)
        library.lend(BEN, copy)
        wish = library.wait(ANN, title)

        added = library.copy(title)

        assert library.seen(wish).copy_id == added.id
        assert library.broken() == []

    def test_a_copy_not_found_on_the_shelf_gives_the_request_its_old_place_back(self, library: Library) -> None:
        title, [copy] = library.book()
        ann, ben = library.wait(ANN, title), library.wait(BEN, title)
        change = CopyChange(status="MISSING")

        library.write(copies.edit_copy, copy.barcode, change, version=None, by=LIBRARIAN, zone=ZONE)

        assert (library.seen(ann).position, library.seen(ben).position) == (1, 2)
        assert library.broken() == []

    def test_requests_whose_time_is_over_end_and_pass_their_copies_on(self, library: Library) -> None:
        title, [copy] = library.book()
        ann, ben = library.wait(ANN, title), library.wait(BEN, title)
        library.take_back(copy)
        assert library.seen(ann).state == "READY"
        library.now += timedelta(days=9)

        over = library.read(requests.expiring, now=library.now, zone=ZONE)
        for request_id in over:
            library.write(requests.expire, request_id, by=LIBRARIAN, zone=ZONE)

        assert over == [ann.id]
        assert (library.seen(ann).state, library.seen(ben).copy_id) == ("EXPIRED", copy.id)
        assert library.seen(ben).state == "READY", "the copy lies on the hold shelf already"
        assert library.broken() == []


class TestShelve:
    def test_the_pulled_copy_is_ready_for_some_days(self, library: Library) -> None:
        title, [copy] = library.book()
        wish = library.wait(ANN, title)

        ready = library.write(requests.shelve, wish.id, copy.barcode, by=ASSISTANT, zone=ZONE)

        assert ready.state == "READY"
        assert ready.ready_until is not None
        assert ready.ready_until.astimezone(ZONE).date() == NOW.date() + timedelta(days=7)
        assert library.broken() == []

    def test_another_free_copy_does_as_well(self, library: Library) -> None:
        title, [first, second] = library.book(copies=2)
        wish = library.wait(ANN, title)

        ready = library.write(requests.shelve, wish.id, second.barcode, by=ASSISTANT, zone=ZONE)

        assert ready.copy_id == second.id
        assert first.id == wish.copy_id
        assert library.broken() == []

    def test_a_copy_of_another_title_does_not(self, library: Library) -> None:
        title, _ = library.book()
        _, [strange] = library.book("Emma")
        wish = library.wait(ANN, title)

        with pytest.raises(CopyNotLoanable):
            library.write(requests.shelve, wish.id, strange.barcode, by=ASSISTANT, zone=ZONE)


class TestReaders:
    def test_found_by_the_beginnings_of_their_names(self, library: Library) -> None:
        for number, name in ((1, "Émile Zola"), (2, "Emily Brontë"), (3, "Zoë Emilsson")):
            library.write(
                patrons.take_standing, person=f"student:{number}", display_name=name, group="student", active=True,
                until=None, as_of=NOW, by=LIBRARIAN,
            )  # fmt: skip

        found = {
            text: [one.display_name for one in library.read(patrons.patron_found, text)]
            for text in ("emi", "emil zo", "brontë", "nobody", "2")
        }

        assert found == {
            "emi": ["Émile Zola", "Emily Brontë", "Zoë Emilsson"],
            "emil zo": ["Émile Zola", "Zoë Emilsson"],
            "brontë": ["Emily Brontë"],
            "nobody": [],
            "2": ["Emily Brontë"],
        }

    def test_a_lost_card_opens_nothing(self, library: Library) -> None:
        ann = library.reader(ANN)
        library.write(cards.add_card, ann, "K-1", by=ASSISTANT, zone=ZONE)
        library.write(cards.report_lost, ann, "k-1", by=ASSISTANT, zone=ZONE)

        with pytest.raises(CardOutOfUse, match="reported lost"):
            library.read(patrons.patron_meant, "K-1")

    def test_what_the_home_service_said_later_counts(self, library: Library) -> None:
        told = {"person": "student:5", "display_name": "E", "group": "student", "until": None, "by": LIBRARIAN}
        ident = library.write(patrons.take_standing, active=False, as_of=NOW, **told)

        library.write(patrons.take_standing, active=True, as_of=NOW - timedelta(hours=1), **told)

        assert library.read(patrons.patron_record, ident, now=library.now, zone=ZONE).patron.active is False
