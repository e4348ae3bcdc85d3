"""Requests that are passed over for a while, and copies that are not in their place."""

from datetime import date, timedelta

import pytest

from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from library_mgt.controllers.clockwork import CLOCK
from library_mgt.errors import IllegalTransition, RequestNotFound
from library_mgt.models.data.requests import RequestView
from library_mgt.services import copies, suspensions
from tests.library_mgt.world import ANN, ASSISTANT, BEN, CAL, ZONE, Library


def suspend(library: Library, wish: RequestView, until: date = date(2026, 3, 20), by: Actor = ANN) -> RequestView:
    return library.write(suspensions.suspend, wish.id, until, by=by, zone=ZONE)


def resume(library: Library, wish: RequestView, by: Actor = ANN) -> RequestView:
    return library.write(suspensions.resume, wish.id, by=by, zone=ZONE)


class TestSuspend:
    def test_who_is_away_is_passed_over_and_keeps_the_place(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(CAL)
        library.lend(CAL, copy)
        first, second, third = (library.wait(reader, title) for reader in (ANN, BEN, ASSISTANT))
        suspend(library, first)

        library.take_back(copy)

        assert (library.seen(first).state, library.seen(first).position) == ("QUEUED", 1)
        assert library.seen(second).state == "READY"
        assert library.broken() == []
        resume(library, first)
        library.lend(BEN, copy)
        library.take_back(copy)
        assert (library.seen(first).state, library.seen(third).position) == ("READY", 1)
        assert library.broken() == []

    def test_a_copy_that_is_free_goes_to_it_once_it_is_resumed(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)
        suspend(library, wish)
        library.approve(wish)
        assert library.seen(wish).state == "QUEUED"

        assert resume(library, wish).state == "ALLOCATED"
        assert library.broken() == []

    def test_it_ends_by_itself_when_its_day_is_over(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)
        suspend(library, wish)
        library.approve(wish)

        library.now += timedelta(days=18)
        early = library.read(suspensions.to_resume, after=0, limit=9, now=library.now, zone=ZONE)
        library.now += timedelta(days=1)
        over = library.read(suspensions.to_resume, after=0, limit=9, now=library.now, zone=ZONE)
        done = [library.write(suspensions.end_suspension, wish.id, by=CLOCK, zone=ZONE) for _ in range(2)]

        assert (early, over, done) == ([], [wish.id], [True, False])
        assert (library.seen(wish).state, library.seen(wish).suspended_until) == ("ALLOCATED", None)
        assert library.broken() == []

    def test_one_for_which_a_copy_is_kept_or_that_ended_is_not_suspended(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.wait(ANN, title)

        with pytest.raises(IllegalTransition) as refused:
            suspend(library, wish)

        assert refused.value.blockers[0].facts["from"] == "ALLOCATED"

    def test_a_day_that_has_passed_is_refused_and_anothers_request_is_as_absent(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)

        with pytest.raises(Refusal) as refused:
            suspend(library, wish, date(2026, 3, 1))
        with pytest.raises(RequestNotFound):
            suspend(library, wish, by=BEN)

        assert refused.value.code == "DATE_PASSED"
        assert library.broken() == []


class TestNotFound:
    def test_the_copy_is_missing_and_another_goes_to_the_same_request(self, library: Library) -> None:
        title, [first, second] = library.book(copies=2)
        wish = library.wait(ANN, title)
        assert wish.copy_id == first.id

        after = library.write(suspensions.not_found, wish.id, by=ASSISTANT, zone=ZONE)

        assert (after.state, after.copy_id) == ("ALLOCATED", second.id)
        assert library.read(copies.copy_found, first.barcode).status == "MISSING"
        assert library.broken() == []

    def test_without_another_it_waits_where_it_stood_until_the_copy_turns_up(self, library: Library) -> None:
        title, [copy] = library.book()
        wish, later = library.wait(ANN, title), library.wait(BEN, title)

        after = library.write(suspensions.not_found, wish.id, by=ASSISTANT, zone=ZONE)

        assert (after.state, after.position, library.seen(later).position) == ("QUEUED", 1, 2)
        library.take_back(copy)
        assert library.seen(wish).state == "READY"
        assert library.broken() == []

    def test_it_is_said_of_a_request_with_a_copy_alone(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)

        with pytest.raises(IllegalTransition):
            library.write(suspensions.not_found, wish.id, by=ASSISTANT, zone=ZONE)
