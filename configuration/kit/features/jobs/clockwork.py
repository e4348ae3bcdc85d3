"""Running tasks when their time has come: by a thread beside the server, or by a command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import tzinfo
from typing import Any

from loguru import logger

from configuration.kit.clock import Clock
from configuration.kit.database import Database
from configuration.kit.features.jobs import tasks as schedule
from configuration.kit.features.jobs.model import Job, Work
from configuration.kit.features.jobs.rhythms import Task
from configuration.kit.features.jobs.runner import Runner, claim_next, run_job

IDLE = 5.0
"""Seconds between two looks at the clock."""


def works_of(tasks: Sequence[Task]) -> Mapping[str, Work]:
    """The work of each task that can be done here."""
    return {task.name: task.work for task in tasks if task.work is not None}


class Clockwork(Runner):
    """A server's thread that runs one task at a time; long jobs have a thread of their own."""

    def __init__(self, database: Database, tasks: Sequence[Task], clock: Clock, zone: tzinfo) -> None:
        super().__init__(database, works_of(tasks), clock, name="tasks", idle=IDLE)
        self._tasks = tasks
        self._zone = zone
        self._entered = False

    def _next(self) -> Job | None:
        now = self._clock()
        if not self._entered:
            self._database.write_sync(schedule.enter, self._tasks, now=now, zone=self._zone)
            self._entered = True
        if not self._database.read_sync(schedule.astir, self._tasks, now=now):
            return None
        self._database.write_sync(schedule.turn, self._tasks, now=now, zone=self._zone)
        return super()._next()

    def _left(self, job: Job) -> None:
        self._database.write_sync(schedule.turn, self._tasks, now=self._clock(), zone=self._zone)
        if job.state == "failed":
            logger.error("task {} failed: {}", job.kind, job.problem)
        else:
            super()._left(job)


def clockwork(tasks_of: Callable[[Any], Sequence[Task]]) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """A hook for a service's lifespan: runs the application's tasks while the service is up.

    The tasks stand at `app.state.tasks`, the thread at `app.state.clockwork`; who hastens a task calls its `wake()`.
    """

    @asynccontextmanager
    async def running(app: Any) -> AsyncIterator[None]:
        state = app.state
        state.tasks = tasks_of(app)
        state.clockwork = Clockwork(state.database, state.tasks, state.clock, state.settings.zone_info)
        state.clockwork.start()
        try:
            yield
        finally:
            # In a thread: a task may be waiting for an answer that this very loop has to bring.
            await asyncio.to_thread(state.clockwork.stop)

    return running


def run_now(database: Database, tasks: Sequence[Task], name: str, *, clock: Clock, zone: tzinfo) -> None:
    """Run a task in the foreground, unless somebody else has it in hand. Its row says afterwards what became of it."""
    database.write_sync(schedule.enter, tasks, now=clock(), zone=zone)
    database.write_sync(schedule.hasten, name, now=clock())
    mine = [task for task in tasks if task.name == name]
    works = works_of(mine)
    database.write_sync(schedule.turn, mine, now=clock(), zone=zone)
    job = claim_next(database, works, clock) if works else None
    if job is not None:
        run_job(database, works, job, clock=clock)
        database.write_sync(schedule.turn, mine, now=clock(), zone=zone)


def run_due(database: Database, tasks: Sequence[Task], *, clock: Clock, zone: tzinfo) -> int:
    """Run in the foreground every task whose time has come, as a server does; answers how many runs that were."""
    works, runs = works_of(tasks), 0
    database.write_sync(schedule.enter, tasks, now=clock(), zone=zone)
    database.write_sync(schedule.turn, tasks, now=clock(), zone=zone)
    while (job := claim_next(database, works, clock)) is not None:
        run_job(database, works, job, clock=clock)
        runs += 1
    database.write_sync(schedule.turn, tasks, now=clock(), zone=zone)
    return runs
