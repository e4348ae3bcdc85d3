"""Durable inserts per second on SQLite: sharing commits beside one commit each, by 1, 16 and 64 clients.

`python -m tests.configuration.database.measure_writes` prints both and their ratio. The rounds alternate, and the
median counts.
"""

import asyncio
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine

from configuration.kit.database import Database, Transaction, open_database
from configuration.kit.database.sqlite import SqliteSession, driver
from tests.configuration.database.seats import add, book, metadata

ROUNDS = 5
SECONDS = 1.0
NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def per_second(clients: int, write: object) -> float:
    """How many writes so many clients get done, each waiting for its own before the next."""
    until, done = time.monotonic() + SECONDS, 0

    async def client() -> None:
        nonlocal done
        while time.monotonic() < until:
            await write()  # type: ignore[operator]
            done += 1

    await asyncio.gather(*(client() for _ in range(clients)))
    return done / SECONDS


async def measure(db: Database, path: Path, seat_id: int) -> None:
    """Print the figures."""
    session = SqliteSession(path, writable=True)
    one_writer = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()

    def alone() -> int:
        session.command("BEGIN IMMEDIATE")
        made = book(Transaction(session, "sqlite"), seat_id, "past", NOW)
        session.command("COMMIT")
        return made

    for clients in (1, 16, 64):
        grouped, each = [], []
        for _ in range(ROUNDS):
            grouped.append(await per_second(clients, lambda: db.write(book, seat_id, "past", NOW)))
            each.append(await per_second(clients, lambda: loop.run_in_executor(one_writer, alone)))
        shared, single = statistics.median(grouped), statistics.median(each)
        print(  # noqa: T201
            f"{clients} clients: sharing commits {shared:.0f}/s, one commit each {single:.0f}/s, {shared / single:.1f}"
        )
    told = db.describe()
    print(f"{told['units_written'] / told['commits']:.1f} units per commit over all")  # noqa: T201
    one_writer.shutdown()
    session.close()


def main() -> None:
    """Make a database and measure on it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seats.db"
        engine = create_engine(f"sqlite:///{path}", module=driver)
        metadata.create_all(engine)
        engine.dispose()
        db = open_database(f"sqlite:///{path}", metadata=[metadata])
        asyncio.run(measure(db, path, db.write_sync(add, "A1")))
        db.close_sync()


if __name__ == "__main__":
    main()
