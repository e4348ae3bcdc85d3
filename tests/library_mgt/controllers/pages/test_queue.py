"""The queue of requests to decide: who may, in which order, and what is said to whoever comes second."""

import re

from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser


class TestDecide:
    async def test_the_focus_goes_on_to_the_next_row(self, desk: Desk, browser: Browser) -> None:
        for number, reader in ((1, desk.student), (2, desk.other), (3, desk.assistant)):
            await desk.book(number)
            await browser.send(reader, f"/find/{number}/request")
        before = await browser.source(desk.librarian, "/queue")

        after = await browser.source(desk.librarian, "/queue?focus=2")

        assert "autofocus" not in before
        assert re.findall(r'(?s)/queue/([0-9]+)/approve".*?<input[^>]*name="next" value="([0-9]*)"', before) == [
            ("1", "2"), ("2", "3"), ("3", ""),
        ]  # fmt: skip
        assert re.findall(r'(?s)/queue/([0-9]+)/approve"(?:(?!</form>).)*autofocus', after) == ["2"]

    async def test_whoever_comes_second_learns_who_decided(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await browser.send(desk.student, "/find/1/request")
        await browser.send(desk.librarian, "/queue/1/approve")

        said = await browser.send(desk.librarian, "/queue/1/reject", reason="too late")

        assert f"Approved already, by {desk.librarian.actor.name}: Book 1 Nothing is left to do." in said

    async def test_nobody_is_offered_what_the_role_may_not_do(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await browser.send(desk.librarian, "/find/1/request")

        own = await browser.open(desk.librarian, "/queue")
        assistants = await browser.open(desk.assistant, "/queue")

        assert "Your own request: a colleague decides it." in own
        assert "A librarian decides it." in assistants
        assert "Approve" not in own + assistants
