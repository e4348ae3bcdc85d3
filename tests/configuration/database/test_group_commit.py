"""Rule 1: units of work share a commit on SQLite, and nobody hears of anything that is not durable.

Each planted fault is a session or writer (in `planted`) that leaves out what the rule demands; a test shows that the
same story catches it.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from configuration.kit.database import Database, Statement, Transaction, UnitFailed
from configuration.kit.database.constraints import Edge
from configuration.kit.database.crew import Crew
from configuration.kit.database.group_commit import GroupCommit
from configuration.kit.database.sqlite import SqliteSession, driver
from configuration.kit.database.sqlite_reader import SqliteReader
from configuration.kit.database.tickets import Outcome, Ticket, deliver
from configuration.kit.errors import Unavailable
from tests.configuration.database.planted import DyingSession, Eager, FailingCommit, Gate, Recording, WithoutSavepoints
from tests.configuration.database.seats import SeatTaken, add, add_and_refuse, metadata, names

Open = Callable[..., Database]


@pytest.fixture
def open_writer(tmp_path: Path) -> Iterator[Open]:
    """Open the shop on SQLite with a session or a writer of the test's own."""
    path = tmp_path / "seats.db"
    engine = create_engine(f"sqlite:///{path}", module=driver)
    metadata.create_all(engine)
    engine.dispose()
    opened: list[Database] = []

    def make(
        session: type[SqliteSession] = SqliteSession, writer: type[GroupCommit] = GroupCommit, **options: Any
    ) -> Database:
        edge = Edge([metadata], {"uq_seat_name": SeatTaken})
        writing = session(path, writable=True)
        readers = Crew("reader", [SqliteReader(SqliteSession(path, writable=False))])
        opened.append(Database("sqlite", writer(writing, edge, **options), readers, location=str(path)))
        opened[-1].session = writing  # type: ignore[attr-defined]
        return opened[-1]

    yield make
    for database in opened:
        database.close_sync()


async def in_one_batch(db: Database, *units: Callable[[Transaction], Any]) -> list[Any]:
    """Run the units in one batch behind a gate; answers their outcomes."""
    gate = Gate()
    first = asyncio.create_task(db.write(gate.unit))
    await asyncio.to_thread(gate.entered.wait, 5)
    others = [asyncio.create_task(db.write(unit)) for unit in units]
    await asyncio.sleep(0.01)
    gate.open()
    outcomes = await asyncio.gather(first, *others, return_exceptions=True)
    return outcomes[1:]


def unit_add(name: str) -> Callable[[Transaction], int]:
    """A unit that adds a seat."""
    return lambda tx: add(tx, name)


def unit_refuse(name: str) -> Callable[[Transaction], int]:
    """A unit that adds a seat and refuses."""
    return lambda tx: add_and_refuse(tx, name)


PATIENT = {"max_seconds": 5.0}
"""So that slow machines do not end the batch of a test early."""


class TestUnitsOfOneBatch:
    """Each unit stands or falls alone."""

    async def test_a_refused_unit_leaves_its_neighbours_as_they_are(self, open_writer: Open) -> None:
        db = open_writer(**PATIENT)

        outcomes = await in_one_batch(db, unit_add("A1"), unit_refuse("A2"), unit_add("A3"))

        assert isinstance(outcomes[1], SeatTaken)
        assert await db.read(names) == ["A1", "A3"]

    async def test_without_savepoints_the_refused_unit_would_stay(self, open_writer: Open) -> None:
        db = open_writer(WithoutSavepoints, **PATIENT)

        await in_one_batch(db, unit_add("A1"), unit_refuse("A2"), unit_add("A3"))

        assert await db.read(names) == ["A1", "A2", "A3"]

    async def test_a_constraint_error_is_undone_alone_and_becomes_a_refusal(self, open_writer: Open) -> None:
        db = open_writer(**PATIENT)

        outcomes = await in_one_batch(db, unit_add("A1"), unit_add("A1"), unit_add("A2"))

        assert isinstance(outcomes[1], SeatTaken)
        assert await db.read(names) == ["A1", "A2"]

    async def test_a_unit_alone_needs_no_savepoint(self, open_writer: Open) -> None:
        db = open_writer(Recording)

        await db.write(add, "A1")

        assert db.session.commands == ["BEGIN IMMEDIATE", "COMMIT"]  # type: ignore[attr-defined]

    async def test_a_refused_unit_alone_is_rolled_back(self, open_writer: Open) -> None:
        db = open_writer(Recording)

        with pytest.raises(SeatTaken):
            await db.write(add_and_refuse, "A1")

        assert db.session.commands == ["BEGIN IMMEDIATE", "ROLLBACK"]  # type: ignore[attr-defined]
        assert await db.read(names) == []


class TestOutcomes:
    """They are delivered after the COMMIT, all of them."""

    async def outcomes_before_commit(self, db: Database) -> list[bool]:
        """Which of three units were answered although their COMMIT had not happened."""
        session: Recording = db.session  # type: ignore[attr-defined]
        session.may_commit.clear()
        gate = Gate()
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(db.write(gate.unit))]
        await asyncio.to_thread(gate.entered.wait, 5)
        tasks += [asyncio.create_task(db.write(unit)) for unit in (unit_add("A1"), unit_refuse("A2"))]
        await asyncio.sleep(0.01)
        gate.open()
        await asyncio.to_thread(session.commits.wait, 5)
        await asyncio.sleep(0.01)
        early = [task.done() for task in tasks]
        session.may_commit.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        return early

    async def test_nobody_is_answered_before_the_commit_not_even_the_refused(self, open_writer: Open) -> None:
        db = open_writer(Recording, **PATIENT)

        assert await self.outcomes_before_commit(db) == [False, False, False]

    async def test_an_eager_writer_would_answer_too_early(self, open_writer: Open) -> None:
        db = open_writer(Recording, Eager, **PATIENT)

        assert await self.outcomes_before_commit(db) == [True, True, True]

    async def test_after_a_failed_commit_every_waiter_gets_the_error_and_the_next_unit_works(
        self, open_writer: Open
    ) -> None:
        db = open_writer(FailingCommit, **PATIENT)

        outcomes = await in_one_batch(db, unit_add("A1"), unit_refuse("A2"), unit_add("A3"))

        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
        assert await db.write(names) == []
        await db.write(add, "A4")
        assert await db.read(names) == ["A4"]

    async def test_a_unit_that_loses_the_transaction_fails_the_whole_batch(self, open_writer: Open) -> None:
        db = open_writer(**PATIENT)
        or_rollback = Statement(text("INSERT OR ROLLBACK INTO seat (name) VALUES ('A1')"))

        outcomes = await in_one_batch(db, unit_add("A1"), lambda tx: tx.run(or_rollback), unit_add("A2"))

        assert isinstance(outcomes[0], Unavailable)
        assert isinstance(outcomes[1], SeatTaken)
        assert outcomes[2] == 1, "the unit after it runs in a transaction of its own"
        assert await db.read(names) == ["A2"]

    async def test_a_unit_that_hides_the_loss_fails_with_the_batch(self, open_writer: Open) -> None:
        db = open_writer(**PATIENT)

        def hides(tx: Transaction) -> str:
            tx.run(Statement(text("ROLLBACK")))
            return "all is well"

        outcomes = await in_one_batch(db, unit_add("A1"), hides)

        assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
        assert await db.read(names) == []


class TestTheEndOfABatch:
    """64 units, or 20 ms of work."""

    async def commits(self, db: Database, unit: Callable[[Transaction], Any], count: int) -> int:
        """How many commits so many units need when they all wait behind a gate."""
        before: int = db.describe()["commits"]
        await in_one_batch(db, *[unit] * count)
        after: int = db.describe()["commits"]
        return after - before

    async def test_at_most_64_units_share_a_commit(self, open_writer: Open) -> None:
        db = open_writer(**PATIENT)

        assert await self.commits(db, lambda tx: tx.all(Statement(text("SELECT 1 AS one"))), 200) == 4

    async def test_at_most_20_milliseconds_of_work_share_a_commit(self, open_writer: Open) -> None:
        db = open_writer()

        assert await self.commits(db, lambda _: time.sleep(0.021), 5) >= 5, "each unit alone"

    async def test_without_that_limit_they_would_all_wait_for_one(self, open_writer: Open) -> None:
        db = open_writer(**PATIENT)

        assert await self.commits(db, lambda _: time.sleep(0.021), 5) == 1


class TestWaiters:
    """Cancelled ones, and what a future cannot carry."""

    async def test_a_unit_cancelled_before_it_starts_is_skipped(self, open_writer: Open) -> None:
        db = open_writer()
        gate = Gate()
        first = asyncio.create_task(db.write(gate.unit))
        await asyncio.to_thread(gate.entered.wait, 5)
        waiting = asyncio.create_task(db.write(add, "A1"))
        await asyncio.sleep(0.01)

        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        gate.open()
        await first

        assert await db.write(names) == []

    async def test_a_unit_cancelled_while_it_runs_is_committed(self, open_writer: Open) -> None:
        db = open_writer()
        gate = Gate()

        def slow(tx: Transaction) -> None:
            gate.unit(tx)
            add(tx, "A1")

        running = asyncio.create_task(db.write(slow))
        await asyncio.to_thread(gate.entered.wait, 5)

        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        gate.open()

        assert await db.write(names) == ["A1"]

    @pytest.mark.parametrize("raised", [SystemExit(3), StopIteration(1), KeyboardInterrupt(), asyncio.CancelledError()])
    async def test_what_a_future_cannot_carry_is_wrapped_and_the_writer_goes_on(
        self, open_writer: Open, raised: BaseException
    ) -> None:
        db = open_writer()

        def unit(tx: Transaction) -> None:
            add(tx, "A1")
            raise raised

        with pytest.raises(UnitFailed) as caught:
            await db.write(unit)

        assert caught.value.__cause__ is raised
        assert await db.write(names) == []


class TestTheThread:
    """It may die, and it may be asked to end."""

    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    async def test_dying_it_fails_the_batch_the_queue_and_the_health_check(self, open_writer: Open) -> None:
        db = open_writer(DyingSession)

        outcomes = await in_one_batch(db, unit_add("A1"), unit_add("A2"))

        assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
        with pytest.raises(Unavailable):
            db.check()
        with pytest.raises(Unavailable):
            await db.write(names)
        assert await db.read(names) == []

    async def test_closing_does_what_is_queued_first(self, open_writer: Open, tmp_path: Path) -> None:
        db = open_writer()
        gate = Gate()
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(db.write(gate.unit))]
        await asyncio.to_thread(gate.entered.wait, 5)
        tasks += [asyncio.create_task(db.write(add, f"A{number}")) for number in range(10)]
        await asyncio.sleep(0.01)

        closing = asyncio.create_task(db.close())
        await asyncio.sleep(0.01)
        with pytest.raises(Unavailable, match="closed"):
            await db.write(add, "too late")
        gate.open()
        await closing

        assert (await asyncio.gather(*tasks))[1:] == list(range(1, 11))
        stored = driver.connect(tmp_path / "seats.db").execute("SELECT count(*) FROM seat").fetchone()
        assert stored == (10,)

    async def test_too_long_a_queue_refuses_instead_of_growing(self, open_writer: Open) -> None:
        db = open_writer(queue_limit=3)
        gate = Gate()
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(db.write(gate.unit))]
        await asyncio.to_thread(gate.entered.wait, 5)
        tasks += [asyncio.create_task(db.write(add, f"A{number}")) for number in range(3)]
        await asyncio.sleep(0.01)

        with pytest.raises(Unavailable) as refused:
            await db.write(add, "one too many")

        assert refused.value.headers["Retry-After"] == "1"
        gate.open()
        await asyncio.gather(*tasks)


async def test_an_outcome_for_a_closed_loop_keeps_nobody_from_theirs() -> None:
    gone, here = asyncio.new_event_loop(), asyncio.get_running_loop()
    nobody = Ticket(gone.create_future(), gone, names, (), {})
    somebody = Ticket(here.create_future(), here, names, (), {})
    gone.close()

    deliver([Outcome(nobody, 1, None), Outcome(somebody, 2, None)])

    assert await asyncio.wait_for(somebody.future, 5) == 2  # type: ignore[arg-type]
    assert not nobody.future.done()
