"""Many copies at once over HTTP."""

from datetime import timedelta
from typing import Any

from configuration.kit.days import end_of_day, local_day
from library_mgt.domain.barcodes import generated
from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.pages.test_desk import lent_earlier


async def lent(desk: Desk, number: int) -> str:
    """A book that is out; its barcode."""
    await desk.book(number)
    body = {"patron": desk.student.actor.person, "barcode": generated(number)}
    made = await desk.call(desk.librarian, "POST", "/loans", body)
    assert made.status_code == 201, made.text
    return generated(number)


class TestReturnBatch:
    async def test_every_line_has_its_result_and_a_bad_one_stops_no_other(self, desk: Desk) -> None:
        first, second = await lent(desk, 1), await lent(desk, 2)

        told = await desk.call(
            desk.assistant, "POST", "/returns/batch", {"barcodes": [first, "NONE", f" {first.lower()}", second]}
        )

        assert told.status_code == 200, told.text
        lines = told.json()["lines"]
        assert [line["outcome"] for line in lines] == ["RETURNED", "COPY_NOT_FOUND", "SCANNED_TWICE", "RETURNED"]
        assert lines[1]["problem"]["detail"] == "No copy has this barcode"
        assert (told.json()["taken_back"], told.json()["problems"]) == (2, 1)
        assert (await desk.call(desk.librarian, "GET", "/loans")).json()["items"] == []
        assert await desk.broken() == []

    async def test_the_same_batch_with_its_key_is_answered_again_and_counted_once(self, desk: Desk) -> None:
        first = await lent(desk, 1)
        await desk.book(2)
        batch = {"barcodes": [first, generated(2)]}

        one = await desk.call(desk.assistant, "POST", "/returns/batch", batch, Idempotency_Key="drop-1")
        two = await desk.call(desk.assistant, "POST", "/returns/batch", batch, Idempotency_Key="drop-1")

        assert one.json() == two.json()
        assert [line["outcome"] for line in one.json()["lines"]] == ["RETURNED", "IN_HOUSE_USE"]
        assert (await desk.audited("done")).count(("copy.used_in_house", "copy:2")) == 1

    async def test_the_book_drop_dates_to_the_last_closing_and_never_before_the_loan(self, desk: Desk) -> None:
        old = await lent(desk, 1)
        await lent_earlier(desk, days=2)
        young = await lent(desk, 2)

        told = await desk.call(desk.assistant, "POST", "/returns/batch", {"barcodes": [old, young], "book_drop": True})

        library = desk.erp.app("library").state
        zone = library.settings.zone_info
        closing = end_of_day(local_day(library.clock(), zone) - timedelta(days=1), zone)
        assert told.json()["returned_at"] == closing.isoformat().replace("+00:00", "Z")
        assert [line["outcome"] for line in told.json()["lines"]] == ["RETURNED", "RETURN_BEFORE_LOAN"]
        ended = (await desk.call(desk.librarian, "GET", "/loans?state=RETURNED")).json()["items"]
        assert ended[0]["returned_at"] == told.json()["returned_at"]
        assert await desk.broken() == []

    async def test_an_attested_time_is_of_the_drop_has_a_zone_and_is_not_ahead(self, desk: Desk) -> None:
        one = await lent(desk, 1)
        ahead = (desk.erp.app("library").state.clock() + timedelta(hours=1)).isoformat()
        wrong: list[dict[str, Any]] = [
            {"returned_at": "2026-03-02T10:00:00Z"},
            {"returned_at": "2026-03-02T10:00:00", "book_drop": True},
            {"returned_at": 1772445600, "book_drop": True},
            {"returned_at": ahead, "book_drop": True},
            {"location": "moon"},
            {"barcodes": []},
            {"barcodes": ["B"] * 501},
        ]

        statuses = [
            (await desk.call(desk.assistant, "POST", "/returns/batch", {"barcodes": [one]} | body)).status_code
            for body in wrong
        ]

        assert statuses == [422] * len(wrong)
        assert len((await desk.call(desk.librarian, "GET", "/loans")).json()["items"]) == 1

    async def test_readers_may_not(self, desk: Desk) -> None:
        assert (await desk.call(desk.student, "POST", "/returns/batch", {"barcodes": ["B"]})).status_code == 403
