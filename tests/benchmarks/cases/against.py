"""The book's addresses, ours beside another implementation's: `make bench AGAINST=http://127.0.0.1:9000`.

The other one is driven as it stands, without identity, as the book has it. What it does not answer well, or not in
time, is said and not compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, repeat
from urllib.parse import urlsplit

from rich.console import Console

from tests.benchmarks import books, people
from tests.benchmarks.compare import Spread
from tests.benchmarks.load import Load, drive
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Row
from tests.benchmarks.whole import whole
from tests.benchmarks.wire import BrokenAnswer, encode
from tests.reliability.installation import PREFIX, Installation

CLIENTS = (1, 16, 64)
STUDENT, LECTURER, LIBRARIAN = 1001, 2001, 9001
TITLES = 200
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Asked:
    """One address of the book. `who` signs in at ours; the other one knows nobody."""

    service: str
    path: str
    who: str | None = None
    adds: bool = False


ADDRESSES = (
    Asked("library", "/index"),
    Asked("library", "/book/list"),
    Asked("library", "/book/add", "librarian", adds=True),
    Asked("student", "/access/book", "student"),
    Asked("faculty", "/books/access/list", "lecturer"),
)


def against(installation: Installation, url: str, pace: Pace, console: Console) -> list[Row]:
    """Our rate at each address, theirs being 1.0."""
    other = _port_of(url)
    people.enrol(installation, "student", "student", [STUDENT])
    people.enrol(installation, "faculty", "lecturer", [LECTURER])
    people.enrol(installation, "library", "librarian", [LIBRARIAN])
    with people.opened(installation, "library") as database:
        books.load(database, TITLES)
    rows = []
    with whole(installation) as server:
        tokens = {
            "student": people.sign_in(server.port, "student", f"student-{STUDENT}"),
            "lecturer": people.sign_in(server.port, "faculty", f"lecturer-{LECTURER}"),
            "librarian": people.sign_in(server.port, "library", f"librarian-{LIBRARIAN}"),
        }
        numbers = count(1_000_000)
        for asked in ADDRESSES:
            for clients in CLIENTS:
                try:
                    ours = _load(server.port, asked, tokens.get(asked.who or ""), numbers, clients, pace)
                    theirs = _load(other, asked, None, numbers, clients, pace)
                except (BrokenAnswer, TimeoutError, OSError) as failure:
                    console.print(f"Not compared: {asked.service} {asked.path}, {clients} clients: {failure!r:.120}")
                    break
                rows.append(_row(asked, clients, ours, theirs))
    return rows


def _port_of(url: str) -> int:
    """Load goes to this machine only."""
    parts = urlsplit(url)
    if parts.hostname not in LOOPBACK or parts.port is None:
        raise SystemExit(f"AGAINST has to be an address of this machine with a port, not {url}")
    return parts.port


def _requests(asked: Asked, token: str | None, numbers: "count[int]") -> Iterator[bytes]:
    path = f"{PREFIX}/{asked.service}{asked.path}"
    if not asked.adds:
        return repeat(encode("GET", path, token=token))
    book = {"title": "Emma", "author": "Jane Austen", "year_published": "1815-12-23T00:00:00", "edition": 1}
    return (
        encode("POST", path, body={**book, "book_id": number, "classification": "Fiction"}, token=token)
        for number in numbers
    )


def _load(port: int, asked: Asked, token: str | None, numbers: "count[int]", clients: int, pace: Pace) -> Load:
    requests = _requests(asked, token, numbers)
    return drive(port, requests, clients=clients, seconds=pace.seconds * pace.rounds / 2).only(200, 201)


def _row(asked: Asked, clients: int, ours: Load, theirs: Load) -> Row:
    ratio = ours.rate / theirs.rate
    slow, slower = (load.percentile(0.99) * 1000 for load in (ours, theirs))
    note = f"{ours.rate:.0f}/s to {theirs.rate:.0f}/s, p99 {slow:.0f} to {slower:.0f} ms"
    name = f"{asked.service} {asked.path}, {clients} client{'s' if clients > 1 else ''}"
    return Row("against", name, "theirs, rate", Spread(ratio, ratio, ratio), None, note)
