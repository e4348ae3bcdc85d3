"""What is left on the hold shelf, until somebody scans it."""

from datetime import timedelta

from library_mgt.services import requests
from tests.library_mgt.world import ANN, ASSISTANT, BEN, LIBRARIAN, ZONE, Library


class TestLeftovers:
    def test_an_expired_request_leaves_its_copy_until_it_is_scanned_and_that_is_no_use_in_the_house(
        self, library: Library
    ) -> None:
        title, [copy] = library.book()
        wish = library.wait(ANN, title)
        library.write(requests.shelve, wish.id, copy.barcode, by=ASSISTANT, zone=ZONE)
        library.now += timedelta(days=30)
        library.write(requests.expire, wish.id, by=LIBRARIAN, zone=ZONE)

        taken_off, later = library.take_back(copy), library.take_back(copy)

        assert (taken_off.outcome, later.outcome) == ("OFF_HOLD_SHELF", "IN_HOUSE_USE")
        assert library.broken() == []

    def test_a_copy_that_goes_to_the_next_reader_or_out_is_not_left(self, library: Library) -> None:
        title, [copy] = library.book()
        first, second = library.wait(ANN, title), library.wait(BEN, title)
        library.write(requests.shelve, first.id, copy.barcode, by=ASSISTANT, zone=ZONE)
        library.write(requests.cancel, first.id, by=ANN, zone=ZONE)
        passed_on = library.seen(second).state
        library.reader(BEN)
        library.lend(BEN, copy)
        library.take_back(copy)
        library.now += timedelta(days=1)

        scanned = library.take_back(copy)

        assert passed_on == "READY"
        assert scanned.outcome == "IN_HOUSE_USE"

    def test_who_takes_another_copy_leaves_the_one_that_was_kept(self, library: Library) -> None:
        title, [kept, other] = library.book(copies=2)
        library.reader(ANN)
        wish = library.wait(ANN, title)
        library.write(requests.shelve, wish.id, kept.barcode, by=ASSISTANT, zone=ZONE)

        library.lend(ANN, other)

        assert library.take_back(kept).outcome == "OFF_HOLD_SHELF"
