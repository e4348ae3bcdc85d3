"""Running jobs: by a thread beside the server, and by a command in the foreground, with the same code."""

import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import count
from typing import Any

from loguru import logger

from configuration.kit.clock import Clock, utc_now
from configuration.kit.database import Database
from configuration.kit.errors import Refusal, Unavailable
from configuration.kit.features.jobs import use_cases
from configuration.kit.features.jobs.model import Effect, Job, LeaseLost, Work

IDLE = 2.0
"""Seconds between two looks for work that nobody announced: another process's, or a dead worker's."""

PAUSE = 0.5
"""What a server's worker rests after a chunk, in parts of the time the chunk took, so that requests come through."""

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
    pause: float = 0.0,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[Job], None] = lambda job: None,
) -> Job:
    """Work on a leased job until its step ends, `stop` says so (the job goes back), or another worker has it.

    Answers the job as it was left. A refusal or a fault in a chunk makes the job fail with its reason; what is merely
    away for the moment lets it go back to the queue.
    """
    if job.attempt > ATTEMPTS:
        return database.write_sync(
            use_cases.let_go, job, now=clock(), problem="It stopped its worker several times and is not taken up again."
        )
    try:
        while job.state == "running":
            step = job.step
            for effect in works[job.kind](database.read_sync, job):
                job = _chunk(database, job, effect, clock, pause, progress)
                if job.state != "running" or job.step != step:
                    break
                if stop():
                    return database.write_sync(use_cases.let_go, job, now=clock())
            else:
                raise RuntimeError(f"the work {job.kind!r} ended its step {step!r} without saying how")
        return job
    except LeaseLost:
        logger.warning("job {} was taken over by another worker", job.id)
        return database.read_sync(use_cases.get, job.id)
    except Unavailable:
        with suppress(Refusal):
            return database.write_sync(use_cases.let_go, job, now=clock())
        raise
    except Refusal as refusal:
        return database.write_sync(use_cases.let_go, job, now=clock(), problem=refusal.detail)
    except Exception:
        logger.exception("job {} failed at record {} of its step {}", job.id, job.position, job.step)
        problem = f"An unexpected fault after record {job.position}; the log says more."
        return database.write_sync(use_cases.let_go, job, now=clock(), problem=problem)
    except BaseException:
        # Interrupted by a person or ended by the system: the next worker goes on from the last chunk.
        with suppress(Refusal):
            database.write_sync(use_cases.let_go, job, now=clock())
        raise


def _chunk(
    database: Database, job: Job, effect: Effect, clock: Clock, pause: float, progress: Callable[[Job], None]
) -> Job:
    began = time.monotonic()
    job = database.write_sync(use_cases.take_chunk, job, effect, now=clock())
    progress(job)
    if pause:
        time.sleep(min(1.0, pause * (time.monotonic() - began)))
    return job


class Runner:
    """A server's worker: one thread that takes one job at a time."""

    def __init__(self, database: Database, works: Mapping[str, Work], clock: Clock) -> None:
        self._database = database
        self._works = works
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

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
            except Exception:
                logger.exception("the worker of jobs could not look for work")
                worked = False
            if not worked:
                self._wake.wait(IDLE)
            self._wake.clear()

    def _one(self) -> bool:
        job = claim_next(self._database, self._works, self._clock)
        if job is None:
            return False
        logger.info("job {} ({}) starts its step {}", job.id, job.kind, job.step)
        job = run_job(
            self._database, self._works, job, clock=self._clock, pause=PAUSE, stop=self._stopping.is_set
        )
        logger.info("job {} is {} at {} {}", job.id, job.state, job.step, job.position)
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
        namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        namespace = "-"
    return f"{socket.gethostname()}/{namespace}"
