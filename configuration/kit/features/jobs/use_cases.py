"""What can be done with a job, as units of work."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.features.jobs import repository
from configuration.kit.features.jobs.model import (
    LEASE,
    Effect,
    Job,
    JobNotFound,
    JobRow,
    JobStateConflict,
    LeaseLost,
    State,
)

_FIXED = ("id", "kind", "label", "owner", "created_at", "version")


def announce(
    tx: Transaction, *, kind: str, label: str, step: str, params: Mapping[str, Any], owner: str, now: datetime
) -> int:
    """Open a job that still waits for its input, and answer its id. `enqueue` lets the workers have it."""
    return int(
        tx.scalar(
            repository.ADD,
            kind=kind,
            label=label,
            state="waiting",
            step=step,
            params=dict(params),
            counts={},
            owner=owner,
            created_at=now,
            started_at=None,
            finished_at=None,
            position=0,
            total=None,
            problem=None,
            worker=None,
            leased_until=None,
            attempt=0,
            version=1,
        )
    )


def add_input(tx: Transaction, job_id: int, part: int, content: bytes) -> None:
    """Store one part of the job's file."""
    tx.run(repository.ADD_INPUT, job_id=job_id, part=part, content=content)


def read_input(tx: Transaction, job_id: int) -> bytes:
    """The job's file, whole."""
    return b"".join(bytes(part.content) for part in tx.all(repository.INPUT, job_id=job_id))


def drop_input(tx: Transaction, job_id: int) -> None:
    """Forget the job's file; its rows stay."""
    tx.run(repository.DROP_INPUT, job_id=job_id)


def enqueue(tx: Transaction, job_id: int, *, step: str, when: Collection[tuple[State, str]]) -> Job:
    """Let the workers have the job for a step, if it is in one of the (state, step) pairs this step may follow.

    Asking twice is harmless: a job that is under way with the step, or through it, is answered as it is. A step that
    failed goes on where it stopped.
    """
    job = tx.first(repository.LOCKED, id=job_id)
    if job is None:
        raise JobNotFound
    if (job.state, job.step) not in when:
        if job.step == step and job.state != "failed":
            return job
        raise JobStateConflict(
            f"The job is {job.state} at {job.step}; {step} is not possible now.", state=job.state, step=job.step
        )
    position = job.position if job.step == step else 0
    return _save(
        tx, replace(job, state="queued", step=step, position=position, problem=None, finished_at=None, attempt=0)
    )


def begin_anew(tx: Transaction, job_id: int, *, step: str) -> Job:
    """Let the workers have a job that has ended once more, from its beginning and as if it had never run."""
    job = tx.first(repository.LOCKED, id=job_id)
    if job is None:
        raise JobNotFound
    if job.state in {"queued", "running"}:
        raise JobStateConflict("The job is under way.", state=job.state, step=job.step)
    fresh = replace(job, state="queued", step=step, params={}, counts={}, position=0, total=None, attempt=0)
    return _save(tx, replace(fresh, started_at=None, finished_at=None, problem=None))


def cancel(tx: Transaction, job_id: int, *, now: datetime) -> Job:
    """Give up a job that has not begun to change anything, or that waits for a decision."""
    job = tx.first(repository.LOCKED, id=job_id)
    if job is None:
        raise JobNotFound
    if job.state == "cancelled":
        return job
    if job.state not in {"waiting", "queued"} or job.counts.get("applied"):
        raise JobStateConflict(f"The job is {job.state} at {job.step} and can no longer be given up.", state=job.state)
    drop_input(tx, job_id)
    return _save(tx, replace(job, state="cancelled", finished_at=now))


def claim(
    tx: Transaction,
    *,
    kinds: Collection[str],
    worker: str,
    now: datetime,
    gone: str | None = None,
    only: int | None = None,
) -> Job | None:
    """Lease the oldest job that waits for a worker, or whose worker fell silent, or is known to be `gone`."""
    job = tx.first(repository.next_of(frozenset(kinds)), now=now, gone=gone, only=only)
    if job is None:
        return None
    return _save(
        tx,
        replace(
            job,
            state="running",
            worker=worker,
            leased_until=now + LEASE,
            attempt=job.attempt + 1,
            started_at=job.started_at or now,
        ),
    )


def take_chunk(tx: Transaction, leased: Job, effect: Effect, *, now: datetime) -> Job:
    """Do one chunk and move the job on, in one unit: both happen, or neither.

    Raises `LeaseLost` where another worker has taken the job over meanwhile.
    """
    job = _held(tx, leased)
    advance = effect(tx, job, now)
    counts = Counter(job.counts)
    counts.update(advance.counts)
    moved = replace(
        job,
        position=job.position + advance.done,
        total=advance.total if advance.total is not None else job.total,
        counts=dict(counts),
        params={**job.params, **advance.params},
        leased_until=now + LEASE,
        attempt=0,
    )
    if advance.step is not None:
        moved = replace(moved, step=advance.step, position=0)
    if advance.state is not None:
        moved = _ended(moved, advance.state, advance.problem, now)
    return _save(tx, moved)


def let_go(tx: Transaction, leased: Job, *, now: datetime, problem: str | None = None) -> Job:
    """Give a job back: to the other workers, or, with a problem, as failed."""
    job = _held(tx, leased)
    return _save(tx, _ended(job, "failed" if problem else "queued", problem, now))


def get(tx: Transaction, job_id: int, *, kind: str | None = None) -> Job:
    """The job. Raises `JobNotFound`."""
    job = tx.first(repository.BY_ID, id=job_id)
    if job is None or kind not in {None, job.kind}:
        raise JobNotFound
    return job


def page(tx: Transaction, *, owner: str | None, kind: str | None, before: int | None, limit: int) -> list[Job]:
    """The latest jobs, of one person or kind or of all, before an id."""
    return tx.all(repository.PAGE, owner=owner, kind=kind, before=before or 2**62, limit=limit)


def rows(
    tx: Transaction, job_id: int, *, verdict: str | None = None, kept: bool = False, after: int, limit: int
) -> list[JobRow]:
    """The rows of a job in the order of the file: all, those of one verdict, or those that an undo had to keep."""
    if kept:
        return tx.all(repository.ROWS_KEPT, job_id=job_id, after=after, limit=limit)
    if verdict is None:
        return tx.all(repository.ROWS, job_id=job_id, after=after, limit=limit)
    return tx.all(repository.ROWS_OF_VERDICT, job_id=job_id, verdict=verdict, after=after, limit=limit)


def running_workers(tx: Transaction) -> list[str]:
    """The names of the workers that hold a lease."""
    return [row.worker for row in tx.all(repository.RUNNING)]


def _held(tx: Transaction, leased: Job) -> Job:
    """The job as it is now, locked, if the lease is still the one that was given."""
    job = tx.first(repository.LOCKED, id=leased.id)
    if job is None or (job.state, job.worker) != ("running", leased.worker):
        raise LeaseLost
    return job


def _ended(job: Job, state: State, problem: str | None, now: datetime) -> Job:
    over = state in {"done", "failed", "cancelled"}
    return replace(job, state=state, worker=None, leased_until=None, problem=problem, finished_at=now if over else None)


def _save(tx: Transaction, job: Job) -> Job:
    values = {name: value for name, value in asdict(job).items() if name not in _FIXED}
    tx.run(repository.SAVE, job_id=job.id, **values)
    return replace(job, version=job.version + 1)
