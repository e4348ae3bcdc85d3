"""Work for tests of jobs: it counts, it fails, and does nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from configuration.kit.database import Database, Transaction
from configuration.kit.features import jobs

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def counting(total: int = 10, each: int = 3) -> jobs.Work:
    """Work that counts records and does nothing else."""

    def work(_place: jobs.Workplace, _job: jobs.Job) -> Iterator[jobs.Effect]:
        def effect(_tx: Transaction, job: jobs.Job, _now: datetime) -> jobs.Advance:
            done = min(each, total - job.position)
            over = job.position + done == total
            return jobs.Advance(done=done, total=total, counts={"counted": done}, state="done" if over else None)

        while True:
            yield effect

    return work


def failing(fault: BaseException, *, after: int = 1) -> jobs.Work:
    """Work whose chunk after the first ones raises."""

    def work(_place: jobs.Workplace, _job: jobs.Job) -> Iterator[jobs.Effect]:
        def effect(_tx: Transaction, job: jobs.Job, _now: datetime) -> jobs.Advance:
            if job.position >= after:
                raise fault
            return jobs.Advance(done=1)

        while True:
            yield effect

    return work


def queued(db: Database, *, kind: str = "count", owner: str = "library:1") -> int:
    def make(tx: Transaction) -> int:
        made = jobs.announce(tx, kind=kind, label="a job", step="receive", params={}, owner=owner, now=NOW)
        jobs.enqueue(tx, made, step="count", when={("waiting", "receive")})
        return made

    return db.write_sync(make)


def claimed(db: Database, work: jobs.Work, **options: Any) -> jobs.Job:
    job = jobs.claim_next(db, {"count": work}, clock, **options)
    assert job is not None, "no job waits"
    return job


def queue_one(tx: Transaction) -> int:
    """A job that waits for a worker."""
    made = jobs.announce(tx, kind="count", label="a job", step="receive", params={}, owner="library:1", now=NOW)
    jobs.enqueue(tx, made, step="count", when={("waiting", "receive")})
    return made
