"""What readers are shown of their own affairs."""

from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser


class TestMyRequests:
    async def test_a_rejected_one_stays_in_sight_with_its_reason(self, desk: Desk, browser: Browser) -> None:
        book = await desk.book(1)
        await browser.send(desk.student, f"/find/{book['title_id']}/request")

        said = await browser.send(desk.librarian, "/queue/1/reject", reason="It is being bound.")
        seen = await browser.open(desk.student, "/my")

        assert "The reader sees the reason." in said
        assert "Lately ended" in seen
        assert "Book 1 Rejected Reason: It is being bound." in seen


class TestHome:
    async def test_a_book_on_the_hold_shelf_is_announced_to_its_reader(self, desk: Desk, browser: Browser) -> None:
        book = await desk.book(1)
        await browser.send(desk.student, f"/find/{book['title_id']}/request")
        await browser.send(desk.librarian, "/queue/1/approve")
        before = await browser.open(desk.student, "/index")

        await browser.send(desk.assistant, "/queue/shelve", scan=generated(1))

        assert "ready for you" not in before
        assert "1 book is ready for you" in await browser.open(desk.student, "/index")
        assert "ready for you" not in await browser.open(desk.other, "/index")
