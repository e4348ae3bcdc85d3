"""Rule 3: PostgreSQL at READ COMMITTED, where what one writer hides appears."""

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, func, select, text

from configuration.kit.database import Database, Statement, Transaction, UnitFailed, open_database
from configuration.kit.database.constraints import Edge
from configuration.kit.database.crew import Crew
from configuration.kit.database.postgresql import PostgresSession, PostgresWorker
from configuration.kit.errors import Unavailable
from tests.configuration.database.conftest import OpenSeats
from tests.configuration.database.seats import (
    BOOKINGS,
    LOCK,
    ONE,
    SeatTaken,
    add,
    book,
    booking,
    metadata,
    names,
    seat,
    take,
)
from tests.conftest import BACKENDS

pytestmark = pytest.mark.skipif("postgresql" not in BACKENDS, reason="ERP_TEST_BACKENDS leaves PostgreSQL out")


@pytest.fixture
def backend() -> str:
    """These tests are about PostgreSQL alone."""
    return "postgresql"


OpenCrew = Callable[..., Database]


@pytest.fixture
def open_crew(seats_url: str) -> Iterator[OpenCrew]:
    """Open the shop with sessions and workers of the test's own making."""
    opened: list[Database] = []

    def make(*, retries: int = 3, **session: Any) -> Database:
        edge = Edge([metadata], {})
        crews = [
            Crew(
                name,
                [
                    PostgresWorker(PostgresSession(seats_url, readonly=readonly, **session), edge, retries=retries)
                    for _ in range(2)
                ],
            )
            for name, readonly in (("writer", False), ("reader", True))
        ]
        opened.append(Database("postgresql", crews[0], crews[1], location="test"))
        return opened[-1]

    yield make
    for database in opened:
        database.close_sync()


class Meeting:
    """Lets two units wait for each other, a moment only: with a lock the other cannot come."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)

    def __call__(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(0.3)


def book_if_free(tx: Transaction, seat_id: int, meet: Meeting, *, lock: bool) -> int:
    """The shop's rule in the use case alone: one booking per seat. Nothing in the database would notice."""
    if lock:
        tx.one(LOCK, id=seat_id)
    if tx.scalar(BOOKINGS, id=seat_id):
        raise SeatTaken
    meet()
    return book(tx, seat_id, "past")


_BOTH_AT_ONCE = Statement(
    select(
        seat.c.id,
        select(func.count()).select_from(booking).where(booking.c.seat_id == seat.c.id).scalar_subquery().label("many"),
    )
    .where(seat.c.id == bindparam("id"))
    .with_for_update()
)


class TestLocks:
    """Lock first, then ask in a second statement."""

    async def bookings(self, db: Database, *, lock: bool) -> int:
        """How many of two who come at once get the seat."""
        seat_id = await db.write(add, "A1")
        meet = Meeting()
        await asyncio.gather(
            *(db.write(book_if_free, seat_id, meet, lock=lock) for _ in range(2)), return_exceptions=True
        )
        many: int = await db.read(lambda tx: tx.scalar(BOOKINGS, id=seat_id))
        return many

    async def test_the_locked_row_lets_one_of_two_in(self, db: Database) -> None:
        assert await self.bookings(db, lock=True) == 1

    async def test_without_the_lock_both_get_in(self, db: Database) -> None:
        assert await self.bookings(db, lock=False) == 2

    async def seen_after_waiting(self, db: Database, ask: Callable[[Transaction, int], int]) -> int:
        """How many bookings a unit counts that had to wait for the one who was making the first."""
        seat_id = await db.write(add, "A1")
        holds, asked = threading.Event(), threading.Event()

        def first(tx: Transaction) -> None:
            tx.one(LOCK, id=seat_id)
            holds.set()
            assert asked.wait(5)
            time.sleep(0.1)
            book(tx, seat_id)

        def second(tx: Transaction) -> int:
            asked.set()
            return ask(tx, seat_id)

        booking_it = asyncio.create_task(db.write(first))
        await asyncio.to_thread(holds.wait, 5)
        seen = await db.write(second)
        await booking_it
        return seen

    async def test_asking_in_a_second_statement_sees_what_was_waited_for(self, db: Database) -> None:
        def lock_then_ask(tx: Transaction, seat_id: int) -> int:
            tx.one(LOCK, id=seat_id)
            many: int = tx.scalar(BOOKINGS, id=seat_id)
            return many

        assert await self.seen_after_waiting(db, lock_then_ask) == 1

    async def test_asking_in_the_locking_statement_sees_stale_facts(self, db: Database) -> None:
        assert await self.seen_after_waiting(db, lambda tx, seat_id: tx.one(_BOTH_AT_ONCE, id=seat_id).many) == 0

    def test_several_processes_lose_no_update(self, db: Database, seats_url: str) -> None:
        seat_id = db.write_sync(add, "A1")
        script = (
            "import sys\n"
            "from configuration.kit.database import open_database\n"
            "from tests.configuration.database.seats import metadata, take\n"
            "db = open_database(sys.argv[1], metadata=[metadata])\n"
            "for _ in range(40): db.write_sync(take, int(sys.argv[2]))\n"
            "db.close_sync()\n"
        )

        others = [subprocess.Popen([sys.executable, "-c", script, seats_url, str(seat_id)]) for _ in range(2)]
        for _ in range(40):
            db.write_sync(take, seat_id)

        assert [other.wait(30) for other in others] == [0, 0]
        assert db.read_sync(lambda tx: tx.one(ONE, id=seat_id)).taken == 120


class TestRetries:
    """Deadlocks and serialisation failures are tried again."""

    async def crossing(self, db: Database) -> tuple[list[int], list[Any]]:
        """Two units that lock two rows in opposite order; how often each ran, and the outcomes."""
        ids = [await db.write(add, name) for name in ("A1", "A2")]
        meet, runs = Meeting(), [0, 0]

        def cross(tx: Transaction, which: int) -> str:
            runs[which] += 1
            tx.one(LOCK, id=ids[which])
            meet()
            tx.one(LOCK, id=ids[1 - which])
            return "done"

        outcomes = await asyncio.gather(*(db.write(cross, which) for which in (0, 1)), return_exceptions=True)
        return runs, list(outcomes)

    async def test_a_deadlock_is_tried_again_and_both_succeed(self, open_crew: OpenCrew) -> None:
        runs, outcomes = await self.crossing(open_crew())

        assert sum(runs) >= 3
        assert outcomes == ["done", "done"]

    async def test_without_retries_one_of_them_would_fail(self, open_crew: OpenCrew) -> None:
        _, outcomes = await self.crossing(open_crew(retries=0))

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Unavailable", "str"]

    async def test_it_gives_up_after_three_retries(self, db: Database) -> None:
        runs: list[int] = []

        def never(tx: Transaction) -> None:
            runs.append(1)
            tx.run(Statement(text("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$")))

        with pytest.raises(Unavailable) as refused:
            await db.write(never)

        assert len(runs) == 4
        assert refused.value.headers["Retry-After"] == "1"

    async def test_a_database_error_that_a_unit_swallows_does_not_pass_for_success(self, db: Database) -> None:
        await db.write(add, "A1")

        def swallows(tx: Transaction) -> str:
            add(tx, "A2")
            with contextlib.suppress(psycopg.IntegrityError):
                add(tx, "A1")
            return "all is well"

        with pytest.raises(UnitFailed):
            await db.write(swallows)

        assert await db.read(names) == ["A1"]

    async def test_a_column_changed_under_a_prepared_statement_is_no_error(self, db: Database) -> None:
        await db.write(add, "A1")
        for _ in range(8):
            await db.read(names)

        await db.write(lambda tx: tx.run(Statement(text("ALTER TABLE seat ALTER COLUMN taken TYPE bigint"))))

        assert [await db.read(names) for _ in range(8)] == [["A1"]] * 8


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

    async def test_a_nul_character_is_refused(self, db: Database) -> None:
        with pytest.raises(Exception, match="cannot be stored"):
            await db.write(add, "nul \x00 inside")

    async def test_sessions_are_counted(self, open_seats: OpenSeats) -> None:
        told = open_seats(write_connections=3, read_connections=2).describe()

        assert (told["write_connections"], told["read_connections"]) == (3, 2)
