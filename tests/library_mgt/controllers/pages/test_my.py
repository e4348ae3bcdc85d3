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


class TestStandInTheWay:
    async def test_a_blocked_reader_is_told_before_requesting_and_to_the_face(
        self, desk: Desk, browser: Browser
    ) -> None:
        for number in (1, 2):
            await desk.book(number)
        await browser.send(desk.student, "/find/1/request")
        block = {"blocked": True, "reason": "A book came back wet."}
        await desk.call(desk.librarian, "POST", "/patrons/1/block", block)

        own, title = await browser.open(desk.student, "/my"), await browser.open(desk.student, "/find/2")
        tried = await browser.send(desk.student, "/find/2/request")

        for said in (own, title, tried):
            assert "You are blocked: A book came back wet." in said
        assert "A librarian approves it" not in title


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


class TestRenew:
    async def test_a_reader_keeps_a_book_longer_and_is_told_until_when_or_why_not(
        self, desk: Desk, browser: Browser
    ) -> None:
        book = await desk.book(1)
        lend = {"patron": desk.student.actor.person, "scan": generated(1)}
        await browser.send(desk.librarian, "/desk", **lend)

        renewed = await browser.send(desk.student, "/my/loans/1/renew")
        await browser.send(desk.other, f"/find/{book['title_id']}/request")
        wanted = await browser.send(desk.student, "/my/loans/1/renew")

        assert "Renewed: Book 1 Due" in renewed
        assert "renewed once" in renewed
        assert "Not renewed 1 reader waits for it, and no copy is free." in wanted


class TestNotices:
    async def test_what_one_was_told_stands_there_and_is_nobody_elses_business(
        self, desk: Desk, browser: Browser
    ) -> None:
        book = await desk.book(1)
        await browser.send(desk.student, f"/find/{book['title_id']}/request")
        await browser.send(desk.librarian, "/queue/1/approve")
        await browser.send(desk.assistant, "/queue/shelve", scan=generated(1))

        seen = await browser.open(desk.student, "/my")
        told = (await desk.call(desk.student, "GET", "/notices/mine")).json()["items"]
        others = (await desk.call(desk.other, "GET", "/notices/mine")).json()

        assert "Ready for you: Book 1 It is kept for you until" in seen
        assert [(one["kind"], one["subject"], one["request_id"]) for one in told] == [
            ("READY", "Ready for you: Book 1", 1)
        ]
        assert others == {"items": [], "next": None}

    async def test_what_is_no_longer_kept_is_not_said_to_be_kept(self, desk: Desk, browser: Browser) -> None:
        book = await desk.book(1)
        await browser.send(desk.student, f"/find/{book['title_id']}/request")
        await browser.send(desk.librarian, "/queue/1/approve")
        await browser.send(desk.assistant, "/queue/shelve", scan=generated(1))

        await browser.send(desk.librarian, "/desk", patron=desk.student.actor.person, scan=generated(1))

        seen = await browser.open(desk.student, "/my")
        assert "Ready for you: Book 1" in seen
        assert "kept for you until" not in seen


class TestHistory:
    async def test_it_is_forgotten_unless_one_chooses_otherwise(self, desk: Desk, browser: Browser) -> None:
        at_first = await browser.open(desk.student, "/my")

        chosen = await browser.send(desk.student, "/my/history", kept="yes")
        asked = (await desk.call(desk.student, "GET", "/history/mine")).json()
        changed = await browser.send(desk.student, "/my/history", kept="no")

        assert "30 days after their end the library forgets" in at_first
        assert "The library remembers what you had on loan" in chosen
        assert asked == {"kept": True, "forgotten_after_days": 30}
        assert "30 days after their end the library forgets" in changed
        assert ("patron.history_chosen", "patron:1") in await desk.audited("done")
