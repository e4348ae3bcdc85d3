"""What a `Statement` costs beside SQLAlchemy Core and beside the bare driver, in processor time on SQLite.

`python -m tests.configuration.database.measure_statement` prints the time of each as a ratio of the bare driver's.
The rounds of the three alternate, and the median counts, so that a busy machine troubles all alike.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine

from configuration.kit.database import Transaction
from configuration.kit.database.sqlite import SqliteSession, driver
from tests.configuration.database.seats import ADD, BOOK, ONE, Seat, metadata

ROUNDS = 15
TIMES = 400
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def processor_time(act: Callable[[], object]) -> float:
    """Microseconds of processor time per act."""
    started = time.process_time()
    for _ in range(TIMES):
        act()
    return (time.process_time() - started) / TIMES * 1e6


def main() -> None:
    """Measure reading a row by its id, and inserting one, three ways."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seats.db"
        engine = create_engine(f"sqlite:///{path}", module=driver)
        metadata.create_all(engine)
        session = SqliteSession(path, writable=True)
        session.command("BEGIN IMMEDIATE")
        tx = Transaction(session, "sqlite")
        seat = tx.scalar(ADD, name="A1")
        session.command("COMMIT")
        bare = driver.connect(path, isolation_level=None)
        core = engine.connect()
        read, insert = ONE.plan("sqlite").sql, BOOK.plan("sqlite").sql
        stored = "2026-03-01T00:00:00.000000Z"
        ways: dict[str, dict[str, Callable[[], object]]] = {
            "read a row by id": {
                "driver": lambda: Seat(*bare.execute(read, (seat,)).fetchone()),
                "Statement": lambda: tx.one(ONE, id=seat),
                "Core": lambda: Seat(*core.execute(ONE.clause, {"id": seat}).one()),  # type: ignore[call-overload]
            },
            "insert a row": {
                "driver": lambda: bare.execute(insert, (seat, "past", stored, None)).fetchone()[0],
                "Statement": lambda: tx.scalar(BOOK, seat_id=seat, state="past", at=NOW, note=None),
                "Core": lambda: core.execute(  # type: ignore[call-overload]
                    BOOK.clause, {"seat_id": seat, "state": "past", "at": NOW, "note": None}
                ).scalar(),
            },
        }
        for title, each in ways.items():
            found: dict[str, list[float]] = {name: [] for name in each}
            for _ in range(ROUNDS):
                for name, act in each.items():
                    if name == "Core":
                        found[name].append(_in_core(core, act))
                        continue
                    connection = bare if name == "driver" else session._connection
                    connection.execute("BEGIN IMMEDIATE")
                    found[name].append(processor_time(act))
                    connection.execute("ROLLBACK")
            medians = {name: statistics.median(times) for name, times in found.items()}
            shown = ", ".join(
                f"{name} {median:.1f} us ({median / medians['driver']:.1f})" for name, median in medians.items()
            )
            print(f"{title}: {shown}; Core costs {medians['Core'] / medians['Statement']:.1f} Statements")  # noqa: T201
        engine.dispose()


def _in_core(core: object, act: Callable[[], object]) -> float:
    found = processor_time(act)
    core.rollback()  # type: ignore[attr-defined]
    return found


if __name__ == "__main__":
    main()
