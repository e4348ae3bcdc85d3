"""What a desk does with a loan on pages: each act with a button, each refusal with all its reasons."""

from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.library_mgt.controllers.pages.test_desk import lent_earlier, wish

COPY = generated(1)


async def ruled(desk: Desk, **values: object) -> None:
    """Lending goes by these values."""
    row = await desk.call(desk.librarian, "GET", "/policies/1")
    await desk.call(desk.librarian, "PATCH", "/policies/1", {"values": values}, If_Match=row.headers["ETag"])


async def lent(desk: Desk, browser: Browser) -> dict[str, str]:
    """Book 1 is out to the student; what a form says whose reader is open."""
    await desk.book(1)
    reader = {"patron": desk.student.actor.person}
    await browser.send(desk.librarian, "/desk", **reader, scan=COPY)
    return reader


class TestRecall:
    async def test_a_loan_is_called_back_from_the_title_and_all_that_stands_against_it_is_told(
        self, desk: Desk, browser: Browser
    ) -> None:
        await ruled(desk, recall_allowed=True)
        reader = await lent(desk, browser)
        nobody = await browser.send(desk.assistant, "/desk/loans/1/recall", **reader)
        await wish(desk, browser, desk.other, 1)

        offered = await browser.open(desk.assistant, "/find/1")
        recalled = await browser.send(desk.assistant, "/desk/loans/1/recall", back="/ch04/library/find/1")
        twice = await browser.send(desk.assistant, "/desk/loans/1/recall")

        assert "Not recalled: Book 1 Nobody waits in the queue for this copy." in nobody
        assert f"lend it to {desk.student.actor.name}" in nobody
        assert "Recall Book 1" in offered
        assert "Recalled: Book 1 Due" in recalled and "Copies" in recalled
        assert "Not recalled: Book 1 It was recalled already." in twice and "Why it stands so" in twice
        assert await desk.broken() == []


class TestLost:
    async def test_a_claim_a_loss_with_its_cost_said_before_and_its_settlement(
        self, desk: Desk, browser: Browser
    ) -> None:
        await lent(desk, browser)
        await desk.call(desk.librarian, "PATCH", f"/copies/{COPY}", {"price_minor": 2500})

        claimed = await browser.send(desk.assistant, "/desk/loans/1/claim")
        offered = await browser.open(desk.librarian, "/desk/loans/1")
        forbidden = await browser.open(desk.assistant, "/desk/loans/1")
        declared = await browser.send(desk.librarian, "/desk/loans/1/lost")
        refused = await browser.send(desk.librarian, "/desk/loans/1/settle")
        reason = {"reason": "He was ill."}
        await desk.call(desk.librarian, "POST", "/fees/1/waive", reason)
        settled = await browser.send(desk.librarian, "/desk/loans/1/settle")

        assert "Noted: the reader says it was returned: Book 1" in claimed and "Said to be returned" in claimed
        assert "The reader then owes €25.00: the price of the copy, €25.00" in offered
        assert "A librarian declares it lost" in forbidden and "The reader then owes" not in forbidden
        assert "Declared lost: Book 1" in declared and "€25.00 are open. Take the money or waive it first." in declared
        assert "Not settled: Book 1 25.00 EUR are open" in refused
        assert "Settled: Book 1 The loan has ended." in settled and "Settle it" not in settled
        assert await desk.broken() == []

    async def test_an_assistant_declares_nothing_lost(self, desk: Desk, browser: Browser) -> None:
        await lent(desk, browser)

        said = await browser.send(desk.assistant, "/desk/loans/1/lost")

        assert "Declared lost" not in said
        assert (await desk.call(desk.assistant, "GET", "/loans/1")).json()["state"] == "ON_LOAN"


class TestMoney:
    async def test_a_late_return_says_what_is_owed_for_it_and_leads_to_the_fees(
        self, desk: Desk, browser: Browser
    ) -> None:
        await ruled(desk, fine_minor=20, fine_cap_minor=1000)
        await lent(desk, browser)
        await lent_earlier(desk, days=40)

        back = await browser.source(desk.assistant, "/desk", scan=COPY)
        loan = await browser.source(desk.assistant, "/desk/loans/1")

        assert "It was overdue by 12 days.</p><p>€2.40 are owed for it." in back
        assert 'href="/ch04/library/desk/loans/1">The loan</a>' in back
        assert 'href="/ch04/library/desk/readers/1#fees">To the fees of the reader</a>' in loan
        assert await desk.broken() == []

    async def test_a_paid_loss_that_turns_up_is_told_to_whoever_scans_it(self, desk: Desk, browser: Browser) -> None:
        await lent(desk, browser)
        await desk.call(desk.librarian, "PATCH", f"/copies/{COPY}", {"price_minor": 2500})
        await browser.send(desk.librarian, "/desk/loans/1/lost")
        await browser.send(desk.assistant, "/desk/tills/main/open", float="0")
        await browser.send(desk.assistant, "/desk/readers/1/pay", amount="25", till="main", method="CASH")

        back = await browser.send(desk.assistant, "/desk/returns", scan=COPY)

        assert "Taken back: Book 1 €25.00 were paid for its loss; a librarian gives them back" in back
        assert await desk.broken() == []


class TestUndo:
    async def test_beside_what_was_just_done(self, desk: Desk, browser: Browser) -> None:
        reader = await lent(desk, browser)
        back = await browser.source(desk.assistant, "/desk", **reader, scan=COPY, take_back="yes")

        undone = await browser.send(desk.assistant, "/desk/loans/1/undo", **reader)
        twice = await browser.send(desk.assistant, "/desk/loans/1/undo", **reader)

        assert "/desk/loans/1/undo" in back
        assert "Undone: Book 1 It is on loan as before. Due" in undone
        assert "1 book on loan" in undone
        assert "Not undone: Book 1 Something else has happened to the loan since." in twice

    async def test_a_copy_that_was_not_lent_after_all_goes_to_whoever_waits(self, desk: Desk, browser: Browser) -> None:
        reader = await lent(desk, browser)
        await wish(desk, browser, desk.other, 1)

        undone = await browser.send(desk.assistant, "/desk/loans/1/undo", **reader)

        assert f"Undone: Book 1 To the hold shelf. For {desk.other.actor.name}. Kept until" in undone
        assert await desk.broken() == []

    async def test_a_renewal_is_undone_and_leaves_no_line_on_the_receipt(self, desk: Desk, browser: Browser) -> None:
        reader = await lent(desk, browser)
        await lent_earlier(desk, days=1)
        renewed = await browser.source(desk.assistant, "/desk/loans/1/renew", **reader)
        before = await browser.open(desk.assistant, f"/desk/receipt?patron={reader['patron']}")

        undone = await browser.send(desk.assistant, "/desk/loans/1/undo", **reader)
        after = await browser.open(desk.assistant, f"/desk/receipt?patron={reader['patron']}")
        why = await browser.open(desk.assistant, "/desk/loans/1")

        assert "/desk/loans/1/undo" in renewed and "1 book renewed Book 1" in before
        assert "Undone: Book 1 It is on loan as before." in undone and "renewed once" not in undone
        assert "book renewed" not in after
        assert "The renewal before was undone: due" in why
        assert await desk.broken() == []


class TestWhy:
    async def test_what_was_overruled_is_told_in_words(self, desk: Desk, browser: Browser) -> None:
        await ruled(desk, max_loans=0)
        await desk.book(1)
        said = {"patron": desk.student.actor.person, "scan": COPY, "overrule": "LOAN_LIMIT_REACHED"}
        await browser.send(desk.librarian, "/desk", **said, reason="For an exam")

        why = await browser.open(desk.student, "/my/loans/1")

        assert "A librarian lent or renewed it all the same: the reader had as many loans as are allowed." in why

    async def test_the_date_and_the_fine_are_explained_to_the_desk_and_to_the_reader_alone(
        self, desk: Desk, browser: Browser
    ) -> None:
        await lent(desk, browser)
        await lent_earlier(desk, days=40)

        at_desk = await browser.open(desk.assistant, "/desk/loans/1")
        own = await browser.open(desk.student, "/my/loans/1")
        other = await desk.call(desk.other, "GET", "/my/loans/1", Accept="text/html")
        mine = await browser.open(desk.student, "/my")

        for page in (at_desk, own):
            assert "under a rule of 28 days; closed days" in page and "Since then the due date was moved" in page
            assert "12 days late" in page
        assert "Declare it lost" not in own and desk.student.actor.person not in own
        assert other.status_code == 404
        assert "Why this date?" in mine and "Why?" in mine
