"""What the desk says, in words."""

from datetime import timedelta

from sqlalchemy import update

from configuration.kit.database import Statement
from library_mgt.domain.barcodes import generated
from library_mgt.models.data.loans import loan
from library_mgt.models.data.patrons import patron_person
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.people import Someone

COPY = generated(1)


async def wish(desk: Desk, browser: Browser, who: Someone, number: int) -> None:
    """An approved request for the first title; `number` is the request's."""
    await browser.send(who, "/find/1/request")
    await browser.send(desk.librarian, f"/queue/{number}/approve")


async def lent_earlier(desk: Desk, days: int) -> None:
    """As if every loan had been made that many days before."""
    database, early = desk.erp.app("library").state.database, timedelta(days=days)
    for found in await database.read(lambda tx: tx.all(Statement(loan.select()))):
        moved = {"loaned_at": found.loaned_at - early, "due_at": found.due_at - early}
        await database.write(lambda tx, values=moved: tx.run(Statement(update(loan).values(**values))))


async def readers(desk: Desk) -> list[str]:
    """Everybody of whom the library keeps a row."""
    rows = await desk.erp.app("library").state.database.read(lambda tx: tx.all(Statement(patron_person.select())))
    return [row.person for row in rows]


class TestTakeBack:
    async def test_a_copy_for_the_hold_shelf_says_for_whom_and_how_late_it_was(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        await browser.send(desk.librarian, "/desk", patron=desk.other.actor.person, scan=desk.other.actor.person)
        await browser.send(desk.librarian, "/desk", patron=desk.other.actor.person, scan=COPY)
        await wish(desk, browser, desk.student, 1)
        await lent_earlier(desk, days=40)

        said = await browser.send(desk.assistant, "/desk", scan=COPY)

        assert f"To the hold shelf: Book 1 For {desk.student.actor.name}. Kept until" in said
        assert "It was overdue by 12 days." in said
        assert desk.other.actor.name not in said


class TestLend:
    async def test_a_second_scan_is_answered_calmly_and_a_refusal_names_the_title(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        lend = {"patron": desk.student.actor.person, "scan": COPY}
        await browser.send(desk.librarian, "/desk", **lend)

        again = await browser.send(desk.librarian, "/desk", **lend)
        another = await browser.send(desk.librarian, "/desk", **{**lend, "patron": desk.other.actor.person})

        assert "Already lent to this reader: Book 1 Nothing was changed." in again
        assert "Not lent: Book 1 The copy is on loan to somebody" in another


class TestLookAtAReader:
    async def test_somebody_who_never_used_the_library_leaves_no_trace_until_something_is_lent(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        person = desk.student.actor.person

        seen = await browser.send(desk.librarian, "/desk", scan=person.partition(":")[2])
        refused = await browser.send(desk.librarian, "/desk", patron=person, scan="C999")
        before = await readers(desk)
        lent = await browser.send(desk.librarian, "/desk", patron=person, scan=COPY)

        assert f"lend it to {desk.student.actor.name}" in seen
        assert "Nothing is known" in refused
        assert before == []
        assert "Lent: Book 1" in lent
        assert await readers(desk) == [person]


class TestWhichReader:
    async def test_the_focus_is_on_the_first_of_several(self, desk: Desk, browser: Browser) -> None:
        for number, reader in ((1, desk.student), (2, desk.other)):
            await desk.book(number)
            await browser.send(desk.librarian, "/desk", patron=reader.actor.person, scan=generated(number))

        shown = await browser.source(desk.librarian, "/desk", scan="example")

        assert "Which reader?" in shown
        assert shown.count(" autofocus") == 1
        assert "data-first-choice autofocus>" in shown


class TestOverrule:
    async def test_the_result_says_that_a_block_was_overruled(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await wish(desk, browser, desk.student, 1)
        lend = {"patron": desk.other.actor.person, "scan": COPY}
        refused = await browser.send(desk.librarian, "/desk", **lend)

        overrule = {"overrule": "REQUESTED_BY_ANOTHER", "reason": COPY}
        scanned = await browser.send(desk.librarian, "/desk", **lend, **overrule)
        said = await browser.send(desk.librarian, "/desk", **lend, **{**overrule, "reason": "He telephoned"})

        assert "Lend it all the same" in refused
        assert "The reason is a barcode" in scanned
        assert "Lend it all the same" in scanned
        assert "A block was overruled, and that is recorded" in said


class TestRenew:
    async def test_a_loan_of_the_open_reader_goes_on_and_what_stands_against_it_may_be_overruled(
        self, desk: Desk, browser: Browser
    ) -> None:
        await desk.book(1)
        reader = {"patron": desk.student.actor.person}
        await browser.send(desk.librarian, "/desk", **reader, scan=COPY)

        renewed = await browser.send(desk.assistant, "/desk/loans/1/renew", **reader)
        await browser.send(desk.other, "/find/1/request")
        refused = await browser.send(desk.librarian, "/desk/loans/1/renew", **reader)
        overrule = {"overrule": "RENEWAL_REQUESTED", "reason": "She is ill"}
        overruled = await browser.send(desk.librarian, "/desk/loans/1/renew", **reader, **overrule)

        assert "Renewed: Book 1 Due" in renewed
        assert f"lend it to {desk.student.actor.name}" in renewed
        assert "Not renewed: Book 1 1 reader waits for it" in refused
        assert "Do it all the same" in refused
        assert "renewed 2 times" in overruled


class TestCancelOnTheHoldShelf:
    async def test_the_next_readers_copy_stays_there(self, desk: Desk, browser: Browser) -> None:
        await desk.book(1)
        await wish(desk, browser, desk.student, 1)
        await wish(desk, browser, desk.other, 2)
        await browser.send(desk.assistant, "/queue/shelve", scan=COPY)

        said = await browser.send(desk.assistant, "/queue/1/cancel", view="shelf")
        last = await browser.send(desk.assistant, "/queue/2/cancel", view="shelf")

        assert f"Copy {COPY} stays on the hold shelf, now for {desk.other.actor.name}. Kept until" in said
        assert "To pull 0 Hold shelf 1" in said
        assert f"Take copy {COPY} from the hold shelf and put it back to its shelf." in last
        assert await desk.broken() == []
