"""A reader's visit: a book that nobody catalogued, and the slip at the end."""

from datetime import UTC, datetime, timedelta

import pytest

from library_mgt.domain.barcodes import generated
from library_mgt.domain.visits import begun
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.conftest import Browser
from tests.library_mgt.controllers.pages.test_lists import made_earlier
from tests.library_mgt.controllers.test_batches_http import lent

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class TestFastAdd:
    async def test_an_unknown_barcode_offers_it_and_one_step_catalogues_and_lends(
        self, desk: Desk, browser: Browser
    ) -> None:
        person = desk.student.actor.person
        unknown = await browser.send(desk.librarian, "/desk", patron=person, scan="NEW 7")
        name = await browser.send(desk.librarian, "/desk", scan="nobody")
        assistant = await browser.send(desk.assistant, "/desk", patron=person, scan="NEW 7")

        fields = {"patron": person, "barcode": "NEW 7", "title": "Found in a box", "location": "main"}
        said = await browser.send(desk.librarian, "/desk/fast-add", **fields, item_type="book")

        assert "add it" in unknown
        assert "add it" not in name
        assert "add it" not in assistant
        assert "Lent: Found in a box" in said
        [loan] = (await desk.call(desk.librarian, "GET", "/loans")).json()["items"]
        assert (loan["barcode"], loan["person"]) == ("NEW7", person)
        assert await desk.broken() == []

    async def test_a_refused_loan_leaves_no_book_and_adding_alone_is_possible(
        self, desk: Desk, browser: Browser
    ) -> None:
        await lent(desk, 1)
        person = desk.student.actor.person
        blocked = await desk.call(desk.librarian, "POST", "/patrons/1/block", {"blocked": True, "reason": "lost card"})
        assert blocked.status_code == 200, blocked.text
        fields = {"patron": person, "barcode": "N1", "title": "Another", "location": "main", "item_type": "book"}

        refused = await browser.send(desk.librarian, "/desk/fast-add", **fields)
        titles = (await desk.call(None, "GET", "/titles")).json()["items"]
        added = await browser.send(desk.librarian, "/desk/fast-add", **fields, only="yes")
        twice = await browser.send(desk.librarian, "/desk/fast-add", **fields, only="yes", form_key="b")

        assert "Nothing was added and nothing was lent" in refused
        assert "lost card" in refused
        assert len(titles) == 1
        assert "Added: Another" in added
        assert "Another copy has, or had, this barcode" in twice

    async def test_only_who_may_catalogue_may(self, desk: Desk) -> None:
        page = await desk.call(desk.assistant, "GET", "/desk/fast-add", Accept="text/html")

        assert page.status_code == 403


class TestReceipt:
    async def test_it_lists_what_was_lent_renewed_and_given_back_in_this_visit(
        self, desk: Desk, browser: Browser
    ) -> None:
        await lent(desk, 1)
        await lent(desk, 2)
        await lent(desk, 3)
        await made_earlier(desk, 3, days=2)
        await desk.call(desk.assistant, "POST", "/returns", {"barcode": generated(1)})
        await desk.call(desk.assistant, "POST", "/loans/3/renew")
        await desk.call(desk.assistant, "POST", "/loans/2/renew")

        slip = await browser.open(desk.assistant, f"/desk/receipt?patron={desk.student.actor.person}")
        unknown = await desk.call(desk.assistant, "GET", "/desk/receipt?patron=student:999999999", Accept="text/html")

        assert "1 book lent Book 2" in slip
        assert "1 book given back Book 1" in slip
        assert "1 book renewed Book 3" in slip
        assert "2 books are on loan in all." in slip
        assert unknown.status_code == 404

    @pytest.mark.parametrize(
        ("minutes_ago", "begins"),
        [([], 0), ([5], 5), ([5, 34], 34), ([5, 36], 5), ([31], 0), ([1, 20, 45, 90], 45), ([-5, 3], 3)],
    )
    def test_a_visit_ends_with_half_an_hour_in_which_nothing_happens(self, minutes_ago: list[int], begins: int) -> None:
        moments = [NOW - timedelta(minutes=minutes) for minutes in minutes_ago]

        assert begun(moments, NOW) == NOW - timedelta(minutes=begins)
