"""Tasks: work that comes back by itself, every few minutes or daily, whoever of the workers and hosts does it.

A task has one row, and one job that is queued anew for each run. The row is locked while a run is begun or written
down, and the job is leased while it runs: so a task never runs twice at once, and a run whose worker died goes on with
another. A run that was missed, because nothing ran at its time, happens once, at the next occasion.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.errors import NotFound
from configuration.kit.features import audit
from configuration.kit.features.jobs import task_statements as statements
from configuration.kit.features.jobs import use_cases
from configuration.kit.features.jobs.model import Job
from configuration.kit.features.jobs.rhythms import Task, TaskRow, TaskSeen, backoff
from configuration.kit.security.actor import Actor

STEP = "run"
OWNER = "clock"


class TaskNotFound(NotFound):
    """No such task."""

    code = "TASK_NOT_FOUND"
    title = "There is no such task"


def listed(tx: Transaction) -> list[TaskRow]:
    """Every task that ever was, by name."""
    return tx.all(statements.ALL)


def shown(tx: Transaction, tasks: Sequence[Task]) -> list[TaskSeen]:
    """How each of these tasks stands, by name; one that never ran in this database is not among them."""
    does = {one.name: one.does for one in tasks}
    return [TaskSeen(**asdict(row), does=does[row.name]) for row in listed(tx) if row.name in does]


def enter(tx: Transaction, tasks: Sequence[Task], *, now: datetime, zone: tzinfo) -> None:
    """Give every task its row. A new one waits for its time: a start is no reason to run everything at once."""
    known = {row.name for row in listed(tx)}
    add = statements.CLAIM if tx.dialect == "postgresql" else statements.ADD
    for one in tasks:
        if one.name not in known:
            tx.run(add, name=one.name, next_at=one.rhythm.after(now, zone), failures=0)


def astir(tx: Transaction, tasks: Sequence[Task], *, now: datetime) -> bool:
    """Whether any of the tasks is due, under way, or not yet written down."""
    names = {one.name for one in tasks}
    return any(row.name in names for row in tx.all(statements.ASTIR, now=now))


def turn(tx: Transaction, tasks: Sequence[Task], *, now: datetime, zone: tzinfo) -> None:
    """Write down the runs that have ended, and queue those that are due. What others are turning is left to them."""
    known = {one.name: one for one in tasks}
    for row in tx.all(statements.LOCKED_ASTIR, now=now):
        if row.name not in known:
            continue
        if row.begun_at is None:
            tx.run(statements.BEGIN, of_name=row.name, now=now, new_job_id=_queued(tx, row, now))
        else:
            assert row.job_id is not None
            _settle(tx, known[row.name], row, use_cases.get(tx, row.job_id), now=now, zone=zone)


def hasten(tx: Transaction, name: str, *, by: Actor | None = None, now: datetime) -> TaskRow:
    """Let a task be due now; one under way stays as it is. Answers how it stood. Who asked for it is recorded."""
    row = next((row for row in listed(tx) if row.name == name), None)
    if row is None:
        raise TaskNotFound(f"There is no task {name!r} here.")
    tx.run(statements.HASTEN, of_name=name, now=now)
    if by is not None:
        audit.record(tx, "task.hastened", f"task:{name}", by=by, now=now)
    return row


def _queued(tx: Transaction, row: TaskRow, now: datetime) -> int:
    job_id = row.job_id
    if job_id is None:
        job_id = use_cases.announce(tx, kind=row.name, label=row.name, step=STEP, params={}, owner=OWNER, now=now)
    return use_cases.begin_anew(tx, job_id, step=STEP).id


def _settle(tx: Transaction, one: Task, row: TaskRow, job: Job, *, now: datetime, zone: tzinfo) -> None:
    """Keep how a run ended. One that failed comes again soon, but never later than it would have anyway."""
    if job.state in {"queued", "running"}:
        return
    failures = 0 if job.state == "done" else row.failures + 1
    following = one.rhythm.after(now, zone)
    tx.run(
        statements.SETTLE,
        of_name=row.name,
        new_next_at=min(following, now + backoff(failures)) if failures else following,
        new_failures=failures,
        new_last_began_at=row.begun_at,
        new_last_ended_at=job.finished_at,
        new_last_state=job.state,
        new_last_problem=job.problem,
        new_last_counts=dict(job.counts),
    )
