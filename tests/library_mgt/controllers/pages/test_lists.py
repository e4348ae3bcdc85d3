"""The desk's lists: on the page, and the same as CSV."""

import csv
import io
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from configuration.kit.database import Statement
from configuration.kit.pagination import encode_cursor
from library_mgt.domain.barcodes import generated
from library_mgt.models.data.loans import loan
from tests.library_mgt.controllers.conftest import ROOT, Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.library_mgt.controllers.pages.test_desk import wish
from tests.library_mgt.controllers.test_batches_http import lent


async def sheet(desk: Desk, query: str) -> list[dict[str, str]]:
    """The CSV of a list, row by row."""
    answer = await desk.call(desk.assistant, "GET", f"/queue/list.csv?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def shelved(desk: Desk, number: int, **copy: Any) -> None:
    await desk.book(number)
    changed = await desk.call(desk.librarian, "PATCH", f"/copies/{generated(number)}", copy)
    assert changed.status_code == 200, changed.text


async def made_earlier(desk: Desk, loan_id: int, days: int) -> None:
    """As if the loan had been made that many days before."""
    database, early = desk.erp.app("library").state.database, timedelta(days=days)
    [found] = await database.read(lambda tx: tx.all(Statement(loan.select().where(loan.c.id == loan_id))))
    moved = {"loaned_at": found.loaned_at - early, "due_at": found.due_at - early}
    await database.write(lambda tx: tx.run(Statement(update(loan).where(loan.c.id == loan_id).values(**moved))))


class TestPullList:
    async def test_goes_along_the_shelves(self, desk: Desk, browser: Browser) -> None:
        for number, mark in ((1, "823 Z"), (2, "100 A"), (3, "823 B")):
            await shelved(desk, number, call_number=mark)
            await browser.send(desk.student, f"/find/{number}/request")
            await browser.send(desk.librarian, f"/queue/{number}/approve")

        page = await browser.open(desk.assistant, "/queue?view=pull")
        rows = await sheet(desk, "view=pull")

        assert [row["call number"] for row in rows] == ["100 A", "823 B", "823 Z"]
        assert page.index("Book 2") < page.index("Book 3") < page.index("Book 1")


class TestHoldShelf:
    async def test_what_nobody_waits_for_any_more_is_listed_until_it_is_scanned(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        await wish(desk, browser, desk.student, 1)
        await browser.send(desk.assistant, "/queue/shelve", scan=generated(1))
        kept = await sheet(desk, "view=shelf")
        before = await sheet(desk, "view=clear")
        await browser.send(desk.assistant, "/queue/1/cancel", view="shelf")

        listed = await browser.open(desk.assistant, "/queue?view=clear")
        scanned = await browser.send(desk.assistant, "/queue/clear", scan=generated(1))

        assert [(row["barcode"], row["reader"]) for row in kept] == [(generated(1), desk.student.actor.name)]
        assert before == []
        assert f"Book 1 {generated(1)}" in listed
        assert "Taken off the hold shelf: Book 1" in scanned
        assert "Nothing to clear." in scanned
        assert ("copy.off_hold_shelf", "copy:1") in await desk.audited("done")


class TestOverdue:
    async def test_the_longest_first_with_reader_days_and_renewals(self, desk: Desk, browser: Browser) -> None:
        await lent(desk, 1)
        await lent(desk, 2)
        await made_earlier(desk, 1, days=60)
        await made_earlier(desk, 2, days=40)

        page = await browser.open(desk.assistant, "/queue?view=overdue")
        rows, longest = await sheet(desk, "view=overdue"), await sheet(desk, "view=overdue&days=30")

        assert [(row["title"], row["days"], row["renewals"]) for row in rows] == [
            ("Book 1", "32", "0"), ("Book 2", "12", "0"),
        ]  # fmt: skip
        assert [row["title"] for row in longest] == ["Book 1"]
        assert (await sheet(desk, "view=overdue&days=32"))[0]["title"] == "Book 1"
        assert await sheet(desk, "view=overdue&days=33") == []
        assert f"{desk.student.actor.name} {desk.student.actor.person}" in page
        assert "32 days" in page


class TestCountsAsLost:
    async def test_from_the_day_that_the_rule_of_the_loan_says_and_until_it_is_declared_lost(
        self, desk: Desk, browser: Browser
    ) -> None:
        for number, days in ((1, 28 + 180), (2, 28 + 179), (3, 28 + 181)):
            await lent(desk, number)
            await made_earlier(desk, number, days=days)
        await desk.call(desk.librarian, "PATCH", f"/copies/{generated(3)}", {"price_minor": 2500})

        page = await browser.open(desk.librarian, "/queue?view=lost")
        rows = await sheet(desk, "view=lost")
        assistant = await browser.open(desk.assistant, "/queue?view=lost")
        back = ROOT + "/queue?view=lost"
        declared = await browser.send(desk.librarian, "/desk/loans/3/lost", back=back)

        assert [(row["title"], row["days"], row["lost after"]) for row in rows] == [
            ("Book 3", "181", "180"), ("Book 1", "180", "180"),
        ]  # fmt: skip
        assert "Declare lost Book 3 The reader then owes €25.00" in page
        assert "Nothing is charged: its price is not known" in page
        assert "Declare lost" not in assistant
        assert "Declared lost: Book 3" in declared and "Counts as lost 1" in declared
        assert [row["title"] for row in await sheet(desk, "view=lost")] == ["Book 1"]
        assert await desk.broken() == []


class TestNotOnItsShelf:
    async def test_missing_and_in_repair_are_lists_of_their_own(self, desk: Desk, browser: Browser) -> None:
        await shelved(desk, 1, status="MISSING", call_number="9")
        await shelved(desk, 2, status="IN_REPAIR")

        missing = await browser.open(desk.assistant, "/queue?view=missing")
        repair = await browser.open(desk.assistant, "/queue?view=repair")

        assert "Book 1" in missing
        assert "Book 2" not in missing
        assert "Book 2" in repair
        assert [row["title"] for row in await sheet(desk, "view=missing")] == ["Book 1"]


class TestPages:
    async def test_a_list_goes_on_where_it_stopped_and_a_foreign_cursor_is_refused(
        self, desk: Desk, browser: Browser
    ) -> None:
        for number in range(1, 54):
            await desk.book(number)
            await desk.call(desk.librarian, "PATCH", f"/copies/{generated(number)}", {"status": "MISSING"})

        first = await browser.source(desk.assistant, "/queue?view=missing")
        link = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&").removeprefix(ROOT)
        second = await browser.open(desk.assistant, link)
        foreign = await desk.call(desk.assistant, "GET", link.replace("view=missing", "view=overdue"))
        zoneless = await desk.call(
            desk.assistant, "GET", f"/queue?view=overdue&cursor={encode_cursor('2026-03-02T09:30:00', 1)}"
        )

        assert "view=missing" in link
        assert ("Book 51" in second, "Book 53" in second, "Book 50 " in second) == (True, True, False)
        assert (foreign.status_code, zoneless.status_code) == (422, 422)
        assert len(await sheet(desk, "view=missing")) == 53


class TestCsv:
    async def test_a_title_is_never_a_formula(self, desk: Desk, browser: Browser) -> None:
        titles = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", ' =1+1, "quoted"']
        for number, title in enumerate(titles, 1):
            await desk.book(number, title=title)
            await desk.call(desk.librarian, "PATCH", f"/copies/{generated(number)}", {"status": "MISSING"})

        rows = await sheet(desk, "view=missing")

        assert [row["title"] for row in rows] == [f"'{title.strip()}" for title in titles]

    async def test_readers_see_none_of_it(self, desk: Desk) -> None:
        assert (await desk.call(desk.student, "GET", "/queue/list.csv?view=shelf")).status_code == 403

    async def test_a_title_is_no_formula_where_a_semicolon_parts_the_cells(self, desk: Desk) -> None:
        await desk.book(1, title="Dune;=1+1")
        await desk.book(2, title='Emma; "@SUM(A1)')
        for number in (1, 2):
            await desk.call(desk.librarian, "PATCH", f"/copies/{generated(number)}", {"status": "MISSING"})

        told = (await desk.call(desk.assistant, "GET", "/queue/list.csv?view=missing")).text
        cells = [cell.strip(' "') for line in told.splitlines() for cell in line.split(";")]

        assert len(cells) == 5
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]
