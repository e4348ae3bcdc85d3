"""What a desk does with a loan and a request besides lending, by keyboard alone, with scripts and without."""

import os

import pytest

from tests.browser.test_desk import scan
from tests.browser.test_every_page import LOOKS, findings
from tests.browser.university import barcode_of
from tests.browser.visitor import NewVisitor, Visitor


def looked_at(visitor: Visitor, name: str) -> list[str]:
    """What is wrong with the page however one looks at it; with ERP_TEST_SHOTS a picture of each look is kept there."""
    wrong = []
    for width, theme in LOOKS:
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.page.emulate_media(color_scheme=theme)
        wrong += findings(visitor, f"{width} {theme}")
        if folder := os.environ.get("ERP_TEST_SHOTS"):
            visitor.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    return wrong


def done(visitor: Visitor, scripts: bool) -> None:
    """Press Enter on a button of the desk's page, and wait for what it leads to."""
    if scripts:
        visitor.page.keyboard.press("Enter")
        visitor.answered()
    else:
        visitor.press("Enter")


class TestActsOnALoan:
    @pytest.mark.parametrize(("scripts", "title"), [(True, "Cranford"), (False, "Nostromo")])
    def test_undo_claim_and_loss_by_keyboard(self, visitor: NewVisitor, scripts: bool, title: str) -> None:
        librarian = visitor(scripts=scripts)
        librarian.sign_in("library", "ines", "/desk")
        scan(librarian, "student:1004")
        assert f"Lent: {title}" in scan(librarian, barcode_of(title))

        librarian.tab_to("main button", "Undo")
        done(librarian, scripts)
        assert f"Undone: {title}" in librarian.words
        assert librarian.focus() == "scan"

        assert f"Lent: {title}" in scan(librarian, barcode_of(title))
        at_desk = looked_at(librarian, "desk") if scripts else []
        librarian.tab_to("main a", f"Recall, lost, and more {title}")
        librarian.press("Enter")
        assert "It was lent on" in librarian.words
        loan = looked_at(librarian, "loan") if scripts else []
        librarian.tab_to("main button", "The reader says it was returned")
        librarian.press("Enter")
        assert f"Noted: the reader says it was returned: {title}" in librarian.words
        assert librarian.page.evaluate("document.activeElement.matches('.notice')")
        assert "Nothing is charged" in librarian.words
        librarian.tab_to("main button", "Declare it lost")
        librarian.press("Enter")
        assert f"Declared lost: {title}" in librarian.words
        librarian.tab_to("main button", "Settle it")
        librarian.press("Enter")
        assert f"Settled: {title}" in librarian.words

        assert [*at_desk, *loan] == []


class TestActsOnARequest:
    def test_suspend_and_resume_by_keyboard(self, visitor: NewVisitor) -> None:
        reader = visitor()
        reader.sign_in("student", "dora", "/index")
        reader.open("/library/find?q=Agnes")
        reader.page.click(".card-line a")
        reader.page.click("main form button:has-text('Request')")
        reader.tab_to("summary", "Suspend Agnes Grey")
        reader.page.keyboard.press("Enter")
        reader.page.wait_for_selector("[name=until]:focus")
        reader.page.fill("[name=until]", "2199-01-31")
        wrong = looked_at(reader, "my")
        reader.tab_to("main button", "Suspend it")
        reader.press("Enter")
        assert "Suspended: Agnes Grey" in reader.words
        reader.tab_to("main button", "Resume")
        reader.press("Enter")
        assert "Resumed: Agnes Grey" in reader.words

        assert wrong == []
