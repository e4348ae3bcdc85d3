"""The desk while the library is away: the real server is stopped, the page goes on, and what it wrote is sent later."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from configuration.kit.clock import utc_now
from configuration.kit.database import Database
from configuration.settings import SERVICES
from tests.apps import free_port, serve
from tests.browser.conftest import open_service
from tests.browser.test_every_page import findings
from tests.browser.university import barcode_of, furnish
from tests.browser.visitor import NewVisitor, Visitor

AWAY = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
"""What a browser notes of a library that does not answer: that is what is tested here, and no complaint."""


@pytest.fixture
def var(tmp_path: Path, sqlite_templates: Callable[[str], Path]) -> Path:
    """A furnished university that does not run yet."""
    databases: dict[str, Database] = {}
    for service in SERVICES:
        shutil.copy(sqlite_templates(f"{service}_mgt"), tmp_path / f"{service}.db")
        databases[service] = open_service(service, tmp_path / f"{service}.db")
    furnish(databases, utc_now())
    for database in databases.values():
        database.close_sync()
    return tmp_path


@contextmanager
def at_the_desk(chromium: Any, base: str) -> Iterator[Visitor]:
    """A librarian whose browser may complain of a library that is away, and of nothing else."""
    librarian = Visitor(chromium, base, 1280, "light", scripts=True)
    yield librarian
    assert [one for one in librarian.leave() if not any(known in one for known in AWAY)] == []


def scan(librarian: Visitor, text: str) -> str:
    """Scan on the page without network; answers what it says."""
    librarian.page.keyboard.type(text)
    librarian.page.keyboard.press("Enter")
    return str(librarian.page.inner_text("[data-alert]"))


def sent(librarian: Visitor) -> list[str]:
    """Send what was written down; what became of each line."""
    librarian.tab_to("[data-send]")
    librarian.page.keyboard.press("Enter")
    librarian.page.wait_for_function("() => document.querySelector('[data-results]').children.length")
    librarian.page.wait_for_selector("text=Sent. Conflicts")
    return list(librarian.page.locator("[data-results] li").all_inner_texts())


class TestTheServerIsStopped:
    def test_the_page_opens_writes_keeps_and_sends_when_the_library_is_back(self, chromium: object, var: Path) -> None:
        port = free_port()
        with at_the_desk(chromium, f"http://127.0.0.1:{port}") as librarian:
            with serve(var, port=port, zone="Europe/London"):
                librarian.sign_in("library", "ines", "/offline")
                librarian.page.wait_for_selector("text=This page opens without network, too.")
                assert findings(librarian) == []

            librarian.page.goto(librarian.base + "/library/offline")
            librarian.page.wait_for_selector("text=The library does not answer. Go on scanning.")
            assert librarian.focus() == "scan"
            assert "Reader student:1002" in scan(librarian, "student:1002")
            assert f"lent {barcode_of('Emma')} to student:1002" in scan(librarian, barcode_of("Emma"))
            assert "is written down already" in scan(librarian, barcode_of("Emma"))
            scan(librarian, barcode_of("Walden"))
            librarian.page.keyboard.press("Escape")
            assert "Finished with student:1002." in librarian.page.inner_text("[data-alert]")
            assert "Reader student:1003" in scan(librarian, "student:1003")
            scan(librarian, barcode_of("Kim"))
            librarian.page.keyboard.press("Shift+Tab")
            librarian.page.keyboard.press("ArrowDown")
            librarian.page.focus("#scan")
            assert f"taken back {barcode_of('Walden')}" in scan(librarian, barcode_of("Walden"))
            assert "is no barcode" in scan(librarian, "a;b")
            assert findings(librarian) == []
            librarian.page.reload()
            assert "Lines to send: 4" in librarian.words
            librarian.page.click("[data-send]")
            librarian.page.wait_for_selector("text=Nothing is lost: send it again later.")
            with librarian.page.expect_download() as file:
                librarian.page.click("[data-save]")
            saved = Path(file.value.path()).read_text(encoding="utf-8")

            with serve(var, port=port, zone="Europe/London"):
                librarian.open("/library/desk?patron=student:1001")
                librarian.type(barcode_of("Kim"))
                librarian.open("/library/offline")
                became = sent(librarian)
                librarian.page.wait_for_selector("text=The library answers.")

                assert [line.partition(":")[0] for line in became] == ["Done", "Done", "Conflict", "Done"]
                assert "on loan to somebody" in became[2]
                assert "Lines to send: 0" in librarian.words
                librarian.page.click("text=Settle the conflicts")
                assert "Kim" in librarian.page.inner_text("section[aria-labelledby=conflicts]")
                assert findings(librarian) == []
                librarian.page.fill("[name=lines]", saved)
                librarian.page.click("text=Replay it")
                assert "0 done, 3 done before, 1 in conflict, 0 not read" in librarian.words
                librarian.open("/library/desk?patron=student:1002")
                assert "Emma" in librarian.words
                assert "Walden" not in librarian.words


class TestNotSignedIn:
    def test_it_says_so_loses_nothing_and_sends_after_the_sign_in(self, visitor: NewVisitor) -> None:
        anybody = visitor()
        anybody.open("/library/offline")
        anybody.page.check("text=Take back")
        anybody.page.focus("#scan")
        scan(anybody, barcode_of("Shirley"))

        anybody.page.click("[data-send]")
        anybody.page.wait_for_selector("text=Sign in first, then send it again.")
        assert (
            anybody.page.get_attribute("[data-sign-in-link]", "href")
            == "/ch04/library/sign-in?next=/ch04/library/offline"
        )
        anybody.sign_in("library", "otto", "/offline")

        assert "Lines to send: 1" in anybody.words
        assert sent(anybody)[0].startswith("Done: ")


class TestWithoutScripts:
    def test_it_says_what_to_do_instead(self, visitor: NewVisitor) -> None:
        anybody = visitor(scripts=False)

        anybody.open("/library/offline")

        assert "Without them, write a text file" in anybody.words
