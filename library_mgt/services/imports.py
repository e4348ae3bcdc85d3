"""Importing books as a job: what a librarian asks of it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.features import audit, jobs
from configuration.kit.security.actor import Actor
from library_mgt.domain.book_rows import tally
from library_mgt.errors import ImportIncomplete

KIND = "books_import"
RECEIVE, PLAN, APPLY, UNDO = "receive", "plan", "apply", "undo"
PART = 256 * 1024
"""Bytes of a file stored in one unit of work."""
LARGEST = 25 * 1024 * 1024
"""Bytes of a file at most."""

DEFAULTS: Mapping[str, str] = {"location": "main", "item_type": "book", "material_type": "book"}


def source_of(label: str) -> str:
    """What a file's name says of where its numbers come from: its letters and digits, without the ending."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", label.rpartition(".")[0] or label)[:60].strip("-") or "file"


def open_import(
    tx: Transaction, label: str, source: str, *, by: Actor, now: datetime, shelf: Mapping[str, str] = DEFAULTS
) -> int:
    """Announce a file; its parts follow with `receive`. `source` names where the file's own numbers come from."""
    params = {**DEFAULTS, **shelf, "source": source}
    job_id = jobs.announce(tx, kind=KIND, label=label, step=RECEIVE, params=params, owner=by.person, now=now)
    audit.record(tx, "books_import.open", f"job:{job_id}", by=by, now=now)
    return job_id


def receive(tx: Transaction, job_id: int, part: int, content: bytes) -> None:
    """Store a part of the file."""
    jobs.add_input(tx, job_id, part, content)


def plan(tx: Transaction, job_id: int, size: int) -> jobs.Job:
    """The file is here, all its bytes: let the workers read it and give every row a verdict. Nothing changes yet."""
    received = len(jobs.read_input(tx, job_id))
    if received != size:
        raise ImportIncomplete(f"{received} bytes of {size} arrived.")
    return jobs.enqueue(tx, job_id, step=PLAN, when={("waiting", RECEIVE), ("failed", PLAN)})


def apply(tx: Transaction, job_id: int, *, by: Actor, now: datetime) -> jobs.Job:
    """Do what the plan says. Asking again is harmless; an import that failed half way goes on."""
    jobs.get(tx, job_id, kind=KIND)
    job = jobs.enqueue(tx, job_id, step=APPLY, when={("waiting", PLAN), ("failed", APPLY)})
    audit.record(tx, "books_import.apply", f"job:{job_id}", by=by, now=now)
    return job


def undo(tx: Transaction, job_id: int, *, by: Actor, now: datetime) -> jobs.Job:
    """Take back all that the import did. Titles used or changed since stay, and their rows say why."""
    jobs.get(tx, job_id, kind=KIND)
    job = jobs.enqueue(tx, job_id, step=UNDO, when={("done", APPLY), ("failed", APPLY), ("failed", UNDO)})
    audit.record(tx, "books_import.undo", f"job:{job_id}", by=by, now=now)
    return job


def go_on(tx: Transaction, job_id: int, *, by: Actor, now: datetime) -> jobs.Job:
    """Take a failed step up again where it stopped."""
    step = jobs.get(tx, job_id, kind=KIND).step
    job = jobs.enqueue(tx, job_id, step=step, when={("failed", step)})
    audit.record(tx, f"books_import.{step}", f"job:{job_id}", by=by, now=now)
    return job


def cancel(tx: Transaction, job_id: int, *, by: Actor, now: datetime) -> jobs.Job:
    """Give up an import that has changed nothing yet."""
    jobs.get(tx, job_id, kind=KIND)
    job = jobs.cancel(tx, job_id, now=now)
    audit.record(tx, "books_import.cancel", f"job:{job_id}", by=by, now=now)
    return job


def discard(tx: Transaction, job_id: int, *, now: datetime) -> None:
    """Forget a file that came twice: the first import of it stands."""
    jobs.cancel(tx, job_id, now=now)


def find(tx: Transaction, job_id: int) -> jobs.Job:
    """The import. Raises `JobNotFound`."""
    return jobs.get(tx, job_id, kind=KIND)


def recent(tx: Transaction, *, before: int | None, limit: int) -> list[jobs.Job]:
    """The latest imports, before an id."""
    return jobs.page(tx, owner=None, kind=KIND, before=before, limit=limit)


def rows(
    tx: Transaction, job_id: int, *, verdict: str | None = None, kept: bool = False, after: int = 0, limit: int = 50
) -> list[jobs.JobRow]:
    """The rows of an import in the order of the file: all, those of one verdict, or those an undo had to keep."""
    jobs.get(tx, job_id, kind=KIND)
    return jobs.rows(tx, job_id, verdict=verdict, kept=kept, after=after, limit=limit)


def summary(job: jobs.Job) -> dict[str, Any]:
    """What an import's counts say: every record read is created, updated, a duplicate or refused."""
    return tally(job.counts)
