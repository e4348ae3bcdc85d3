"""The book's addresses."""

import pytest

from tests.library_mgt.controllers.conftest import Desk


class TestBooks:
    async def test_a_book_is_added_listed_changed_and_deleted(self, desk: Desk) -> None:
        added = await desk.book(5, year_published="1999-01-01T00:00:00", edition=2)
        taken = await desk.call(
            desk.librarian,
            "POST",
            "/book/add",
            {"book_id": 5, "title": "T", "author": "A", "classification": "Fiction"},
        )
        one = await desk.call(None, "GET", "/book/5")
        changed = await desk.call(
            desk.librarian, "PATCH", "/book/update?book_id=5", {"title": "New"}, If_Match=one.headers["ETag"]
        )
        [listed] = (await desk.call(None, "GET", "/book/list")).json()["items"]
        deleted = await desk.call(desk.librarian, "DELETE", "/book/delete/5")
        gone = await desk.call(desk.librarian, "DELETE", "/book/list?book_id=5")

        assert (added["book_id"], added["year_published"], added["edition"]) == (5, 1999, "2")
        assert (added["copies"], added["available"]) == (1, 1)
        assert (taken.status_code, taken.json()["code"]) == (409, "NUMBER_TAKEN")
        assert changed.json()["title"] == listed["title"] == "New"
        assert (deleted.status_code, gone.status_code) == (204, 404)

    async def test_an_update_needs_the_version_that_was_seen(self, desk: Desk) -> None:
        await desk.book(5)

        answer = await desk.call(desk.librarian, "PATCH", "/book/update?book_id=5", {"title": "New"})

        assert (answer.status_code, answer.json()["code"]) == (428, "VERSION_REQUIRED")

    async def test_a_class_the_library_does_not_have_is_refused(self, desk: Desk) -> None:
        body = {"book_id": 5, "title": "T", "author": "A", "classification": "Poetry"}

        answer = await desk.call(desk.librarian, "POST", "/book/add", body)

        assert (answer.status_code, answer.json()["code"]) == (422, "UNKNOWN_CODE")


class TestIssuance:
    async def test_a_pending_request_is_approved_lent_and_returned_once(self, desk: Desk) -> None:
        await desk.book(5)
        wish = (await desk.call(desk.student, "POST", "/book/request", {"book_id": 5})).json()

        issued = await desk.call(desk.librarian, "POST", "/book/issuance", {"req_id": wish["req_id"]})
        again = await desk.call(desk.librarian, "POST", "/book/issuance", {"request_id": wish["req_id"]})
        on_loan = await desk.call(desk.librarian, "DELETE", "/book/delete/5")
        loan = {"issue_id": issued.json()["issue_id"]}
        returned = await desk.call(desk.librarian, "POST", "/book/issuance/return", loan)
        twice = await desk.call(desk.librarian, "POST", "/book/issuance/return", loan)
        deleted = await desk.call(desk.librarian, "DELETE", "/book/delete/5")

        assert (wish["status"], wish["state"]) == (False, "PENDING_APPROVAL")
        assert (issued.status_code, issued.json()["req_id"]) == (201, wish["req_id"])
        assert (again.status_code, again.json()["code"]) == (409, "REQUEST_ALREADY_ISSUED")
        assert (on_loan.status_code, on_loan.json()["code"]) == (409, "HAS_DEPENDENTS")
        assert (returned.status_code, returned.json()["state"]) == (200, "RETURNED")
        assert (twice.status_code, twice.json()["code"]) == (409, "ILLEGAL_TRANSITION")
        assert deleted.status_code == 204
        assert await desk.broken() == []

    async def test_a_book_without_a_number_is_requested_by_its_title(self, desk: Desk) -> None:
        await desk.book(5)
        book = (await desk.call(desk.student, "GET", "/book/list")).json()["items"][0]

        both = await desk.call(desk.student, "POST", "/book/request", {"title_id": book["title_id"], "book_id": 5})
        wish = await desk.call(desk.student, "POST", "/book/request", {"title_id": book["title_id"]})

        assert both.status_code == 422
        assert (wish.status_code, wish.json()["state"]) == (201, "PENDING_APPROVAL")

    async def test_readers_see_their_own_and_staff_everybodys(self, desk: Desk) -> None:
        await desk.book(5)
        await desk.call(desk.student, "POST", "/book/request", {"book_id": 5})

        seen = [
            len((await desk.call(who, "GET", "/book/request/list")).json()["items"])
            for who in (desk.student, desk.other, desk.assistant)
        ]

        assert seen == [1, 0, 1]

    @pytest.mark.parametrize(
        ("path", "field", "value"),
        [
            ("/book/request", "request_date", "2026-01-01T00:00:00"),
            ("/book/request", "status", True),
            ("/book/issuance", "approved_by", "me"),
            ("/book/issuance", "approved_date", "2026-01-01"),
            ("/book/issuance", "date_due", "2026-01-01"),
            ("/book/issuance/return", "returned_date", None),
        ],
    )
    async def test_what_a_client_must_not_set_is_refused_with_the_reason(
        self, desk: Desk, path: str, field: str, value: object
    ) -> None:
        who = desk.student if path == "/book/request" else desk.librarian
        name = {"/book/request": "book_id", "/book/issuance": "req_id"}.get(path, "issue_id")

        answer = await desk.call(who, "POST", path, {name: 1, field: value})

        [error] = answer.json()["errors"]
        assert (answer.status_code, error["code"], error["pointer"]) == (422, "NOT_YOURS_TO_SET", f"/{field}")
        assert error["detail"].startswith("This is not yours to set: ")

    async def test_only_librarians_issue_and_take_back(self, desk: Desk) -> None:
        answers = [
            await desk.call(who, "POST", path, {field: 1})
            for who in (desk.student, desk.assistant)
            for path, field in (("/book/issuance", "req_id"), ("/book/issuance/return", "issue_id"))
        ]

        assert [answer.status_code for answer in answers] == [403] * 4
