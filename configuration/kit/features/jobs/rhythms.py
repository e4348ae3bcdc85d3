"""When tasks run, and how they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from configuration.kit.days import instant, local_day
from configuration.kit.features.jobs.model import Work

FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Every:
    """So long after the run before."""

    period: timedelta

    def after(self, moment: datetime, zone: tzinfo) -> datetime:
        """The next run after a moment."""
        return moment + self.period


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at a time of the zone; one that the clocks skip comes as soon as they have."""

    at: time

    def after(self, moment: datetime, zone: tzinfo) -> datetime:
        """The next run after a moment."""
        day = local_day(moment, zone)
        today = instant(datetime.combine(day, self.at), zone)
        return today if today > moment else instant(datetime.combine(day + timedelta(days=1), self.at), zone)


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a service: a plain word for a name, what it does in a sentence, when, and how.

    Without `work` only a running server can do it, since it needs more than the service's own database.
    """

    name: str
    does: str
    rhythm: Every | Daily
    work: Work | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """How a task stands: when it runs next, since when it is under way, and what became of its last run."""

    name: str
    next_at: datetime
    begun_at: datetime | None
    job_id: int | None
    failures: int
    last_began_at: datetime | None
    last_ended_at: datetime | None
    last_state: str | None
    last_problem: str | None
    last_counts: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class TaskSeen(TaskRow):
    """The same with what the task does."""

    does: str


def backoff(failures: int) -> timedelta:
    """How long a task rests that has failed so often in a row."""
    return min(LAST_RETRY, FIRST_RETRY * float(2 ** min(failures - 1, 10)))
