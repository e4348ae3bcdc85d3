"""Searching, cataloguing, importing; and what is typed stays text."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.university import PAYLOAD
from tests.browser.visitor import NewVisitor, Visitor

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
CSV = "title,authors,isbn13,original_publication_year\nBorrowed Time,A. Author,9780140328721,1999\n,Nobody,,2001\n"


class TestSearch:
    def test_the_page_answers_while_one_types(self, visitor: NewVisitor) -> None:
        reader = visitor()
        reader.open("/library/find")

        reader.page.keyboard.type("villet", delay=20)
        expect(reader.page.locator(".card-line")).to_have_count(1)

        assert "Villette" in reader.page.locator(".card-line").inner_text()
        assert reader.focus() == "find"
        assert reader.path == "/library/find?q=villet"

    @SCRIPTS
    def test_pages_follow_one_another(self, visitor: NewVisitor, scripts: bool) -> None:
        reader = visitor(scripts=scripts)
        reader.open("/library/find?q=annals")
        first = set(reader.page.locator(".card-line h2").all_inner_texts())

        reader.page.click("text=Next titles")
        second = set(reader.page.locator(".card-line h2").all_inner_texts())

        assert len(first) == len(second) == 25
        assert not first & second

    def test_a_slash_goes_to_the_search_unless_switched_off(self, visitor: NewVisitor) -> None:
        reader = visitor()
        reader.open("/library/index")
        reader.page.keyboard.press("/")
        assert reader.focus() == "seek"
        with reader.page.expect_navigation():
            reader.page.click("text=on: / searches")

        reader.page.keyboard.press("/")

        assert reader.focus() != "seek"

    def test_what_somebody_typed_never_acts(self, visitor: NewVisitor) -> None:
        reader = visitor()
        dialogs: list[str] = []
        reader.page.on("dialog", lambda dialog: dialogs.append(dialog.message))

        reader.open("/library/find?q=" + "%3Cscript%3Ealert(1)%3C/script%3E")
        reader.open("/library/find?q=taken")
        reader.page.click(".card-line a")

        assert PAYLOAD in reader.page.inner_text("h1")
        assert reader.page.title() != "taken"
        assert dialogs == []


class TestCatalogue:
    @SCRIPTS
    def test_add_edit_add_a_copy_delete(self, visitor: NewVisitor, scripts: bool) -> None:
        librarian = visitor(scripts=scripts)
        title = f"A Room of One's Own {scripts}"
        librarian.sign_in("library", "noor", "/catalogue/new")
        librarian.page.fill("#title", title)
        librarian.page.fill("#contributors", "Virginia Woolf\nSomebody Else | editor")
        librarian.page.fill("#year", "1929")
        librarian.page.click("button:has-text('Add the title')")
        assert title in librarian.page.inner_text("h1")
        assert "Somebody Else" in librarian.words
        librarian.page.click("text=Edit the title")
        librarian.page.fill("#subtitle", "An essay")
        librarian.page.click("text=Save the changes")
        assert "An essay" in librarian.page.inner_text("h1")
        librarian.page.click("text=Add a copy")
        librarian.page.click("button:has-text('Add the copy')")
        assert "2 of 2 copies available" in librarian.words

        librarian.page.click("text=Delete the title")
        assert "cannot be undone" in librarian.words
        librarian.page.click("button:has-text('Delete')")

        assert f"Deleted: {title}" in librarian.words

    def test_an_isbn_that_cannot_be_is_said_beside_its_field(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "noor", "/catalogue/new")
        librarian.page.fill("#title", "Wrong")
        librarian.page.fill("#isbns", "9780140328720")

        librarian.page.click("button:has-text('Add the title')")

        assert "check digit" in librarian.page.inner_text("#isbns-error")
        assert librarian.page.input_value("#title") == "Wrong"

    def test_two_librarians_do_not_overwrite_each_other(self, visitor: NewVisitor) -> None:
        one, other = visitor(), visitor()
        for librarian in (one, other):
            librarian.sign_in("library", "noor", "/catalogue/5/edit")
        one.page.fill("#publisher", "The first")
        one.page.click("text=Save the changes")
        other.page.fill("#publisher", "The second")

        other.page.click("text=Save the changes")

        assert "look at it again" in other.words

    def test_a_scanners_enter_sends_no_half_filled_form(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "noor", "/catalogue/new")
        librarian.page.fill("#title", "Half")
        librarian.page.keyboard.press("Enter")
        assert librarian.focus() == "subtitle"
        librarian.page.focus("#barcode")

        librarian.page.keyboard.type("X0001")
        librarian.page.keyboard.press("Enter")

        assert librarian.path == "/library/catalogue/new"
        assert librarian.focus() == "location"


class TestImport:
    @SCRIPTS
    def test_read_look_apply_undo(self, visitor: NewVisitor, tmp_path: Path, scripts: bool) -> None:
        books = tmp_path / f"books-{scripts}.csv"
        books.write_text(CSV.replace("Borrowed", f"Borrowed {scripts}"))
        librarian = visitor(scripts=scripts)
        librarian.sign_in("library", "noor", "/catalogue/import")
        librarian.page.set_input_files("#file", books)
        librarian.page.click("text=Read the file")

        _until(librarian, "Apply", scripts)
        assert "1 refused" in " ".join(librarian.words.split())
        librarian.page.click("button:has-text('Apply')")
        _until(librarian, "Undo", scripts)
        assert "1 title added" in librarian.words
        librarian.page.click("button:has-text('Undo')")
        _until(librarian, "undone", scripts)


def _until(librarian: Visitor, word: str, scripts: bool) -> None:
    """Wait for a job: its page looks again by itself, or somebody presses the link."""
    if scripts:
        librarian.page.wait_for_selector(f"[data-swap=progress] >> text={word}", timeout=30_000)
        return
    for _ in range(60):
        if librarian.page.locator(f"[data-swap=progress] >> text={word}").count():
            return
        librarian.page.wait_for_timeout(500)
        librarian.page.reload()
    raise AssertionError(f"{word!r} never came: {librarian.words}")
