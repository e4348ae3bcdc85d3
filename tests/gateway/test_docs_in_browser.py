"""The documents' page in a real browser: it works under its content security policy and asks nobody else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from configuration.settings import SERVICES
from tests.apps import serve

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


class TestDocs:
    def test_the_page_shows_every_service_without_the_internet(
        self, tmp_path: Path, sqlite_templates: Callable[[str], Path]
    ) -> None:
        from playwright.sync_api import sync_playwright

        for service in SERVICES:
            shutil.copy(sqlite_templates(f"{service}_mgt"), tmp_path / f"{service}.db")
        with serve(tmp_path) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page()
            complaints: list[str] = []
            asked: list[str] = []
            page.on("console", lambda message: complaints.append(message.text))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"{server.url}/ch04/docs")
            page.wait_for_selector(".opblock", timeout=90_000)
            page.select_option("#service", label="Library Management System")
            page.wait_for_selector("text=Library Management System 0.1.0", timeout=90_000)
            operations = page.locator(".opblock").count()
            browser.close()

        assert operations > 2
        assert complaints == []
        assert not [url for url in asked if not url.startswith((server.url, "data:"))]
