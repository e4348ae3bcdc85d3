"""Readers who use the library through their own service, and the addresses by which they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.apps import Erp
from tests.people import Someone, signed_in

LIBRARY = "/ch04/library"


@dataclass(frozen=True)
class Way:
    """One service's addresses for books."""

    find: str
    request: str
    requests: str
    loans: str
    renew: str
    announce: str

    def announcing(self, loan_id: int) -> tuple[str, dict[str, Any]]:
        """Address and body for announcing a return."""
        return self.announce.format(loan_id=loan_id), {} if "{" in self.announce else {"issue_id": loan_id}


WAYS: Mapping[str, Way] = {
    "student": Way(
        find="/ch04/student/access/book",
        request="/ch04/student/reserve/book",
        requests="/ch04/student/books/requests",
        loans="/ch04/student/books/loans",
        renew="/ch04/student/books/loans/{loan_id}/renew",
        announce="/ch04/student/books/loans/{loan_id}/announce-return",
    ),
    "lecturer": Way(
        find="/ch04/faculty/books/access/list",
        request="/ch04/faculty/books/request/borrow",
        requests="/ch04/faculty/books/request/list",
        loans="/ch04/faculty/books/issuance/list",
        renew="/ch04/faculty/books/issuance/{loan_id}/renew",
        announce="/ch04/faculty/books/returning",
    ),
}


@dataclass(frozen=True)
class Readers:
    """The people, and calls in one line each."""

    erp: Erp
    people: Mapping[str, Someone]

    async def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request; header names are given with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | self.people[who].headers
        options = {} if body is None else {"json": body}
        return await self.erp.client.request(method, path, headers=sent, **options)

    async def book(self, number: int = 1) -> dict[str, Any]:
        """A book with one copy, known by its number."""
        body = {"book_id": number, "title": f"Dune {number}", "author": "F. Herbert", "classification": "Fiction"}
        added = await self.call("librarian", "POST", f"{LIBRARY}/book/add", body | {"barcode": f"B{number}"})
        assert added.status_code == 201, added.text
        made: dict[str, Any] = added.json()
        return made

    async def lend(self, who: str, number: int = 1) -> dict[str, Any]:
        """Lend the book's copy at the desk."""
        wish = {"patron": self.people[who].actor.person, "barcode": f"B{number}"}
        lent = await self.call("librarian", "POST", f"{LIBRARY}/loans", wish)
        assert lent.status_code == 201, lent.text
        made: dict[str, Any] = lent.json()
        return made

    async def waiting(self) -> list[dict[str, Any]]:
        """All requests, as the desk sees them."""
        listed = await self.call("librarian", "GET", f"{LIBRARY}/requests")
        found: list[dict[str, Any]] = listed.json()["items"]
        return found


async def readers_of(erp: Erp) -> Readers:
    """Everybody signed in."""
    people = {
        "student": await signed_in(erp.app("student"), "student"),
        "lecturer": await signed_in(erp.app("faculty"), "lecturer"),
        "librarian": await signed_in(erp.app("library"), "librarian"),
    }
    return Readers(erp, people)
