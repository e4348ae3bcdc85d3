"""The documents' page in a real browser: it works under its content security policy and asks nobody else."""

from typing import Any

from configuration.settings import SERVICES
from tests.browser.university import University
from tests.browser.visitor import NewVisitor


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

    def test_what_is_tried_out_is_a_programs_call_and_not_the_visitors(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines")
        assert librarian.path == "/library/index"
        librarian.open("/library/docs#/loans/library_announce_return")
        operation = librarian.page.locator("#operations-loans-library_announce_return")
        operation.locator("button:has-text('Try it out')").click(timeout=90_000)
        operation.locator("input").first.fill("1")

        with librarian.page.expect_response("**/announce-return") as answered:
            operation.locator("button.execute").click()
        librarian.complaints.clear()  # The browser notes the 401, which is the answer.

        assert answered.value.status == 401
