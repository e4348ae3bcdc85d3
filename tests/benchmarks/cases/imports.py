"""An import of 10,000 books: how fast, and what it does to others who write at the same time.

`python -m tests.benchmarks.cases.imports` measures it alone, on SQLite; with a PostgreSQL URL as argument, there.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from configuration.kit.clock import utc_now
from configuration.kit.database import Database, open_database
from configuration.kit.features import jobs
from configuration.kit.security.actor import Actor
from configuration.migrate import upgrade
from library_mgt.commands.furnishing import made_up_books
from library_mgt.commands.importing import store
from library_mgt.models.data import ALL_METADATA
from library_mgt.services import imports, patrons
from library_mgt.services.import_chunks import WORKS
from tests.benchmarks.books import SAMPLE

ROWS = 10_000
CLIENTS = 16
PAUSE = 0.01
"""Seconds a client rests between two writes: busy, and not a race."""
DESK = Actor(person="operator:bench", issuer="library", name="bench", via="command")


@dataclass(frozen=True, slots=True)
class Speed:
    """How long an import took, and what it cost."""

    seconds: float
    cpu: float

    @property
    def rows_per_second(self) -> float:
        """Rows that were read, judged and applied in a second."""
        return ROWS / self.seconds


@dataclass(frozen=True, slots=True)
class Waits:
    """What a small write waited, in milliseconds."""

    median: float
    p99: float
    longest: float
    per_second: float


def content() -> bytes:
    """The sample's real books where they are, else made-up ones."""
    return SAMPLE.read_bytes() if SAMPLE.exists() else made_up_books(ROWS).encode()


def planned_and_applied(db: Database, file: bytes, source: str, **pace: bool) -> int:
    """Import the file in this thread; answers the job."""
    job_id = store(db, "books.csv", file, by=DESK, now=utc_now(), source=source)
    _worked(db, job_id, **pace)
    db.write_sync(imports.apply, job_id, by=DESK, now=utc_now())
    _worked(db, job_id, **pace)
    return job_id


def taken_back(db: Database, job_id: int) -> None:
    """Undo it, so that the same file makes titles again."""
    db.write_sync(imports.undo, job_id, by=DESK, now=utc_now())
    _worked(db, job_id)


def _come_and_gone(db: Database, file: bytes, source: str, **pace: bool) -> None:
    taken_back(db, planned_and_applied(db, file, source, **pace))


def _worked(db: Database, job_id: int, *, beside_server: bool = False) -> None:
    job = jobs.claim_next(db, WORKS, utc_now, only=job_id)
    assert job is not None
    job = jobs.run_job(db, WORKS, job, beside_server=beside_server)
    assert job.state in {"waiting", "done"}, job.problem


def speeds(db: Database, file: bytes, *, times: int) -> list[Speed]:
    """Import and take back so many times; the first, which compiles statements, is left out."""
    found = []
    for number in range(times + 1):
        began, cpu = time.perf_counter(), time.process_time()
        job_id = planned_and_applied(db, file, f"speed{number}")
        found.append(Speed(time.perf_counter() - began, time.process_time() - cpu))
        taken_back(db, job_id)
    return found[1:]


async def waits(db: Database, work: Callable[[], None]) -> Waits:
    """What 16 clients with small writes wait while the work goes on in another thread."""
    stop, found = asyncio.Event(), []

    async def client(number: int) -> None:
        while not stop.is_set():
            began = time.perf_counter()
            now = utc_now()
            await db.write(
                patrons.take_standing,
                person=f"student:{number}",
                display_name="A Reader",
                group="student",
                active=True,
                until=None,
                as_of=now,
                by=DESK,
                now=now,
            )
            found.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(PAUSE)

    clients = asyncio.gather(*(client(number) for number in range(1, CLIENTS + 1)))
    await asyncio.sleep(0.5)
    found.clear()
    began = time.perf_counter()
    await asyncio.to_thread(work)
    lasted, seen = time.perf_counter() - began, sorted(found)
    stop.set()
    await clients
    return Waits(seen[len(seen) // 2], seen[int(len(seen) * 0.99)], seen[-1], len(seen) / lasted)


def main() -> None:
    """Measure, and print."""
    file = content()
    with tempfile.TemporaryDirectory(prefix="erp-bench-") as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'library.db'}"
        upgrade("library_mgt", url)
        db = open_database(url, metadata=ALL_METADATA)
        try:
            measured = speeds(db, file, times=3)
            alone = asyncio.run(waits(db, lambda: time.sleep(3)))
            beside = asyncio.run(waits(db, partial(_come_and_gone, db, file, "a", beside_server=True)))
            unpaced = asyncio.run(waits(db, partial(_come_and_gone, db, file, "b")))
        finally:
            db.close_sync()
    show(measured, {"alone": alone, "import that makes room": beside, "import that does not": unpaced})


def show(measured: list[Speed], waited: dict[str, Waits]) -> None:
    """Two small tables."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    fastest, cheapest = min(one.seconds for one in measured), min(one.cpu for one in measured)
    console.print(f"{ROWS:,} rows read, judged and applied: {ROWS / fastest:,.0f} rows/s at best of {len(measured)}")
    console.print(f"processor time: {cheapest / ROWS * 1e6:.0f} us a row, {ROWS / cheapest:,.0f} rows per second of it")
    table = Table("16 clients writing", "median ms", "p99 ms", "longest ms", "writes/s")
    for name, one in waited.items():
        table.add_row(name, *(f"{value:.1f}" for value in (one.median, one.p99, one.longest, one.per_second)))
    console.print(table)


if __name__ == "__main__":
    main()
