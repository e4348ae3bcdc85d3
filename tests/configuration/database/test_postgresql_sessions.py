"""PostgreSQL's sessions come back when the server does, and do not wait for ever."""

import asyncio
import threading
import time

import psycopg
import pytest
from sqlalchemy import text

from configuration.kit.database import Database, Statement, Transaction, open_database
from configuration.kit.errors import Unavailable
from tests.configuration.database.conftest import OpenCrew, OpenSeats
from tests.configuration.database.seats import LOCK, add, metadata, names, take
from tests.conftest import BACKENDS

pytestmark = pytest.mark.skipif("postgresql" not in BACKENDS, reason="ERP_TEST_BACKENDS leaves PostgreSQL out")


@pytest.fixture
def backend() -> str:
    """These tests are about PostgreSQL alone."""
    return "postgresql"


class TestSessions:
    """They come back, and they do not wait for ever."""

    @staticmethod
    def cut_all(url: str) -> None:
        """End every session of the database but the one that asks."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    async def test_sessions_that_the_server_ended_are_replaced_unnoticed(self, db: Database, seats_url: str) -> None:
        await asyncio.gather(*(db.write(add, f"A{n}") for n in range(8)))
        await asyncio.to_thread(self.cut_all, seats_url)

        later = await asyncio.gather(*(db.write(add, f"B{n}") for n in range(8)), *(db.read(names) for _ in range(8)))

        assert len(later) == 16

    async def test_a_unit_cut_in_the_middle_is_unavailable_and_undone(self, db: Database, seats_url: str) -> None:
        def cut(tx: Transaction) -> None:
            add(tx, "A1")
            self.cut_all(seats_url)
            add(tx, "A2")

        with pytest.raises(Unavailable):
            await db.write(cut)

        assert await db.read(names) == []

    async def test_a_server_that_is_away_is_unavailable_at_once(self) -> None:
        db = open_database("postgresql://erp:erp@127.0.0.1:1/none", metadata=[metadata])

        started = time.monotonic()
        outcomes = await asyncio.gather(*(db.write(names) for _ in range(20)), db.ping(), return_exceptions=True)

        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        assert time.monotonic() - started < 4
        await db.close()

    async def test_a_lock_held_too_long_is_unavailable(self, open_crew: OpenCrew) -> None:
        db = open_crew(lock_seconds=0.2)
        seat_id = await db.write(add, "A1")
        held, release = threading.Event(), threading.Event()

        def hold(tx: Transaction) -> None:
            tx.one(LOCK, id=seat_id)
            held.set()
            assert release.wait(5)

        holding = asyncio.create_task(db.write(hold))
        await asyncio.to_thread(held.wait, 5)

        with pytest.raises(Unavailable):
            await db.write(take, seat_id)

        release.set()
        await holding

    async def test_a_statement_that_takes_too_long_is_unavailable(self, open_crew: OpenCrew) -> None:
        db = open_crew(statement_seconds=0.2)

        with pytest.raises(Unavailable):
            await db.read(lambda tx: tx.scalar(Statement(text("SELECT pg_sleep(5)"))))

    async def test_readers_see_one_moment_and_cannot_write(self, db: Database) -> None:
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
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await db.read(add, "A2")

    async def test_sessions_are_counted(self, open_seats: OpenSeats) -> None:
        told = open_seats(write_connections=3, read_connections=2).describe()

        assert (told["write_connections"], told["read_connections"]) == (3, 2)
