"""The library's daily work beside a bare POST into a dictionary: a title added, a book requested, a copy issued.

Everything that real life asks for is on: tokens, idempotency keys, policy, queues, events, audit, the central log,
durable commits. After each slice, outside the measured time, its loans are returned and its requests cancelled.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, cycle, repeat
from pathlib import Path

from configuration.kit.database import Transaction
from library_mgt.domain import barcodes
from library_mgt.services import patrons
from tests.benchmarks import books, people
from tests.benchmarks.compare import Comparison, Subject, in_turns
from tests.benchmarks.load import Load, drive
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.servers import Server, bare
from tests.benchmarks.whole import whole
from tests.benchmarks.wire import encode
from tests.reliability.installation import PREFIX, Installation

LIBRARY = f"{PREFIX}/library"
READERS = 2000
ISSUE_GOALS = {16: 0.26, 64: 0.21}
BOOK = {"title": "Emma", "author": "Jane Austen", "isbn": "9780141439587", "year": 1815}
TITLE = {"title": "Emma", "contributors": [{"name": "Jane Austen"}], "isbns": ["9780141439587"], "year": 1815}


KEYS = count()
"""Idempotency keys of this run: none is used twice."""


@dataclass(slots=True)
class Desk:
    """One desk at work: what it lends, to whom, and what it still has to take back."""

    port: int
    staff: str
    readers: list[str]
    copies: int
    titles: list[int]
    out: list[str] = field(default_factory=list)
    keys: Iterator[int] = KEYS

    def add_titles(self) -> Iterator[bytes]:
        """Titles to add."""
        for key in self.keys:
            yield encode("POST", f"{LIBRARY}/titles", body=TITLE, token=self.staff, Idempotency_Key=f"bench-{key}")

    def request(self) -> Iterator[bytes]:
        """Each reader in turn asks for the next title."""
        for key, token, title in zip(self.keys, cycle(self.readers), cycle(self.titles), strict=False):
            body = {"title_id": title}
            yield encode("POST", f"{LIBRARY}/requests", body=body, token=token, Idempotency_Key=f"bench-{key}")

    def issue(self) -> Iterator[bytes]:
        """Each reader in turn gets the next copy, until every copy is out."""
        for key, reader, copy in zip(self.keys, cycle(range(1, READERS + 1)), range(1, self.copies + 1), strict=False):
            body = {"patron": f"student:{reader}", "barcode": barcodes.generated(copy)}
            self.out.append(body["barcode"])
            yield encode("POST", f"{LIBRARY}/loans", body=body, token=self.staff, Idempotency_Key=f"bench-{key}")

    def cancel_all(self, load: Load) -> None:
        """Cancel what a slice requested."""
        ids = [json.loads(body)["id"] for body in load.bodies]
        self._do(encode("POST", f"{LIBRARY}/requests/{id_}/cancel", body={}, token=self.staff) for id_ in ids)

    def take_back(self, _: Load) -> None:
        """Return what a slice lent."""
        returned, self.out = self.out, []
        self._do(
            encode("POST", f"{LIBRARY}/returns", body={"barcode": barcode}, token=self.staff) for barcode in returned
        )

    def _do(self, requests: Iterator[bytes]) -> None:
        drive(self.port, requests, clients=16, seconds=120).only(200, 201)


def prepare(installation: Installation, titles: int) -> list[int]:
    """A catalogue, a librarian, and readers whose standing the library knows since today; the ids of the titles."""
    people.enrol(installation, "library", "librarian", [1])
    with people.opened(installation, "library") as database:
        ids = books.load(database, titles)
        database.write_sync(_know_readers)
    return ids


def _know_readers(tx: Transaction) -> None:
    now = datetime.now(UTC)
    for number in range(1, READERS + 1):
        patrons.take_standing(
            tx,
            person=f"student:{number}",
            display_name=f"Student {number}",
            group="student",
            active=True,
            until=None,
            as_of=now,
            by=people.BY,
            now=now,
        )


def desk(folder: Path, installation: Installation, titles: list[int], pace: Pace) -> list[Row]:
    """The ratios at 16 and 64 clients."""
    rows = []
    with bare(folder) as plain, whole(installation) as server:
        for clients, goal in ISSUE_GOALS.items():
            work = Desk(
                server.port,
                people.sign_in(server.port, "library", "librarian-1"),
                people.reader_tokens(installation, range(1, READERS + 1)),
                len(titles),
                titles,
            )
            found = in_turns(_subjects(plain, server, work), clients=clients, seconds=pace.seconds, rounds=pace.rounds)
            rows += _rows(found, clients, goal)
    return rows


def _subjects(plain: Server, server: Server, work: Desk) -> list[Subject]:
    return [
        Subject(plain, lambda: repeat(encode("POST", "/book", body=BOOK)), (201,)),
        Subject(server, work.add_titles, (201,)),
        Subject(server, work.request, (201,), after=work.cancel_all, keep=True),
        Subject(server, work.issue, (201,), after=work.take_back),
    ]


def _rows(found: Comparison, clients: int, goal: float) -> list[Row]:
    goals = (None, None, Goal("at least", goal))
    names = ("add a title", "request a book", "issue a book")
    rows = []
    for at, (name, wanted) in enumerate(zip(names, goals, strict=True), start=1):
        p95 = max(taken[at].p95 for taken in found.slices) * 1000
        rate = sorted(taken[at].rate for taken in found.slices)[len(found.slices) // 2]
        note = f"CPU {found.cpu[at].median:.1f}, {rate:.0f}/s, p95 at most {p95:.0f} ms"
        what = f"{name}, {clients} clients"
        rows.append(Row("desk", what, "bare in-memory POST, rate", found.rates[at], wanted, note))
    return rows
