"""Jobs are done in chunks exactly once, and handed on when a worker stops, vanishes or fails."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from configuration.kit.database import Database, Transaction
from configuration.kit.errors import Refusal, Unavailable
from configuration.kit.features import jobs
from configuration.kit.features.jobs import runner
from configuration.kit.features.jobs.model import LEASE
from tests.configuration.features.jobs.working import NOW, claimed, clock, counting, failing, queue_one, queued


class TestRunning:
    def test_chunks_move_the_job_on_to_its_end(self, db: Database) -> None:
        made = queued(db)
        seen: list[int] = []

        job = jobs.run_job(
            db,
            {"count": counting()},
            claimed(db, counting()),
            clock=clock,
            progress=lambda now: seen.append(now.position),
        )

        assert seen == [3, 6, 9, 10]
        assert (job.state, job.counts, job.worker) == ("done", {"counted": 10}, None)
        assert db.read_sync(jobs.get, made) == job

    def test_a_stopped_worker_gives_it_back_after_its_chunk(self, db: Database) -> None:
        queued(db)

        stopped = jobs.run_job(db, {"count": counting()}, claimed(db, counting()), clock=clock, stop=lambda: True)
        resumed = jobs.run_job(db, {"count": counting()}, claimed(db, counting()), clock=clock)

        assert (stopped.state, stopped.position) == ("queued", 3)
        assert resumed.counts == {"counted": 10}

    def test_a_refusal_is_the_reason_it_failed(self, db: Database) -> None:
        queued(db)
        work = failing(Refusal("The file names a planet."))

        job = jobs.run_job(db, {"count": work}, claimed(db, work), clock=clock)

        assert (job.state, job.position, job.problem) == ("failed", 1, "The file names a planet.")

    def test_an_unexpected_fault_fails_it_without_telling_internals(self, db: Database) -> None:
        queued(db)
        work = failing(RuntimeError("secret internals"))

        job = jobs.run_job(db, {"count": work}, claimed(db, work), clock=clock)

        assert job.state == "failed"
        assert "secret" not in (job.problem or "")

    def test_what_is_only_away_for_a_moment_lets_it_wait(self, db: Database) -> None:
        made = queued(db)
        work = failing(Unavailable("The disk is full."))

        with pytest.raises(Unavailable):
            jobs.run_job(db, {"count": work}, claimed(db, work), clock=clock)

        job = db.read_sync(jobs.get, made)
        assert (job.state, job.position) == ("queued", 1)

    def test_an_interrupted_command_gives_it_back(self, db: Database) -> None:
        made = queued(db)

        def interrupt(_job: jobs.Job) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            jobs.run_job(db, {"count": counting()}, claimed(db, counting()), clock=clock, progress=interrupt)

        assert db.read_sync(jobs.get, made).state == "queued"

    def test_a_job_that_kills_its_workers_is_not_taken_up_for_ever(self, db: Database) -> None:
        made = queued(db)
        at = NOW
        for _ in range(runner.ATTEMPTS):
            assert db.write_sync(jobs.claim, kinds={"count"}, worker="gone", now=at) is not None
            at += LEASE + timedelta(seconds=1)

        last = db.write_sync(jobs.claim, kinds={"count"}, worker="last", now=at)
        assert last is not None
        job = jobs.run_job(db, {"count": counting()}, last, clock=lambda: at)

        assert job.state == "failed"
        assert db.read_sync(jobs.get, made).position == 0

    def test_progress_forgives_earlier_failures(self, db: Database) -> None:
        queued(db)
        at = NOW
        for _ in range(runner.ATTEMPTS + 3):
            job = db.write_sync(jobs.claim, kinds={"count"}, worker="gone", now=at)
            assert job is not None
            db.write_sync(jobs.take_chunk, job, next(counting(100, 1)(None, job)), now=at)  # type: ignore[arg-type]
            at += LEASE + timedelta(seconds=1)

        last = db.write_sync(jobs.claim, kinds={"count"}, worker="last", now=at)
        assert last is not None

        assert jobs.run_job(db, {"count": counting(100, 50)}, last, clock=lambda: at).state == "done"


class TestTheEffectOfAChunk:
    def test_it_is_undone_with_the_chunk_that_fails(self, db: Database) -> None:
        made = queued(db)

        def writing(_place: jobs.Workplace, _job: jobs.Job) -> Iterator[jobs.Effect]:
            def effect(tx: Transaction, job: jobs.Job, _now: datetime) -> jobs.Advance:
                jobs.add_input(tx, job.id, 0, b"written by the chunk")
                raise Refusal("and then refused")

            yield effect

        jobs.run_job(db, {"count": writing}, claimed(db, writing), clock=clock)

        assert db.read_sync(jobs.read_input, made) == b""

    def test_it_does_not_happen_after_the_lease_was_lost(self, db: Database) -> None:
        made = queued(db)
        old = claimed(db, counting())
        db.write_sync(jobs.claim, kinds={"count"}, worker="b", now=NOW + LEASE + timedelta(seconds=1))

        def effect(tx: Transaction, job: jobs.Job, _now: datetime) -> jobs.Advance:
            jobs.add_input(tx, job.id, 0, b"too late")
            return jobs.Advance(done=1)

        with pytest.raises(jobs.LeaseLost):
            db.write_sync(jobs.take_chunk, old, effect, now=NOW)

        assert db.read_sync(jobs.read_input, made) == b""


class TestTheWorkerBesideAServer:
    def wait(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    async def test_it_does_what_is_announced_while_the_service_is_up(self, db: Database) -> None:
        app = SimpleNamespace(state=SimpleNamespace(database=db, clock=clock))

        async with jobs.worker({"count": counting()})(app):
            made = await db.write(queue_one)
            app.state.jobs.wake()
            await asyncio.to_thread(self.wait, lambda: db.read_sync(jobs.get, made).state == "done")

        assert (await db.read(jobs.get, made)).counts == {"counted": 10}

    async def test_leaving_gives_back_what_is_in_hand(self, db: Database) -> None:
        app = SimpleNamespace(state=SimpleNamespace(database=db, clock=clock))
        made = queued(db)

        async with jobs.worker({"count": counting(10_000_000, 1)})(app):
            await asyncio.to_thread(self.wait, lambda: db.read_sync(jobs.get, made).position > 2)

        job = await db.read(jobs.get, made)
        assert job.state == "queued"
        assert job.worker is None

    async def test_a_fault_does_not_end_it(self, db: Database) -> None:
        app = SimpleNamespace(state=SimpleNamespace(database=db, clock=clock))
        works = {"count": failing(RuntimeError("boom"), after=0), "other": counting()}
        bad = queued(db)
        good = queued(db, kind="other")

        async with jobs.worker(works)(app):
            await asyncio.to_thread(self.wait, lambda: db.read_sync(jobs.get, good).state == "done")

        assert (await db.read(jobs.get, bad)).state == "failed"


class TestTheStride:
    def test_it_grows_while_chunks_are_quick_and_shrinks_when_they_are_not(self) -> None:
        stride = jobs.Stride(100, least=10, most=1000, seconds=0.05)

        for _ in range(10):
            with stride.timed():
                pass
        grown = stride.size
        for _ in range(10):
            with stride.timed():
                time.sleep(0.12)

        assert grown == 1000
        assert stride.size == 10
