"""The offline journal on its page, and the page that writes it."""

from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.library_mgt.controllers.test_journal_http import ago


class TestSendAFile:
    async def test_each_line_says_what_became_of_it_and_nothing_in_it_is_markup(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        person = desk.student.actor.person
        text = f"{ago(desk, 9)};lend;{person};{generated(1)}\n<img src=x onerror=alert(1)>\n{ago(desk, 8)};return;;<b>"

        said = await browser.send(desk.assistant, "/desk/journal", location="main", lines=text)
        page = await browser.source(desk.assistant, "/desk/journal", location="main", lines=text)

        assert "1 done, 0 done before, 1 in conflict, 1 not read" in said
        assert "0 done, 1 done before, 1 in conflict, 1 not read" in page
        assert "<img src=x" not in page
        assert "<B>" not in page

    async def test_a_conflict_is_tried_again_or_settled_with_a_word(self, desk: Desk, browser: Browser) -> None:
        person = desk.student.actor.person
        lines = [f"{ago(desk, 9 - number)};lend;{person};{generated(number)}" for number in (1, 2)]
        await browser.send(desk.assistant, "/desk/journal", location="main", lines="\n".join(lines))

        still = await browser.send(desk.assistant, "/desk/journal/1/again")
        await desk.book(1)
        done = await browser.send(desk.assistant, "/desk/journal/1/again")
        wordless = await browser.send(desk.assistant, "/desk/journal/2/settle", word="")
        settled = await browser.send(desk.assistant, "/desk/journal/2/settle", word="no such book")
        gone = await browser.send(desk.assistant, "/desk/journal/2/again")

        assert "Still not done No copy has this barcode" in still
        assert "It is done now." in done
        assert "say in a word what was done" in wordless
        assert "The conflict is settled. " in settled
        assert "No conflicts." in settled
        assert "There is no such open conflict" in gone

    async def test_nothing_sent_says_what_is_missing(self, desk: Desk, browser: Browser) -> None:
        assert "Choose a file" in await browser.send(desk.assistant, "/desk/journal", location="main", lines="")


class TestOfflinePage:
    async def test_it_is_open_to_everybody_and_names_nobody(self, desk: Desk) -> None:
        page = await desk.call(None, "GET", "/offline", Accept="text/html")
        signed_in = await desk.call(desk.librarian, "GET", "/offline", Accept="text/html")

        assert (page.status_code, signed_in.status_code) == (200, 200)
        assert desk.librarian.actor.name not in signed_in.text

    async def test_its_worker_is_a_script_of_ours_and_its_manifest_stays_within_it(self, desk: Desk) -> None:
        worker = await desk.call(None, "GET", "/offline-worker.js?v=abc")
        manifest = await desk.call(None, "GET", "/offline.webmanifest")

        assert worker.headers["content-type"].startswith("text/javascript")
        assert worker.headers["cache-control"] == "no-cache"
        assert "default-src 'self'" in worker.headers["content-security-policy"]
        assert manifest.headers["content-type"].startswith("application/manifest+json")
        assert manifest.json()["scope"] == manifest.json()["start_url"] == "/ch04/library/offline"
        assert (
            await desk.call(None, "GET", manifest.json()["icons"][0]["src"].removeprefix("/ch04/library"))
        ).is_success
