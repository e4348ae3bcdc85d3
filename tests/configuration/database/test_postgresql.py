"""Rule 3: PostgreSQL at READ COMMITTED, where what one writer hides appears."""

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, func, select, text

from configuration.kit.database import Database, Statement, Transaction, UnitFailed
from configuration.kit.errors import Unavailable
from tests.configuration.database.conftest import OpenCrew
from tests.configuration.database.seats import (
    BOOKINGS,
    LOCK,
    ONE,
    SeatTaken,
    add,
    book,
    booking,
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
