"""Importing books over HTTP: a job with an address, for librarians only."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.library_mgt.controllers.conftest import ROOT, Desk
from tests.people import Someone

BOOKS = b"id,title,authors,isbn,shelf\n1,First,Ann,0439023483,A\n2,Second,Bob,439023483,B\n3,,,,C\n"


async def send(
    desk: Desk,
    who: Someone | None,
    content: bytes = BOOKS,
    *,
    name: str = "new books.csv",
    key: str | None = None,
    **form: str,
) -> httpx.Response:
    headers = dict(who.headers) if who else {}
    if key:
        headers["Idempotency-Key"] = key
    files = {"file": (name, content, "text/csv")}
    return await desk.erp.client.post(f"{ROOT}/imports", headers=headers, files=files, data=form)


async def settled(desk: Desk, address: str) -> dict[str, Any]:
    """The import once its worker has finished the step."""
    for _ in range(600):
        answer = await desk.erp.client.get(address, headers=desk.librarian.headers)
        assert answer.status_code == 200, answer.text
        job: dict[str, Any] = answer.json()
        if job["state"] not in {"queued", "running"}:
            return job
        await asyncio.sleep(0.02)
    raise TimeoutError(job)


async def planned(desk: Desk, content: bytes = BOOKS, **form: str) -> tuple[str, dict[str, Any]]:
    sent = await send(desk, desk.librarian, content, **form)
    assert sent.status_code == 202, sent.text
    address = sent.headers["Location"]
    return address, await settled(desk, address)


async def applied(desk: Desk, content: bytes = BOOKS) -> tuple[str, dict[str, Any]]:
    address, _ = await planned(desk, content)
    answer = await desk.erp.client.post(f"{address}/apply", headers=desk.librarian.headers)
    assert answer.status_code == 202, answer.text
    return address, await settled(desk, address)


class TestSendingAFile:
    async def test_it_is_accepted_with_the_address_of_the_job(self, desk: Desk) -> None:
        sent = await send(desk, desk.librarian)

        assert sent.status_code == 202
        assert sent.headers["Location"] == f"{ROOT}/imports/{sent.json()['id']}"

    async def test_every_row_gets_a_verdict_and_nothing_changes(self, desk: Desk) -> None:
        address, job = await planned(desk)

        assert (job["state"], job["step"], job["total"]) == ("waiting", "plan", 3)
        assert job["summary"]["planned"] == {"create": 2, "update": 0, "duplicate": 0, "refuse": 1}
        assert job["unknown_columns"] == ["shelf"]
        rows = (await desk.erp.client.get(f"{address}/rows?verdict=refuse", headers=desk.librarian.headers)).json()
        assert [row["reasons"][0]["code"] for row in rows["items"]] == ["TITLE_MISSING"]
        assert (await desk.call(None, "GET", "/titles")).json()["items"] == []

    async def test_the_same_key_sends_one_file(self, desk: Desk) -> None:
        first = await send(desk, desk.librarian, key="once")
        again = await send(desk, desk.librarian, key="once")

        assert first.json()["id"] == again.json()["id"]
        assert first.headers["Location"] == again.headers["Location"]
        listed = (await desk.call(desk.librarian, "GET", "/imports")).json()["items"]
        assert [job["state"] for job in listed if job["id"] != first.json()["id"]] == ["cancelled"]

    async def test_a_file_that_is_no_list_of_books_fails_with_the_reason(self, desk: Desk) -> None:
        _, job = await planned(desk, b"stud_id,fname\n1,Ann\n")

        assert job["state"] == "failed"
        assert "stud_id, fname" in job["problem"]

    async def test_a_file_that_is_too_large_is_refused(self, desk: Desk) -> None:
        sent = await send(desk, desk.librarian, b"title\n" + b"x" * (26 * 1024 * 1024))

        assert sent.status_code == 413
        assert sent.headers["Content-Type"].startswith("application/problem+json")

    @pytest.mark.parametrize("source", ["", "a b", "x" * 61, "ä"])
    async def test_a_source_is_one_plain_word(self, desk: Desk, source: str) -> None:
        sent = await send(desk, desk.librarian, source=source)

        assert sent.status_code in ({422} if source else {202, 422})

    @pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\books.csv", "." * 300, "b\u0000.csv", "é.csv"])
    async def test_the_name_of_a_file_is_only_a_label(self, desk: Desk, name: str) -> None:
        sent = await send(desk, desk.librarian, name=name)

        assert sent.status_code in {202, 422}
        if sent.status_code == 202:
            assert "/" not in sent.json()["label"]
            assert len(sent.json()["label"]) <= 200


class TestApplyingAndUndoing:
    async def test_titles_are_found_afterwards(self, desk: Desk) -> None:
        _, job = await applied(desk)

        found = (await desk.call(None, "GET", "/titles?q=secon*")).json()["items"]
        assert (job["state"], job["summary"]["created"], job["summary"]["refused"]) == ("done", 2, 1)
        assert [title["title"] for title in found] == ["Second"]
        assert found[0]["copies"] == found[0]["available"] == 1

    async def test_words_isbn_and_names_find_them_as_if_added_by_hand(self, desk: Desk) -> None:
        await applied(desk)
        body = {"title": "Third", "contributors": [{"name": "Cid"}], "isbns": ["9780141439587"]}
        await desk.call(desk.librarian, "POST", "/titles", body)

        async def numbers(query: str) -> list[str]:
            items = (await desk.call(None, "GET", f"/titles?q={query}")).json()["items"]
            return [title["title"] for title in items]

        assert await numbers("9780439023481") == ["First", "Second"]
        assert await numbers("bob") == ["Second"]
        assert await numbers("439023483") == ["Second"]
        assert await numbers("9780141439587") == ["Third"]

    async def test_an_imported_book_can_be_lent_at_once(self, desk: Desk) -> None:
        await applied(desk)
        title = (await desk.call(None, "GET", "/titles?q=first")).json()["items"][0]
        copies = (await desk.call(desk.librarian, "GET", f"/titles/{title['id']}/copies")).json()["items"]

        loan = {"patron": desk.student.actor.person, "barcode": copies[0]["barcode"]}
        lent = await desk.call(desk.librarian, "POST", "/loans", loan)

        assert lent.status_code == 201, lent.text

    async def test_undo_takes_back_all_but_what_was_used_since_and_lists_it(self, desk: Desk) -> None:
        address, _ = await applied(desk)
        title = (await desk.call(None, "GET", "/titles?q=first")).json()["items"][0]
        requested = await desk.call(desk.student, "POST", "/requests", {"title_id": title["id"]})
        assert requested.status_code == 201, requested.text

        await desk.erp.client.post(f"{address}/undo", headers=desk.librarian.headers)
        job = await settled(desk, address)

        assert (job["summary"]["undone"], job["summary"]["kept"]) == (1, 1)
        kept = (await desk.erp.client.get(f"{address}/rows?kept=true", headers=desk.librarian.headers)).json()["items"]
        assert [(row["row_no"], row["undone"]) for row in kept] == [(1, "kept: lent or requested since")]
        assert [one["title"] for one in (await desk.call(None, "GET", "/titles")).json()["items"]] == ["First"]
        assert await desk.broken() == []

    async def test_asking_twice_is_harmless(self, desk: Desk) -> None:
        address, job = await applied(desk)

        again = await desk.erp.client.post(f"{address}/apply", headers=desk.librarian.headers)

        assert again.status_code == 202
        assert again.json()["summary"]["created"] == job["summary"]["created"] == 2

    async def test_what_does_not_follow_is_a_conflict_and_audited(self, desk: Desk) -> None:
        address, _ = await planned(desk)

        undone = await desk.erp.client.post(f"{address}/undo", headers=desk.librarian.headers)

        assert (undone.status_code, undone.json()["code"]) == (409, "ILLEGAL_TRANSITION")
        assert ("imports.undo", f"job:{address.rpartition('/')[2]}") in await desk.audited("refused")

    async def test_a_plan_can_be_given_up(self, desk: Desk) -> None:
        address, _ = await planned(desk)

        given_up = await desk.erp.client.post(f"{address}/cancel", headers=desk.librarian.headers)

        assert (given_up.status_code, given_up.json()["state"]) == (200, "cancelled")


class TestWhoMayImport:
    async def test_librarians_only(self, desk: Desk) -> None:
        address, _ = await planned(desk)

        for who, status in ((None, 401), (desk.student, 403), (desk.assistant, 403)):
            headers = who.headers if who else {}
            assert (await send(desk, who)).status_code == status
            for method, path in (("GET", ""), ("GET", "/rows"), ("POST", "/apply"), ("POST", "/undo")):
                answer = await desk.erp.client.request(method, address + path, headers=headers)
                assert answer.status_code == status, (method, path)

    async def test_an_import_that_does_not_exist_is_not_found(self, desk: Desk) -> None:
        for path in ("/imports/4711", "/imports/4711/rows"):
            assert (await desk.call(desk.librarian, "GET", path)).status_code == 404

    async def test_lists_come_in_pages(self, desk: Desk) -> None:
        for _ in range(3):
            await planned(desk)

        first = (await desk.call(desk.librarian, "GET", "/imports?limit=2")).json()
        second = (await desk.call(desk.librarian, "GET", f"/imports?limit=2&cursor={first['next']}")).json()

        assert [job["id"] for job in first["items"] + second["items"]] == [3, 2, 1]
        assert second["next"] is None
