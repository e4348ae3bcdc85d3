"""A reader's page at the desk, tills, and receipts, as a browser without scripts asks for them."""

from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser

PAGE = "/desk/readers/1"


async def owing(desk: Desk, browser: Browser) -> None:
    """Reader 1 owes 5.00 EUR; the till is open."""
    await desk.book(1)
    await browser.send(desk.student, "/find/1/request")
    await browser.send(desk.assistant, "/desk/tills/main/open", float="10")
    await browser.send(desk.assistant, f"{PAGE}/damage", amount="5,00", reason="Coffee on forty pages")


class TestFees:
    async def test_money_is_taken_once_and_its_receipt_shown(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)
        pay = {"amount": "2.50", "till": "main", "method": "CASH", "form_key": "abc"}

        receipt = await browser.send(desk.assistant, f"{PAGE}/pay", **pay)
        again = await browser.send(desk.assistant, f"{PAGE}/pay", **pay)
        page = await browser.open(desk.assistant, PAGE)

        assert "Receipt 1" in receipt
        assert "Damage Coffee on forty pages €2.50" in receipt
        assert "Still owed after it: €2.50" in receipt
        assert "Receipt 1" in again
        assert "Owed €2.50" in page
        assert 'name="amount" type="text" value="2.50"' in await browser.source(desk.assistant, PAGE)
        assert await desk.broken() == []

    async def test_what_was_typed_wrong_and_too_much_is_told(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)

        unread = await browser.send(desk.assistant, f"{PAGE}/pay", amount="five", till="main", method="CASH")
        too_much = await browser.send(desk.assistant, f"{PAGE}/pay", amount="6", till="main", method="CASH")

        assert "Nothing was changed five: not an amount" in unread
        assert "5.00 EUR are open, not more." in too_much

    async def test_a_librarian_waives_and_gives_back(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)
        await browser.send(desk.assistant, f"{PAGE}/pay", amount="2", till="main", method="CARD", charge="1")

        waived = await browser.send(desk.librarian, f"{PAGE}/fees/1/waive", reason="It was wet already")
        back = await browser.send(
            desk.librarian, f"{PAGE}/fees/1/refund", reason="Our mistake", till="main", method="CASH"
        )
        for_assistants = await browser.open(desk.assistant, PAGE)

        assert "Waived. The reader sees the reason." in waived
        assert "Given back €2.00 Still owed after it: €0.00" in back
        assert "Waive it" not in for_assistants
        assert await desk.broken() == []

    async def test_the_reader_sees_own_fees_and_receipts_and_nobody_elses(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)
        await browser.send(desk.assistant, f"{PAGE}/pay", amount="2", till="main", method="CARD")

        mine = await browser.open(desk.student, "/my")
        others = await browser.open(desk.other, "/my")
        receipt = await browser.open(desk.student, "/receipts/main/1")
        foreign = await browser.open(desk.other, "/receipts/main/1")

        assert "Owed €3.00" in mine
        assert "Damage Coffee on forty pages" in mine
        assert "Fees" not in others
        assert "Paid €2.00" in receipt
        assert "There is no such receipt" in foreign

    async def test_without_an_open_till_the_way_to_one_is_shown(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)
        await browser.send(desk.assistant, "/desk/tills/main/close", cash="10", card="0", transfer="0")

        page = await browser.open(desk.assistant, PAGE)

        assert "No till is open. Open a till to take money" in page


class TestRecord:
    async def test_cards_are_given_lost_and_replaced(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)

        await browser.send(desk.assistant, f"{PAGE}/cards", number="K-1")
        await browser.send(desk.assistant, f"{PAGE}/cards/lost", number="K-1")
        offered = await browser.source(desk.assistant, PAGE)
        page = await browser.send(desk.assistant, f"{PAGE}/cards", number="K-2", instead="K-1")
        scanned = await browser.send(desk.assistant, "/desk", scan="K-1")

        assert '<option value="K-1" selected>K-1 (lost)</option>' in offered
        assert "K-1 Replaced by K-2" in page
        assert "K-2 In use" in page
        assert "This card was replaced by K-2. Scan that one" in scanned

    async def test_blocks_are_set_with_an_end_and_lifted(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)

        blocked = await browser.send(desk.librarian, f"{PAGE}/block", reason="Wet books", until="2999-12-31")
        faulty = await browser.send(desk.librarian, f"{PAGE}/block", reason="")
        at_desk = await browser.open(desk.assistant, f"/desk?patron={desk.student.actor.person}")
        lifted = await browser.send(desk.librarian, f"{PAGE}/blocks/1/lift", reason="Dried")

        assert "Blocked Wet books until Tue 31 Dec 2999" in blocked
        assert "Nothing was changed Reason:" in faulty
        assert "Blocked Wet books until" in at_desk
        assert "Owes €5.00" in at_desk
        assert "Wet books" not in lifted

    async def test_groups_memberships_and_two_records(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)
        await desk.book(2)
        await browser.send(desk.other, "/find/2/request")

        group = await browser.send(desk.librarian, f"{PAGE}/group", group="faculty", reason="Teaches")
        local = await browser.send(desk.librarian, f"{PAGE}/extend", until="2999-12-31")
        unknown = await browser.send(desk.librarian, f"{PAGE}/join", other="nobody", reason="The same")
        joined = await browser.send(desk.librarian, f"{PAGE}/join", other=desk.other.actor.person, reason="The same")

        assert "The group is changed." in group
        assert "home service says how long" in local
        assert "No reader is known" in unknown
        assert "The two records are one." in joined
        assert desk.other.actor.person in joined
        assert await desk.broken() == []


class TestTills:
    async def test_the_days_end_is_counted_with_a_reason_for_what_differs(self, desk: Desk, browser: Browser) -> None:
        await owing(desk, browser)
        await browser.send(desk.assistant, f"{PAGE}/pay", amount="5", till="main", method="CASH")
        count = {"cash": "14.90", "card": "0", "transfer": "0"}

        short = await browser.send(desk.assistant, "/desk/tills/main/close", **count)
        again = await browser.source(desk.assistant, "/desk/tills/main/close", **count)
        unread = await browser.source(desk.assistant, "/desk/tills/main/close", **count | {"card": "none"})
        closed = await browser.send(desk.assistant, "/desk/tills/main/close", **count, reason="A coin fell")

        assert "15.00 EUR should be there; 0.10 EUR are missing" in short
        assert 'name="cash" type="text" value="14.90"' in again
        assert "none: not an amount" in unread and 'name="cash" type="text" value="14.90"' in unread
        assert "The till is counted and closed." in closed
        assert "Cash €5.00 (1) €0.00 (0) €15.00 €14.90 -€0.10: A coin fell" in closed
