"""Rule 2: SQLite, so that no update is lost and no acknowledged write either."""

import asyncio
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from configuration.kit.database import Database, SecondServer, Statement, Transaction, UnsafeSqlite, open_database
from configuration.kit.database.sqlite import check_version, driver
from configuration.kit.errors import Unavailable
from tests.configuration.database.conftest import OpenSeats
from tests.configuration.database.seats import ONE, add, metadata, names, take


@pytest.fixture
def backend() -> str:
    """These tests are about SQLite alone."""
    return "sqlite"


@pytest.fixture
def path(seats_url: str) -> Path:
    """The database's file."""
    return Path(seats_url.removeprefix("sqlite:///"))


def pragma(db: Database, name: str, *, write: bool = True) -> int | str:
    """The value of a setting on the writer's or a reader's connection."""
    run = db.write_sync if write else db.read_sync
    found: int | str = run(lambda tx: tx.scalar(Statement(text(f"PRAGMA {name}"))))
    return found


class TestConnections:
    """How the driver is set up."""

    def test_writes_are_durable_when_they_return(self, db: Database) -> None:
        assert pragma(db, "journal_mode") == "wal"
        assert pragma(db, "synchronous") == 2, "FULL"

    def test_references_are_enforced(self, db: Database) -> None:
        assert pragma(db, "foreign_keys") == 1

    def test_what_little_there_was_at_first_is_not_kept_as_statistics(self, db: Database, path: Path) -> None:
        db.write_sync(add, "A1")
        assert db.write_sync(names) == ["A1"]

        db.close_sync()

        with driver.connect(path) as connection:
            kept = connection.execute("SELECT 1 FROM sqlite_master WHERE name LIKE 'sqlite_stat%'").fetchall()
        assert kept == []

    async def test_a_reader_cannot_write(self, db: Database) -> None:
        with pytest.raises(driver.OperationalError, match="readonly"):
            await db.read(add, "A1")

        assert pragma(db, "query_only", write=False) == 1

    async def test_a_reader_sees_one_moment(self, db: Database) -> None:
        begun, written = threading.Event(), threading.Event()

        def twice(tx: Transaction) -> tuple[list[str], list[str]]:
            before = names(tx)
            begun.set()
            assert written.wait(5)
            return before, names(tx)

        reading = asyncio.create_task(db.read(twice))
        await asyncio.to_thread(begun.wait, 5)
        await db.write(add, "A1")
        written.set()

        assert await reading == ([], [])
        assert await db.read(names) == ["A1"]

    async def test_one_long_reader_does_not_stop_others(self, db: Database) -> None:
        release = threading.Event()
        long = asyncio.create_task(db.read(lambda _: release.wait(5)))

        assert await asyncio.wait_for(db.read(names), 2) == []

        release.set()
        await long

    def test_a_missing_file_says_how_to_make_one(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="erp migrate"):
            open_database(f"sqlite:///{tmp_path / 'none.db'}", metadata=[metadata])

    def test_a_database_in_memory_is_refused(self) -> None:
        with pytest.raises(ValueError, match="SQLite file"):
            open_database("sqlite://", metadata=[metadata])


class TestLostUpdates:
    """Two writers that read, think and write."""

    def interleaved(
        self, first: Callable[[Callable[[], object]], object], second: Callable[[], object]
    ) -> threading.Thread:
        """Run the second writer's act while the first one is between reading and writing."""
        other = threading.Thread(target=second)

        def between() -> None:
            other.start()
            other.join(0.3)

        first(between)
        other.join(5)
        return other

    def test_the_second_waits_for_the_first_even_from_another_process_or_connection(
        self, open_seats: OpenSeats
    ) -> None:
        ours, theirs = open_seats(), open_seats()
        seat_id = ours.write_sync(add, "A1")

        self.interleaved(
            lambda between: ours.write_sync(take, seat_id, between=between), lambda: theirs.write_sync(take, seat_id)
        )

        assert ours.read_sync(lambda tx: tx.one(ONE, id=seat_id)).taken == 2

    def test_with_the_drivers_own_transactions_an_update_is_lost(self, path: Path, db: Database) -> None:
        seat_id = db.write_sync(add, "A1")

        def take_carelessly(between: Callable[[], object]) -> None:
            connection = driver.connect(path)  # Begins only when it first writes: too late for what was read.
            taken = connection.execute("SELECT taken FROM seat WHERE id = ?", (seat_id,)).fetchone()[0]
            between()
            connection.execute("UPDATE seat SET taken = ? WHERE id = ?", (taken + 1, seat_id))
            connection.commit()
            connection.close()

        self.interleaved(take_carelessly, lambda: take_carelessly(lambda: None))

        assert db.read_sync(lambda tx: tx.one(ONE, id=seat_id)).taken == 1


class TestOthersAtTheFile:
    """A second server, and a foreign lock."""

    def test_a_second_server_is_refused_and_told_who_is_there(self, open_seats: OpenSeats) -> None:
        open_seats(server=True)

        with pytest.raises(SecondServer, match="process \\d+"):
            open_seats(server=True)

    def test_a_second_server_in_another_process_is_refused(self, open_seats: OpenSeats, seats_url: str) -> None:
        open_seats(server=True)
        script = (
            "import sys; from configuration.kit.database import open_database, SecondServer\n"
            "try: open_database(sys.argv[1], metadata=[], server=True)\n"
            "except SecondServer: print('refused')"
        )

        told = subprocess.run([sys.executable, "-c", script, seats_url], capture_output=True, text=True, check=True)

        assert told.stdout.strip() == "refused"

    def test_a_command_may_work_beside_the_server(self, open_seats: OpenSeats) -> None:
        server, command = open_seats(server=True), open_seats()

        command.write_sync(add, "A1")

        assert server.read_sync(names) == ["A1"]

    def test_when_the_server_is_gone_another_may_serve(self, open_seats: OpenSeats) -> None:
        open_seats(server=True).close_sync()

        assert open_seats(server=True).read_sync(names) == []

    async def test_a_foreign_lock_that_stays_is_unavailable_for_all_who_wait(
        self, open_seats: OpenSeats, path: Path
    ) -> None:
        db = open_seats(busy_seconds=0.2)
        foreign = driver.connect(path, isolation_level=None)
        foreign.execute("BEGIN IMMEDIATE")

        outcomes = await asyncio.gather(*(db.write(add, f"A{n}") for n in range(5)), return_exceptions=True)

        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 5
        foreign.execute("ROLLBACK")
        assert await db.write(add, "A1") == 1


class TestVersions:
    """3.7.0 to 3.51.2 can corrupt the write-ahead log."""

    @pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
    def test_an_unsafe_version_is_warned_of_and_refused_in_production(self, version: tuple[int, ...]) -> None:
        with pytest.warns(RuntimeWarning, match="pysqlite3"):
            check_version(version)
        with pytest.raises(UnsafeSqlite):
            check_version(version, production=True)

    @pytest.mark.parametrize("version", [(3, 51, 3), (3, 52, 0), (4, 0, 0)])
    def test_a_safe_version_passes(self, version: tuple[int, ...]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            check_version(version, production=True)
