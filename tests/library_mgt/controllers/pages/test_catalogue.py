"""Cataloguing through forms: what is told before anything is saved."""

from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser

ISBN = "9780140328721"


class TestAddATitle:
    async def test_a_bad_isbn_and_a_taken_barcode_are_told_together(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)

        said = await browser.send(
            desk.librarian, "/catalogue/new", title="Emma", isbns="9780140328720", number="1", barcode=generated(1)
        )

        for fault in ("its check digit does not fit", "Another title has this number", "had, this barcode"):
            assert fault in said

    async def test_an_isbn_that_another_record_has_is_said_and_may_be_meant(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1, isbn=ISBN)

        asked = await browser.send(desk.librarian, "/catalogue/new", title="Emma", isbns=ISBN)
        added = await browser.send(desk.librarian, "/catalogue/new", title="Emma", isbns=ISBN, twin="yes")

        assert "The catalogue has this ISBN already; nothing was saved yet. Book 1 , A. Author" in asked
        assert "Added: Emma" in added


class TestAddACopy:
    async def test_one_that_somebody_waits_for_goes_to_the_hold_shelf(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        for number, reader in ((1, desk.student), (2, desk.other)):
            await browser.send(reader, "/find/1/request")
            await browser.send(desk.librarian, f"/queue/{number}/approve")

        said = await browser.send(desk.librarian, "/catalogue/1/copies", barcode="NEW-1")

        assert f"Copy added: NEW-1 Somebody waits for it: to the hold shelf, for {desk.other.actor.name}." in said
        assert await desk.broken() == []
