"""The documents' page in a real browser: it works under its content security policy and asks nobody else."""

from typing import Any

from configuration.settings import SERVICES
from tests.browser.university import University


class TestDocs:
    def test_the_page_shows_every_service_without_the_internet(self, university: University, chromium: Any) -> None:
        page = chromium.new_page()
        complaints: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda request: asked.append(request.url))

        page.goto(f"{university.url}/ch04/docs")
        shown = {}
        for service in SERVICES:
            page.select_option("#service", label=f"{service.title()} Management System")
            page.wait_for_selector(f"text={service.title()} Management System 0.1.0", timeout=90_000)
            shown[service] = page.locator(".opblock-tag-section").count()
        page.close()

        assert all(shown.values()), shown
        assert complaints == []
        assert not [url for url in asked if not url.startswith((university.url, "data:"))]
