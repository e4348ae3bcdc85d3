"""The offline journal over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any

from configuration.kit.database import Statement
from library_mgt.domain.barcodes import generated
from library_mgt.models.data.journal import journal_entry
from tests.library_mgt.controllers.conftest import Desk
from tests.people import Someone


def ago(desk: Desk, minutes: float) -> str:
    """A time as a journal writes it."""
    moment = desk.erp.app("library").state.clock() - timedelta(minutes=minutes)
    return str(moment.isoformat(timespec="seconds"))


async def replay(desk: Desk, *lines: str, who: Someone | None = None) -> dict[str, Any]:
    """Send lines; what became of them."""
    told = await desk.call(who or desk.assistant, "POST", "/journal", {"lines": lines})
    assert told.status_code == 200, told.text
    found: dict[str, Any] = told.json()
    return found


def became(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line["became"], line["outcome"]) for line in told["lines"]]


async def rows(desk: Desk) -> list[Any]:
    database = desk.erp.app("library").state.database
    found: list[Any] = await database.read(lambda tx: tx.all(Statement(journal_entry.select())))
    return found


class TestReplay:
    async def test_acts_are_done_as_they_happened_whatever_their_order_and_dated_so(self, desk: Desk) -> None:
        await desk.book(1)
        reader, barcode = desk.student.actor.person, generated(1)
        out, back = ago(desk, 50), ago(desk, 20)

        told = await replay(desk, "# Tuesday", f"{back};return;;{barcode}", f"{out};lend;{reader};{barcode}")

        assert became(told) == [("done", "RETURNED"), ("done", "LENT")]
        [loan] = (await desk.call(desk.librarian, "GET", "/loans?state=RETURNED")).json()["items"]
        assert (loan["loaned_at"], loan["returned_at"]) == (out.replace("+00:00", "Z"), back.replace("+00:00", "Z"))
        assert await desk.broken() == []

    async def test_a_renewal_is_one_of_the_loan_that_was_running_then(self, desk: Desk) -> None:
        for number in (1, 2):
            await desk.book(number)
        reader, barcode = desk.student.actor.person, generated(1)
        lend, line = f"{ago(desk, 50)};lend;{reader};{barcode}", f"{ago(desk, 20)};renew;;{barcode}"

        told = await replay(desk, line, lend, f"{ago(desk, 60)};renew;;{barcode}", f"{ago(desk, 9)};renew;;C000000026")
        again = await replay(desk, line)

        assert became(told) == [
            ("done", "RENEWED"), ("done", "LENT"), ("conflict", "LOAN_NOT_FOUND"), ("conflict", "LOAN_NOT_FOUND"),
        ]  # fmt: skip
        assert became(again) == [("done before", "RENEWED")]
        [loan] = (await desk.call(desk.librarian, "GET", "/loans")).json()["items"]
        assert loan["renewals"] == 1
        late = await replay(desk, f"{ago(desk, 55)};renew;;{barcode}")
        assert became(late) == [("conflict", "RETURN_BEFORE_LOAN")]
        assert await desk.broken() == []

    async def test_the_same_line_acts_once_and_leaves_no_reader_behind(self, desk: Desk) -> None:
        await desk.book(1)
        line = f"{ago(desk, 9)};lend;{desk.student.actor.person};{generated(1)}"

        first, again = await replay(desk, line), await replay(desk, line.replace(";lend;", "; LEND ; "), line)

        assert became(first) == [("done", "LENT")]
        assert became(again) == [("done before", "LENT")] * 2
        assert (again["done"], again["done_before"]) == (0, 2)
        assert len((await desk.call(desk.librarian, "GET", "/loans")).json()["items"]) == 1
        assert [(row.state, row.card, row.detail) for row in await rows(desk)] == [("DONE", None, None)]

    async def test_a_return_that_comes_again_is_no_second_one(self, desk: Desk) -> None:
        await desk.book(1)
        line = f"{ago(desk, 9)};return;;{generated(1)}"

        first, again = await replay(desk, line), await replay(desk, line)

        assert became(first) == [("done", "IN_HOUSE_USE")]
        assert became(again) == [("done before", "IN_HOUSE_USE")]
        assert (await desk.audited("done")).count(("copy.used_in_house", "copy:1")) == 1

    async def test_what_conflicts_says_why_and_stops_no_other(self, desk: Desk) -> None:
        for number in (1, 2, 3):
            await desk.book(number)
        ann, ben = desk.student.actor.person, desk.other.actor.person
        await desk.call(desk.librarian, "POST", "/loans", {"patron": ben, "barcode": generated(1)})

        told = await replay(
            desk,
            f"{ago(desk, 9)};lend;{ann};{generated(1)}",
            f"{ago(desk, 8)};lend;CARD404;{generated(2)}",
            f"{ago(desk, 7)};lend;{ann};C404",
            f"{ago(desk, 6)};return;;{generated(1)}",
            f"{ago(desk, 5)};lend;{ann};{generated(3)}",
            "nonsense",
        )

        assert became(told) == [
            ("conflict", "COPY_ALREADY_ON_LOAN"),
            ("conflict", "PATRON_NOT_FOUND"),
            ("conflict", "COPY_NOT_FOUND"),
            ("conflict", "RETURN_BEFORE_LOAN"),
            ("done", "LENT"),
            ("refused", "LINE_MALFORMED"),
        ]
        assert (told["done"], told["conflicts"], told["refused"]) == (1, 4, 1)
        assert "on loan to somebody" in told["lines"][0]["detail"]
        assert ben not in str(told)
        assert await desk.broken() == []

    async def test_the_same_journal_sent_by_several_at_once_acts_once(self, desk: Desk) -> None:
        for number in range(1, 6):
            await desk.book(number)
        person = desk.student.actor.person
        lines = [f"{ago(desk, 20 - number)};lend;{person};{generated(number)}" for number in range(1, 6)]
        lines.append(f"{ago(desk, 5)};lend;{person};C404")

        told = await asyncio.gather(*(replay(desk, *lines) for _ in range(6)))

        assert sum(each["done"] for each in told) == 5
        assert {each["conflicts"] for each in told} == {1}
        assert len((await desk.call(desk.librarian, "GET", "/loans")).json()["items"]) == 5
        assert len(await rows(desk)) == 6
        assert await desk.broken() == []

    async def test_a_conflict_is_tried_again_when_it_comes_again(self, desk: Desk) -> None:
        line = f"{ago(desk, 9)};lend;{desk.student.actor.person};{generated(1)}"
        first = await replay(desk, line)
        await desk.book(1)

        second = await replay(desk, line)

        assert became(first) == [("conflict", "COPY_NOT_FOUND")]
        assert became(second) == [("done", "LENT")]
        assert [(row.state, row.card) for row in await rows(desk)] == [("DONE", None)]

    async def test_lines_older_than_a_journal_may_be_are_refused_and_forgotten(self, desk: Desk) -> None:
        await desk.book(1)
        await replay(desk, f"{ago(desk, 14 * 24 * 60 - 1)};return;;{generated(1)}")
        assert len(await rows(desk)) == 1
        library = desk.erp.app("library").state
        present = library.clock
        library.clock = lambda: present() + timedelta(minutes=2)

        told = await replay(desk, f"{ago(desk, 14 * 24 * 60 + 1)};return;;{generated(1)}")

        library.clock = present
        assert became(told) == [("refused", "TIME_TOO_OLD")]
        assert await rows(desk) == []

    async def test_readers_may_not_and_a_location_has_to_exist(self, desk: Desk) -> None:
        lines = {"lines": [f"{ago(desk, 1)};return;;B"]}

        assert (await desk.call(desk.student, "POST", "/journal", lines)).status_code == 403
        assert (await desk.call(desk.assistant, "POST", "/journal", lines | {"location": "moon"})).status_code == 422
        assert await rows(desk) == []


class TestSettle:
    async def test_a_conflict_is_listed_until_a_word_settles_it_and_then_stays_settled(self, desk: Desk) -> None:
        line = f"{ago(desk, 9)};lend;{desk.student.actor.person};C404"
        await replay(desk, line)
        [conflict] = (await desk.call(desk.assistant, "GET", "/journal/conflicts")).json()["items"]
        path = f"/journal/conflicts/{conflict['id']}/settle"

        wordless = await desk.call(desk.assistant, "POST", path, {"word": " "})
        settled = await desk.call(desk.assistant, "POST", path, {"word": "relabelled and lent"})
        again = await desk.call(desk.assistant, "POST", path, {"word": "once more"})

        assert conflict["card"] == desk.student.actor.person
        assert wordless.status_code == 422
        assert (settled.status_code, settled.json()["state"], settled.json()["card"]) == (200, "SETTLED", None)
        assert again.status_code == 404
        assert (await desk.call(desk.assistant, "GET", "/journal/conflicts")).json()["items"] == []
        assert became(await replay(desk, line)) == [("settled before", "COPY_NOT_FOUND")]
        assert ("journal.settled", f"journal:{conflict['id']}") in await desk.audited("done")
