"""Running jobs: by a thread beside the server, and by a command in the foreground, with the same code."""

import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from loguru import logger

from configuration.kit.clock import Clock, utc_now
from configuration.kit.database import Database
from configuration.kit.errors import Refusal, Unavailable
from configuration.kit.features.jobs import use_cases
from configuration.kit.features.jobs.model import Effect, Job, LeaseLost, Work, Workplace
from configuration.kit.logging import failure_text

IDLE = 2.0
"""Seconds between two looks for work that nobody announced: another process's, or a dead worker's."""

PAUSE = 0.5
"""What a server's worker rests after a chunk, in parts of the time the chunk took, so that requests come through."""

WORKS, RESTS = 0.001, 0.001
"""Seconds a server's worker prepares, and then rests, in turns."""

CHUNK_BESIDE, CHUNK_ALONE = 0.02, 0.25
"""Seconds a chunk is to last where others write meanwhile, and where nobody does."""

ATTEMPTS = 5
"""How often a job is taken up without finishing a chunk before it counts as failed: else a chunk that kills its worker
would do so for ever."""

_numbers = count(1)


def worker_name() -> str:
    """A name for a worker of this process: host, process namespace, process, number."""
    return f"{_here()}:{os.getpid()}:{next(_numbers)}"


def is_gone(worker: str) -> bool:
    """Whether the worker certainly no longer lives: it was a process of this very host, which has ended."""
    place, _, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    if place != _here() or not pid.isdecimal() or sys.platform == "win32":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def claim_next(database: Database, works: Mapping[str, Work], clock: Clock, *, only: int | None = None) -> Job | None:
    """Lease a job that waits, or whose worker is silent or dead."""
    gone = next((worker for worker in database.read_sync(use_cases.running_workers) if is_gone(worker)), None)
    return database.write_sync(
        use_cases.claim, kinds=set(works), worker=worker_name(), now=clock(), gone=gone, only=only
    )


def run_job(
    database: Database,
    works: Mapping[str, Work],
    job: Job,
    *,
    clock: Clock = utc_now,
    beside_server: bool = False,
    rest: float = 0.0,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[Job], None] | None = None,
) -> Job:
    """Work on a leased job until its step ends, `stop` says so (the job goes back), or another worker has it.

    `beside_server` says that requests are served in this very process, and makes room for them; `rest` are seconds to
    leave to another process after each chunk. Answers the job as it was left. A refusal or a fault in a chunk makes the
    job fail with its reason; what is merely away for the moment lets it go back to the queue.
    """
    hand = _Hand(database, works, job, clock, beside_server, rest, stop, progress)
    if job.attempt > ATTEMPTS:
        return hand.let_go("It stopped its worker several times and is not taken up again.")
    try:
        while hand.job.state == "running":
            hand.step()
    except LeaseLost:
        logger.warning("job {} was taken over by another worker", job.id)
        return database.read_sync(use_cases.get, job.id)
    except Unavailable:
        hand.let_go_if_ours()
        raise
    except Refusal as refusal:
        return hand.let_go(refusal.detail)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the job's people must learn that it failed
        place = f"record {hand.job.position} of its step {hand.job.step}"
        logger.error("job {} failed after {}\n{}", job.id, place, failure_text(fault))
        return hand.let_go(f"An unexpected fault after record {hand.job.position}; the log says more.")
    except BaseException:
        # Interrupted by a person or ended by the system: the next worker goes on from the last chunk.
        hand.let_go_if_ours()
        raise
    return hand.job


@dataclass
class _Hand:
    """A job in the hand of its worker."""

    database: Database
    works: Mapping[str, Work]
    job: Job
    clock: Clock
    beside_server: bool
    rest: float
    stop: Callable[[], bool]
    progress: Callable[[Job], None] | None

    def step(self) -> None:
        """Do the chunks of the present step, until it ends or the worker is to stop."""
        step = self.job.step
        works, rests = (WORKS, RESTS) if self.beside_server else (0.0, 0.0)
        lasting = CHUNK_BESIDE if self.beside_server or self.rest else CHUNK_ALONE
        place = Workplace(self.database.read_sync, works=works, rests=rests, chunk_seconds=lasting)
        chunks = self.works[self.job.kind](place, self.job)
        effect = next(chunks, None)
        while effect is not None:
            try:
                self._chunk(effect)
            except (LeaseLost, Unavailable):
                raise
            except Exception as fault:
                if not isinstance(chunks, Generator):
                    raise
                effect = chunks.throw(fault)
                continue
            if self.job.state != "running" or self.job.step != step:
                return
            if self.stop():
                self.let_go()
                return
            effect = next(chunks, None)
        raise RuntimeError(f"the work {self.job.kind!r} ended its step {step!r} without saying how")

    def _chunk(self, effect: Effect) -> None:
        began = time.monotonic()
        self.job = self.database.write_sync(use_cases.take_chunk, self.job, effect, now=self.clock())
        if self.progress is not None:
            self.progress(self.job)
        if self.beside_server:
            time.sleep(min(1.0, PAUSE * (time.monotonic() - began)))
        elif self.rest:
            time.sleep(self.rest)

    def let_go(self, problem: str | None = None) -> Job:
        """Give the job back to the queue, or with a problem as failed."""
        self.job = self.database.write_sync(use_cases.let_go, self.job, now=self.clock(), problem=problem)
        return self.job

    def let_go_if_ours(self) -> None:
        """Give the job back where that is still possible: else its lease runs out by itself."""
        with suppress(Refusal):
            self.let_go()


class Runner:
    """A server's worker: one thread that takes one job at a time."""

    def __init__(
        self, database: Database, works: Mapping[str, Work], clock: Clock, *, name: str = "jobs", idle: float = IDLE
    ) -> None:
        self._database = database
        self._works = works
        self._clock = clock
        self._idle = idle
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to look for work."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be work now."""
        self._wake.set()

    def stop(self) -> None:
        """Give the job in hand back after its present chunk, and end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                worked = self._one()
            except Exception as fault:  # noqa: BLE001 - a worker that dies leaves every later job waiting
                logger.error("the worker of {} could not look for work\n{}", self._thread.name, failure_text(fault))
                worked = False
            if not worked:
                self._wake.wait(self._idle)
            self._wake.clear()

    def _next(self) -> Job | None:
        """The next job, leased."""
        return claim_next(self._database, self._works, self._clock)

    def _left(self, job: Job) -> None:
        """What is to be done once a job was let out of the hand."""
        logger.info("job {} is {} at {} {}", job.id, job.state, job.step, job.position)

    def _one(self) -> bool:
        job = self._next()
        if job is None:
            return False
        logger.info("job {} ({}) starts its step {}", job.id, job.kind, job.step)
        job = run_job(
            self._database, self._works, job, clock=self._clock, beside_server=True, stop=self._stopping.is_set
        )
        self._left(job)
        return True


def worker(works: Mapping[str, Work]) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """A hook for a service's lifespan: runs these kinds of jobs while the service is up.

    The runner stands at `app.state.jobs`; whoever enqueues a job calls its `wake()`.
    """

    @asynccontextmanager
    async def working(app: Any) -> AsyncIterator[None]:
        runner = Runner(app.state.database, works, app.state.clock)
        app.state.jobs = runner
        runner.start()
        try:
            yield
        finally:
            runner.stop()

    return working


def _here() -> str:
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        namespace = "-"
    return f"{socket.gethostname()}/{namespace}"
