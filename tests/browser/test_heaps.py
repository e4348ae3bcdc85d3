"""Heaps of returns, receipts and books that nobody catalogued, by keyboard, with scripts and without."""

import pytest

from tests.browser.test_desk import SCRIPTS, scan
from tests.browser.test_every_page import findings
from tests.browser.university import PAYLOAD, barcode_of
from tests.browser.visitor import NewVisitor


class TestAHeapOfReturns:
    @SCRIPTS
    def test_is_scanned_by_keyboard_and_counted(self, visitor: NewVisitor, scripts: bool) -> None:
        librarian = visitor(scripts=scripts)
        librarian.sign_in("library", "otto", "/desk")
        librarian.tab_to("main a", "Returns and book drop")
        librarian.press("Enter")
        assert librarian.focus() == "scan"

        said = scan(librarian, barcode_of(PAYLOAD))
        wrong = scan(librarian, "T9999")
        librarian.type(barcode_of("Villette"))

        assert PAYLOAD in said
        assert "Not taken back: T9999" in wrong
        assert "2 copies taken back in this heap" in librarian.words
        assert librarian.page.title() != "taken"
        assert librarian.focus() == "scan"
        if scripts:
            assert librarian.page.locator("[data-outcomes] li").count() == 3
            assert findings(librarian) == []

    def test_many_at_once_say_line_by_line_what_became_of_them(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "otto", "/desk/returns")
        librarian.page.click("summary:has-text('Many barcodes at once')")
        librarian.page.fill("#barcodes", f"{barcode_of('Shirley')}\nT9999\n{barcode_of('Shirley')}")

        librarian.page.click("text=Take them back")

        assert librarian.page.locator("table tbody tr").count() == 3
        assert "Scanned twice" in librarian.words
        assert findings(librarian) == []


class TestAReadersVisit:
    @pytest.mark.parametrize(("scripts", "code"), [(True, "N0001"), (False, "N0002")])
    def test_an_unknown_book_is_added_and_lent_and_stands_on_the_receipt(
        self, visitor: NewVisitor, scripts: bool, code: str
    ) -> None:
        librarian = visitor(scripts=scripts)
        librarian.sign_in("library", "noor", "/desk")
        scan(librarian, "student:1004")
        scan(librarian, code)

        librarian.tab_to("main a", "add it and lend it")
        librarian.press("Enter")
        assert librarian.focus() == "title"
        librarian.page.keyboard.type(f"Found on a bench {code}")
        librarian.tab_to("main button", "Add it and lend it")
        librarian.press("Enter")
        lent = librarian.words
        librarian.tab_to("main a", "Receipt of this visit")
        librarian.press("Enter")

        assert f"Lent: Found on a bench {code}" in lent
        assert f"Found on a bench {code}" in librarian.words
        if scripts:
            assert findings(librarian) == []


class TestOnPaper:
    def test_a_list_prints_without_what_cannot_be_pressed_there(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "noor", "/queue?view=pull")
        librarian.page.emulate_media(media="print")

        assert not librarian.page.is_visible("form.scan")
        assert not librarian.page.is_visible("nav.tasks")
        assert librarian.page.is_visible("h1")
