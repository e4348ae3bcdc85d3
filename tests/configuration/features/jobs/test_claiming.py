"""Jobs are leased to one worker at a time, and move from step to step as people ask."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from configuration.kit.database import Database
from configuration.kit.features import jobs
from configuration.kit.features.jobs import runner
from configuration.kit.features.jobs.model import LEASE
from tests.configuration.features.jobs.working import NOW, claimed, clock, counting, queued


class TestClaiming:
    def test_the_oldest_waiting_job_comes_first(self, db: Database) -> None:
        first, second = queued(db), queued(db)

        taken = [claimed(db, counting()).id, claimed(db, counting()).id]

        assert taken == [first, second]
        assert jobs.claim_next(db, {"count": counting()}, clock) is None

    def test_a_worker_takes_only_what_it_can_do(self, db: Database) -> None:
        queued(db, kind="other")

        assert jobs.claim_next(db, {"count": counting()}, clock) is None

    def test_one_job_can_be_asked_for(self, db: Database) -> None:
        queued(db)
        second = queued(db)

        assert claimed(db, counting(), only=second).id == second

    def test_two_workers_never_hold_the_same_job(self, db: Database) -> None:
        made = {queued(db) for _ in range(20)}

        async def race() -> list[jobs.Job | None]:
            asked = (asyncio.to_thread(jobs.claim_next, db, {"count": counting()}, clock) for _ in range(40))
            return await asyncio.gather(*asked)

        held = [job.id for job in asyncio.run(race()) if job is not None]

        assert len(held) == len(set(held))
        assert set(held) <= made

    def test_a_silent_worker_loses_its_job_when_the_lease_is_over(self, db: Database) -> None:
        queued(db)
        with_lease = db.write_sync(jobs.claim, kinds={"count"}, worker="elsewhere/1:1:1", now=NOW)
        assert with_lease is not None

        before = db.write_sync(jobs.claim, kinds={"count"}, worker="b", now=NOW + LEASE - timedelta(seconds=1))
        after = db.write_sync(jobs.claim, kinds={"count"}, worker="b", now=NOW + LEASE + timedelta(seconds=1))

        assert before is None
        assert after is not None and after.worker == "b"

    def test_a_worker_of_this_host_that_has_ended_loses_it_at_once(self, db: Database) -> None:
        queued(db)
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        place = runner.worker_name().rsplit(":", 2)[0]
        db.write_sync(jobs.claim, kinds={"count"}, worker=f"{place}:{ended.pid}:1", now=NOW)

        assert claimed(db, counting()).worker != f"{place}:{ended.pid}:1"

    def test_a_living_worker_is_not_taken_for_dead(self) -> None:
        place = runner.worker_name().rsplit(":", 2)[0]

        assert not runner.is_gone(f"{place}:{os.getpid()}:1")
        assert not runner.is_gone("another-host/1:1:1")
        assert not runner.is_gone("nonsense")


class TestAskingForAStep:
    def test_a_step_that_does_not_follow_is_refused_with_the_state(self, db: Database) -> None:
        made = queued(db)

        with pytest.raises(jobs.JobStateConflict, match="queued at count"):
            db.write_sync(jobs.enqueue, made, step="apply", when={("waiting", "count")})

    def test_a_job_that_does_not_exist_is_not_found(self, db: Database) -> None:
        for ask in (jobs.get, jobs.cancel):
            with pytest.raises(jobs.JobNotFound):
                options = {"now": NOW} if ask is jobs.cancel else {}
                db.write_sync(ask, 4711, **options)  # type: ignore[arg-type]

    def test_a_running_job_cannot_be_given_up(self, db: Database) -> None:
        made = queued(db)
        claimed(db, counting())

        with pytest.raises(jobs.JobStateConflict):
            db.write_sync(jobs.cancel, made, now=NOW)

    def test_a_waiting_one_can_and_its_file_is_forgotten(self, db: Database) -> None:
        made = queued(db)
        db.write_sync(jobs.add_input, made, 0, b"abc")

        job = db.write_sync(jobs.cancel, made, now=NOW)

        assert (job.state, job.finished_at) == ("cancelled", NOW)
        assert db.read_sync(jobs.read_input, made) == b""
        assert jobs.claim_next(db, {"count": counting()}, clock) is None
