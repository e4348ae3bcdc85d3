"""The catalogue's pages: what they find, what they say of a title's copies, and requests by telephone."""

from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser


class TestFind:
    async def test_a_barcode_opens_its_title(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)

        found = await browser.open(desk.student, f"/find?q={generated(1).lower()}")

        assert "1 copy" in found

    async def test_a_mistyped_isbn_is_named(self, desk: Desk, browser: Browser) -> None:
        wrong = await browser.open(desk.student, "/find?q=978-0140328720")
        absent = await browser.open(desk.student, "/find?q=9780140328721")

        assert "its check digit does not fit" in wrong
        assert "its check digit does not fit" not in absent


class TestTitle:
    async def test_the_desk_sees_who_has_it_and_everybody_when_it_is_due_and_who_wait(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        holder = desk.other.actor
        await browser.send(desk.librarian, "/desk", patron=holder.person, scan=generated(1))
        await browser.send(desk.student, "/find/1/request")

        staff, anyone = await browser.open(desk.assistant, "/find/1"), await browser.open(desk.student, "/find/1")

        for said in (staff, anyone):
            assert "The first is due back in 28 days" in said
            assert "1 reader waits for it." in said
        assert f"{holder.name} , in 28 days" in staff
        assert holder.name not in anyone


class TestRequestByTelephone:
    async def test_it_is_made_for_the_reader_and_the_queue_says_why(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        person, why = desk.student.actor.person, "asked by telephone"

        refused = await browser.send(desk.assistant, "/find/1/request-for", patron=person)
        made = await browser.send(desk.assistant, "/find/1/request-for", patron=person, behalf_reason=why)

        assert "Say why you ask for them." in refused
        assert "Requested for this reader: Book 1" in made
        assert f"asked for at the desk: {why}" in await browser.open(desk.librarian, "/queue")
        assert f"made at the desk: {why}" in await browser.open(desk.student, "/my")
