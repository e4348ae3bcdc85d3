"""A crowd that reaches one service through another, at every address where that is possible, and what others pay."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

from configuration.kit.security.actor import Service
from library_mgt.domain import barcodes
from tests.benchmarks import books, people
from tests.benchmarks.load import Load, drive_async
from tests.benchmarks.wire import ask, check, connect, encode
from tests.faculty_mgt.school import School
from tests.journeys.campus import Campus
from tests.reliability.installation import PREFIX

CALLS_EACH = 4
WANTED = 8
"""Titles that the crowd requests: everybody four of them, so that many wait for the same."""
LIBRARIAN = 9001
ROLES: Mapping[Service, str] = {"student": "student", "faculty": "lecturer"}
FIRST = 1001


@dataclass(frozen=True, slots=True)
class Door:
    """One address behind which another service answers. `make` gives the request of a person's turn."""

    service: Service
    method: str
    path: str
    body: Callable[["Guest", int], Any] = lambda guest, turn: None
    statuses: tuple[int, ...] = (200,)

    @property
    def name(self) -> str:
        """For tables."""
        return f"{self.method} {PREFIX}/{self.service}{self.path}"


@dataclass(slots=True)
class Guest:
    """Somebody of the crowd."""

    service: Service
    number: int
    token: str = field(repr=False)
    loan: int = 0

    def call(self, door: Door, turn: int) -> bytes:
        """The bytes of one request, with a key as clients should send one."""
        body = door.body(self, turn)
        keys = {"Idempotency_Key": f"{self.number}-{turn}"} if door.method == "POST" else {}
        path = f"{PREFIX}/{door.service}{door.path.format(loan=self.loan)}"
        return encode(door.method, path, body=body, token=self.token, **keys)


def _wish(guest: Guest, turn: int) -> Any:
    return {"title_id": 1 + (guest.number + turn) % WANTED}


DOORS: Sequence[Door] = (
    Door("student", "GET", "/access/book?limit=10"),
    Door("student", "POST", "/reserve/book", _wish, (201,)),
    Door("student", "GET", "/books/requests"),
    Door("student", "GET", "/books/loans"),
    Door("student", "POST", "/books/loans/{loan}/announce-return", lambda guest, turn: {}),
    Door("student", "GET", "/assignments/list"),
    Door("student", "POST", "/assignment/submit", lambda guest, turn: {"assgn_id": 7, "text": f"{turn}"}, (201,)),
    Door("student", "POST", "/assignments/1/submissions", lambda guest, turn: {"text": f"more {turn}"}, (201,)),
    Door("student", "GET", "/submissions/mine"),
    Door("student", "GET", "/marks/mine"),
    Door("faculty", "GET", "/books/access/list?limit=10"),
    Door("faculty", "POST", "/books/request/borrow", _wish, (201,)),
    Door("faculty", "GET", "/books/request/list"),
    Door("faculty", "GET", "/books/issuance/list"),
    Door("faculty", "POST", "/books/returning", lambda guest, turn: {"issue_id": guest.loan}),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the crowd met at one door."""

    door: str
    load: Load
    idle: float
    meanwhile: float
    """Median seconds of a cheap call, before and during the visit."""

    @property
    def problems(self) -> list[str]:
        """Answers that were not what the door promises."""
        return [f"{self.door}: {told}" for told in self.load.strange]


@contextmanager
def gathered(campus: Campus, clients: int) -> Iterator[Mapping[Service, list[Guest]]]:
    """The campus running, with a crowd of each kind; everybody has a book on loan."""
    numbers = range(FIRST, FIRST + clients)
    for service, role in ROLES.items():
        people.enrol(campus.installation, service, role, numbers)
    people.enrol(campus.installation, "library", "librarian", [LIBRARIAN])
    with people.opened(campus.installation, "library") as database:
        books.load(database, WANTED + 2 * clients)
    with people.opened(campus.installation, "faculty") as database:
        _teach(School(database), list(numbers))
    with campus.open():
        desk = people.sign_in(port_of(campus, "library"), "library", f"librarian-{LIBRARIAN}")
        crowd: dict[Service, list[Guest]] = {}
        copy = WANTED
        for service, role in ROLES.items():
            crowd[service] = []
            for number in numbers:
                copy += 1
                token = people.sign_in(port_of(campus, service), service, f"{role}-{number}")
                wish = {"patron": f"{service}:{number}", "barcode": barcodes.generated(copy)}
                lent = ask(port_of(campus, "library"), "POST", f"{PREFIX}/library/loans", body=wish, token=desk)
                crowd[service].append(Guest(service, number, token, check(lent, 201).json()["id"]))
        yield crowd


def _teach(school: School, students: list[int]) -> None:
    """Let all of them attend, and let there be an assignment that takes twice as often as they will hand in."""
    school.now = datetime.now(UTC)
    school.section("C", students, space_id=school.space)
    assert school.assignment(number=7, attempts=4 * CALLS_EACH).id == 1


def port_of(campus: Campus, service: Service) -> int:
    """Where a service listens: alone at a port of its own."""
    if campus.mode == "mounted":
        return campus.servers[-1].port
    return int(campus.settings[f"ERP_{service.upper()}_PORT"])


def visits(campus: Campus, crowd: Mapping[Service, list[Guest]]) -> Iterator[Visit]:
    """Everybody at each door, one door after the other."""
    for door in DOORS:
        guests = crowd[door.service]
        calls = [guest.call(door, turn) for turn in range(CALLS_EACH) for guest in guests]
        yield asyncio.run(visit(door, port_of(campus, door.service), calls, len(guests)))


async def visit(door: Door, port: int, calls: Sequence[bytes], clients: int) -> Visit:
    """So many clients make these calls at one door, while somebody else makes a cheap one over and over."""
    cheap = encode("GET", f"{PREFIX}/{door.service}/health/live")
    idle = await _cheap_calls(port, cheap, asyncio.sleep(0.3))
    load = Load()
    loaded = asyncio.create_task(drive_async(port, calls, clients=clients, seconds=60))
    meanwhile = await _cheap_calls(port, cheap, loaded)
    load = loaded.result()
    if load.done != len(calls):
        load.strange.append(f"{load.done} answers to {len(calls)} calls")
    wrong = {status: count for status, count in load.statuses.items() if status not in door.statuses}
    if wrong:
        load.strange.append(f"statuses {wrong}")
    return Visit(door.name, load, median(idle), median(meanwhile))


async def _cheap_calls(port: int, request: bytes, during: Any) -> list[float]:
    """Seconds of a cheap call made over and over while something else goes on."""
    until = asyncio.ensure_future(during)
    connection = await connect(port)
    seconds = []
    try:
        while not until.done():
            started = time.perf_counter()
            check(await connection.send(request), 200)
            seconds.append(time.perf_counter() - started)
            await asyncio.sleep(0.005)
    finally:
        connection.close()
    await until
    return seconds
