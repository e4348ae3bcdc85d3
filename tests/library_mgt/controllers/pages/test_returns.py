"""Heaps of returned copies, on the page."""

from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.library_mgt.controllers.pages.test_desk import lent_earlier, wish
from tests.library_mgt.controllers.test_batches_http import lent


class TestScanAHeap:
    async def test_each_scan_counts_and_a_wrong_one_does_not(self, desk: Desk, browser: Browser) -> None:
        one, two = await lent(desk, 1), await lent(desk, 2)
        fields = {"location": "main", "count": "0"}

        first = await browser.send(desk.assistant, "/desk/returns", **fields, scan=one)
        wrong = await browser.send(desk.assistant, "/desk/returns", **{**fields, "count": "1"}, scan="C404")
        second = await browser.send(desk.assistant, "/desk/returns", **{**fields, "count": "1"}, scan=two)
        nothing = await browser.send(desk.assistant, "/desk/returns", **{**fields, "count": "2"}, scan="")

        assert "Taken back: Book 1" in first
        assert "1 copy taken back in this heap" in first
        assert "Not taken back: C404 No copy has this barcode" in wrong
        assert "1 copy taken back in this heap" in wrong
        assert "2 copies taken back in this heap" in second
        assert "2 copies taken back in this heap" in nothing

    async def test_the_drop_and_its_time_stay_chosen_and_a_time_ahead_is_refused(
        self, desk: Desk, browser: Browser
    ) -> None:
        one = await lent(desk, 1)
        await lent_earlier(desk, days=3)
        drop = {"location": "main", "count": "0", "drop": "yes"}

        ahead = await browser.send(desk.assistant, "/desk/returns", **drop, back_at="2999-01-01T10:00", scan=one)
        page = await browser.source(desk.assistant, "/desk/returns", **drop, back_at="", scan=one)

        assert "That time has not come yet" in ahead
        assert 'id="drop" name="drop" value="yes" checked' in page
        [ended] = (await desk.call(desk.librarian, "GET", "/loans?state=RETURNED")).json()["items"]
        assert ended["returned_at"].endswith("23:59:59Z")


class TestManyAtOnce:
    async def test_every_line_says_what_became_of_it_and_for_whom_it_is_kept(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        await desk.call(desk.librarian, "POST", "/loans", {"patron": desk.other.actor.person, "barcode": generated(1)})
        await wish(desk, browser, desk.student, 1)
        listed = f"{generated(1)}\r\nC404;{generated(1)}\n\n"

        said = await browser.send(desk.assistant, "/desk/returns/many", location="main", barcodes=listed)

        assert "1 copy taken back, 1 not" in said
        assert f"{generated(1)} To the hold shelf: Book 1 For {desk.student.actor.name}. Kept until" in said
        assert "C404 Not taken back No copy has this barcode" in said
        assert "Scanned twice It counts once." in said
        assert desk.other.actor.name not in said

    async def test_nothing_sent_says_what_is_missing(self, desk: Desk, browser: Browser) -> None:
        said = await browser.send(desk.assistant, "/desk/returns/many", location="main", barcodes=" \n ")

        assert "The list was not taken" in said
