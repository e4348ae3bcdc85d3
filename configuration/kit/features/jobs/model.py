"""What a job is to those who run it and those who wait for it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from configuration.kit.database import Transaction
from configuration.kit.errors import Conflict, NotFound

State = Literal["queued", "running", "waiting", "done", "failed", "cancelled"]
"""`queued`: any worker may take it; `running`: one has leased it; `waiting`: for the decision of a person; the others
are ends, from which only a person starts a further step (such as undo)."""

LEASE = timedelta(seconds=15)
"""How long a worker may be silent before another takes its job over. Every chunk renews the lease."""

T = TypeVar("T")


class JobNotFound(NotFound):
    """No such job, or not one of the person who asks."""

    code = "JOB_NOT_FOUND"
    title = "No such job"


class JobStateConflict(Conflict):
    """The job is not in a state from which this can be asked of it."""

    code = "ILLEGAL_TRANSITION"
    title = "The job's state does not allow this"


class LeaseLost(Conflict):
    """Another worker has taken the job over: what this one was about to do is not done."""

    code = "LEASE_LOST"
    title = "Another worker has taken the job over"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its row says it. `position` counts the records finished in the present step, of `total`."""

    id: int
    kind: str
    label: str
    state: State
    step: str
    params: Mapping[str, Any]
    counts: Mapping[str, int]
    owner: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    position: int
    total: int | None
    problem: str | None
    worker: str | None
    leased_until: datetime | None
    attempt: int
    version: int


@dataclass(frozen=True, slots=True)
class JobRow:
    """One record of the input and what became of it."""

    row_no: int
    verdict: Literal["create", "update", "duplicate", "refuse"]
    reasons: list[Mapping[str, str]]
    record: Mapping[str, Any]
    subject_id: int | None
    applied: str | None
    undone: str | None


@dataclass(frozen=True, slots=True)
class Advance:
    """How far a chunk brought its job.

    `done` records were finished and `counts` are added to the job's. Where `state` is set, the step ends with it;
    where `step` is set, the job goes on with that step from position 0.
    """

    done: int = 0
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    step: str | None = None
    state: State | None = None
    problem: str | None = None


Effect = Callable[[Transaction, Job, datetime], Advance]
"""One chunk: runs inside the unit of work that also moves the job on, so it happens once or not at all."""


class Workplace:
    """What a job's preparation is given: it may read, and must let others breathe.

    Preparing a chunk is work for the processor. Beside a server it shares the interpreter with every request, and each
    request waits a whole switch interval for its turn; so between two records it calls `breathe`, which rests for a
    moment whenever it has worked for one.
    """

    def __init__(
        self, read: Callable[..., Any], *, works: float = 0.0, rests: float = 0.0, chunk_seconds: float = 0.25
    ) -> None:
        self.read = read
        self.chunk_seconds = chunk_seconds
        """How long a chunk may keep others from writing."""
        self._works = works
        self._rests = rests
        self._began = time.monotonic()

    def breathe(self) -> None:
        """Let others have the interpreter, if they have waited long enough."""
        if self._rests and time.monotonic() - self._began > self._works:
            time.sleep(self._rests)
            self._began = time.monotonic()


class Stride:
    """How many records the next chunk takes, so that it lasts about as long as others may well wait for it.

    While a chunk is written nobody else writes on SQLite. The same rows take a fast machine milliseconds and a busy one
    a second, so the size follows what the last chunk took.
    """

    def __init__(self, size: int = 200, *, least: int = 50, most: int = 1000, seconds: float) -> None:
        self.size = size
        self._least, self._most, self._seconds = min(least, size), max(most, size), seconds

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Around the work of a chunk: takes its measure for the next."""
        began = time.perf_counter()
        yield
        took = time.perf_counter() - began
        fitting = int(self.size * min(2.0, max(0.5, self._seconds / max(took, 1e-6))))
        self.size = max(self._least, min(self._most, fitting))


Work = Callable[[Workplace, Job], Iterator[Effect]]
"""The chunks of a job's present step, from its present position on. A fault in a chunk is raised where a generator
yielded it: work that can do without the chunk catches it there and goes on, all other work ends with it."""
