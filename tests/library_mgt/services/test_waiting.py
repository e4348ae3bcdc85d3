"""Waiting times, what to buy, and why things are as they are, on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from configuration.kit.clock import utc_now
from configuration.kit.days import local_day
from configuration.kit.web.formats import Formats
from library_mgt.domain.explaining import Reason, words
from library_mgt.errors import LoanNotFound
from library_mgt.models.data.loans import loan
from library_mgt.services import explaining, requests, waiting
from library_mgt.services.trail import told
from tests.library_mgt.world import ANN, BEN, CAL, LIBRARIAN, ZONE, Library, person, sql

ENGLISH = Formats("en", ZONE, utc_now)


def waits(library: Library, *wishes: int) -> list[tuple[int, int, int | None, int | None]]:
    """Place, copies and how many days until it is expected, at the earliest and at the latest."""
    found = [library.read(requests.request_seen, wish) for wish in wishes]
    today = local_day(library.now, ZONE)
    seen = [one.wait for one in library.read(waiting.with_waits, found, now=library.now, zone=ZONE)]
    return [
        (
            one.position,
            one.copies,
            None if one.earliest is None else (one.earliest - today).days,
            None if one.latest is None else (one.latest - today).days,
        )
        for one in seen
        if one is not None
    ]


class TestWaits:
    def test_each_in_the_queue_by_the_due_dates_and_the_rule(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        ben, cal = library.wait(BEN, title), library.wait(CAL, title)
        dan = library.request(person("student:1003", "student"), title)

        assert waits(library, ben.id, cal.id, dan.id) == [(1, 1, 28, 28), (2, 1, 56, 63), (3, 1, 84, 98)]

    def test_one_that_is_served_waits_for_nothing(self, library: Library) -> None:
        title, _ = library.book()
        ann = library.wait(ANN, title)

        assert waits(library, ann.id) == []

    def test_overdue_copies_and_lost_ones_are_said_to_be(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        ben = library.wait(BEN, title)
        library.now += timedelta(days=40)
        overdue = waits(library, ben.id)
        sql(library, update(loan).values(state="LOST"))

        assert overdue == [(1, 1, 0, None)]
        assert waits(library, ben.id) == [(1, 0, None, None)]

    def test_only_the_wished_copy_counts_for_who_wished_it(self, library: Library) -> None:
        title, [first, second] = library.book(copies=2)
        library.reader(ANN)
        library.lend(ANN, first)
        library.now += timedelta(days=5)
        library.reader(CAL)
        library.lend(CAL, second)
        ben = library.wait(BEN, title, barcode=second.barcode)

        assert waits(library, ben.id) == [(1, 1, 28, 28)]


class TestSuggestions:
    def test_a_long_queue_is_listed_with_how_many_copies_would_mend_it(self, library: Library) -> None:
        long, [copy] = library.book("Wanted")
        short, [other] = library.book("Quiet")
        library.reader(ANN)
        library.lend(ANN, copy)
        library.lend(ANN, other)
        for number in range(1, 6):
            library.wait(person(f"student:200{number}", "student"), long)
        library.wait(BEN, short)
        asked = {"days": 63, "now": library.now, "zone": ZONE}

        found, following = library.read(waiting.suggestions, after=(0, ""), limit=10, **asked)
        first, cursor = library.read(waiting.suggestions, after=(0, ""), limit=1, **asked)

        assert [(one.title, one.waiting, one.copies_needed) for one in found] == [("Wanted", 5, 2)]
        assert (following, first[0].title_id, cursor) == (None, long.id, (long.id, ""))


def codes(told: list[Reason]) -> list[str]:
    return [one.code for one in told]


class TestExplaining:
    def test_a_loan_says_why_it_is_due_when_it_is(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        lent = library.lend(ANN, copy)
        library.write(told, "SOMETHING_NEW", by=LIBRARIAN, loan_id=lent.id)

        found = library.read(explaining.explain_loan, lent.id, ANN, zone=ZONE)

        assert codes(found) == ["STATE", "DUE", "CHECKED_OUT", "SOMETHING_NEW"]
        assert words(found[1], ENGLISH) == "It was lent on Mon 2 Mar 2026 for 28 days: due Mon 30 Mar 2026."
        assert words(found[3], ENGLISH) == "Something new."
        with pytest.raises(LoanNotFound):
            library.read(explaining.explain_loan, lent.id, BEN, zone=ZONE)

    def test_a_request_says_its_place_and_what_happened(self, library: Library) -> None:
        title, [copy] = library.book()
        library.reader(ANN)
        library.lend(ANN, copy)
        library.wait(BEN, title)
        cal = library.wait(CAL, title)

        found = library.read(explaining.explain_request, cal.id, CAL, now=library.now, zone=ZONE)

        assert codes(found) == ["STATE", "PLACE", "COPIES", "REQUESTED", "APPROVED"]
        assert words(found[1], ENGLISH).startswith("1 reader is ahead of it")
