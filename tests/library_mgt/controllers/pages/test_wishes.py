"""What readers and the desk do with open requests on pages."""

from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.library_mgt.controllers.pages.test_desk import wish

COPY = generated(1)


class TestSuspend:
    async def test_a_reader_lets_others_go_first_and_comes_back(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await browser.send(desk.student, "/find/1/request")

        no_day = await browser.send(desk.student, "/my/requests/1/suspend", until="soon")
        passed = await browser.send(desk.student, "/my/requests/1/suspend", until="2020-01-31")
        foreign = await browser.send(desk.other, "/my/requests/1/suspend", until="2199-01-31")
        suspended = await browser.send(desk.student, "/my/requests/1/suspend", until="2199-01-31")
        why = await browser.open(desk.student, "/my/requests/1")
        resumed = await browser.send(desk.student, "/my/requests/1/resume")

        assert "it keeps its place, and is passed over until Thu 31 Jan 2199." in why
        assert "Not suspended Choose the day until which it is passed over." in no_day
        assert "Not suspended The day until which it is suspended has passed." in passed
        assert "Not suspended There is no such request" in foreign
        assert "Suspended: Book 1 Others go first until Thu 31 Jan 2199; it keeps its place." in suspended
        assert "Suspended until Thu 31 Jan 2199" in suspended and "Resume" in suspended
        assert "Resumed: Book 1 It is served again, in its old place." in resumed and "Suspend it" in resumed
        assert await desk.broken() == []

    async def test_the_desk_does_it_for_the_open_reader(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        reader = {"patron": desk.student.actor.person}
        await browser.send(desk.student, "/find/1/request")

        suspended = await browser.send(desk.assistant, "/desk/requests/1/suspend", **reader, until="2199-01-31")
        await browser.send(desk.librarian, "/queue/1/approve")
        waiting = await browser.open(desk.assistant, "/queue?view=waiting")
        resumed = await browser.send(desk.assistant, "/desk/requests/1/resume", **reader)

        assert f"lend it to {desk.student.actor.name}" in suspended
        assert "suspended until Thu 31 Jan 2199" in waiting
        assert "Resumed: Book 1 A copy is set aside for it already." in resumed


class TestNotFound:
    async def test_a_copy_that_is_not_on_its_shelf_is_missing_until_it_is_found(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        await wish(desk, browser, desk.student, 1)

        told = await browser.send(desk.assistant, "/queue/1/not-found")
        twice = await browser.send(desk.assistant, "/queue/1/not-found")
        missing = await browser.open(desk.assistant, "/queue?view=missing")
        found = await browser.send(desk.assistant, "/queue/found", scan=COPY)

        assert "Counts as missing now: Book 1 Its request waits again, in its old place." in told
        assert "Nothing to pull." in told
        assert "Not noted The request is queued." in twice
        assert "Found Book 1" in missing
        assert f"To the hold shelf: Book 1 For {desk.student.actor.name}." in found and "No copy is missing." in found
        assert await desk.broken() == []

    async def test_another_copy_is_to_be_pulled_instead(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await desk.call(desk.librarian, "POST", "/titles/1/copies", {"barcode": "SECOND"})
        await wish(desk, browser, desk.student, 1)

        told = await browser.send(desk.assistant, "/queue/1/not-found")

        assert "Another copy is set aside instead: pull that one." in told and "SECOND" in told

    async def test_a_copy_that_is_marked_as_missing_is_on_no_list_to_pull(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await wish(desk, browser, desk.student, 1)

        await desk.call(desk.librarian, "PATCH", f"/copies/{COPY}", {"status": "MISSING"})

        assert "Nothing to pull." in await browser.open(desk.assistant, "/queue?view=pull")
        assert "Book 1" in await browser.open(desk.assistant, "/queue?view=waiting")


class TestShelve:
    async def test_a_copy_that_lies_there_already_is_answered_calmly(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await wish(desk, browser, desk.student, 1)

        first = await browser.send(desk.assistant, "/queue/shelve", scan=COPY)
        second = await browser.send(desk.assistant, "/queue/shelve", scan=COPY)

        assert "On the hold shelf: Book 1 Kept until" in first
        assert "On the hold shelf already: Book 1 Kept until" in second


class TestWhy:
    async def test_its_place_and_what_happened_are_told_to_its_reader_and_to_the_desk_alone(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        await browser.send(desk.librarian, "/desk", patron=desk.other.actor.person, scan=COPY)
        await wish(desk, browser, desk.student, 1)

        own = await browser.open(desk.student, "/my/requests/1")
        at_desk = await browser.open(desk.assistant, "/desk/requests/1")
        foreign = await desk.call(desk.other, "GET", "/my/requests/1", Accept="text/html")

        for page in (own, at_desk):
            assert "Nobody is ahead of it" in page and "A librarian let it into the queue." in page
        assert f"Reader {desk.student.actor.name}" in at_desk and desk.student.actor.name not in own
        assert "Why? Book 1" in await browser.open(desk.student, "/my")
        assert foreign.status_code == 404
