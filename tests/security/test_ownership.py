"""What belongs to somebody: its owner sees it, another person gets the answer for what does not exist."""

from typing import Any

import pytest

from tests.apps import Erp
from tests.people import Someone, signed_in

LIBRARY = "/ch04/library"


def said(answer: Any) -> dict[str, Any]:
    """A problem without what differs from request to request."""
    return {name: value for name, value in answer.json().items() if name != "request_id"}


@pytest.fixture
async def librarian(erp: Erp) -> Someone:
    return await signed_in(erp.app("library"), "librarian")


@pytest.fixture
async def owner(erp: Erp) -> Someone:
    return await signed_in(erp.app("student"), "student", number=1001)


@pytest.fixture
async def other(erp: Erp) -> Someone:
    return await signed_in(erp.app("student"), "student", number=1002)


@pytest.fixture
async def request_id(erp: Erp, librarian: Someone, owner: Someone) -> int:
    """The owner's request for a title of which a copy is in."""
    title = await erp.client.post(f"{LIBRARY}/titles", headers=librarian.headers, json={"title": "Dune"})
    assert title.status_code == 201, title.text
    copies = f"{LIBRARY}/titles/{title.json()['id']}/copies"
    copy = await erp.client.post(copies, headers=librarian.headers, json={"barcode": "DUNE-1"})
    assert copy.status_code == 201, copy.text
    made = await erp.client.post(f"{LIBRARY}/requests", headers=owner.headers, json={"title_id": title.json()["id"]})
    assert made.status_code == 201, made.text
    number: int = made.json()["id"]
    return number


class TestRequests:
    """A request is its reader's."""

    async def test_anothers_request_and_an_absent_one_look_alike(
        self, erp: Erp, owner: Someone, other: Someone, request_id: int
    ) -> None:
        theirs, absent = [
            await erp.client.post(f"{LIBRARY}/requests/{number}/cancel", headers=other.headers, json={})
            for number in (request_id, 987654321)
        ]

        assert (theirs.status_code, absent.status_code) == (404, 404)
        assert said(theirs) == said(absent)

    async def test_the_owner_cancels_it(self, erp: Erp, owner: Someone, request_id: int) -> None:
        answer = await erp.client.post(f"{LIBRARY}/requests/{request_id}/cancel", headers=owner.headers, json={})

        assert answer.status_code == 200

    async def test_a_list_of_ones_own_holds_ones_own(
        self, erp: Erp, owner: Someone, other: Someone, request_id: int
    ) -> None:
        mine, theirs = [
            (await erp.client.get(f"{LIBRARY}/requests/mine", headers=who.headers)).json()["items"]
            for who in (owner, other)
        ]

        assert [item["id"] for item in mine] == [request_id]
        assert theirs == []

    async def test_nobody_requests_for_somebody_else_without_a_desk(
        self, erp: Erp, other: Someone, request_id: int
    ) -> None:
        answer = await erp.client.post(
            f"{LIBRARY}/requests",
            headers=other.headers,
            json={"title_id": 1, "patron": "student:1001", "behalf_reason": "asked me to"},
        )

        assert answer.status_code in (403, 422)


class TestLoans:
    """A loan is its reader's."""

    async def test_anothers_loan_and_an_absent_one_look_alike(
        self, erp: Erp, librarian: Someone, owner: Someone, other: Someone, request_id: int
    ) -> None:
        loan = await erp.client.post(
            f"{LIBRARY}/loans", headers=librarian.headers, json={"patron": "student:1001", "barcode": "DUNE-1"}
        )
        assert loan.status_code == 201, loan.text

        theirs, absent = [
            await erp.client.post(f"{LIBRARY}/loans/{number}/announce-return", headers=other.headers)
            for number in (loan.json()["id"], 987654321)
        ]

        assert (theirs.status_code, absent.status_code) == (404, 404)
        assert said(theirs) == said(absent)
