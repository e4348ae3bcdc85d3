"""Long work in chunks: leased, resumable by any worker after a crash. Tasks are such work that comes back by itself."""

from configuration.kit.features.jobs.clockwork import clockwork, run_due, run_now
from configuration.kit.features.jobs.model import (
    Advance,
    Effect,
    Job,
    JobNotFound,
    JobRow,
    JobStateConflict,
    LeaseLost,
    Stride,
    Work,
    Workplace,
)
from configuration.kit.features.jobs.rhythms import Daily, Every, Task, TaskRow
from configuration.kit.features.jobs.router import router
from configuration.kit.features.jobs.runner import Runner, claim_next, run_job, worker
from configuration.kit.features.jobs.sweep import once_over, sweep
from configuration.kit.features.jobs.tasks import hasten
from configuration.kit.features.jobs.tasks import listed as tasks_listed
from configuration.kit.features.jobs.tasks import shown as tasks_shown
from configuration.kit.features.jobs.use_cases import (
    add_input,
    announce,
    cancel,
    claim,
    drop_input,
    enqueue,
    get,
    page,
    read_input,
    rows,
    take_chunk,
)

__all__ = [
    "Advance",
    "Daily",
    "Effect",
    "Every",
    "Job",
    "JobNotFound",
    "JobRow",
    "JobStateConflict",
    "LeaseLost",
    "Runner",
    "Stride",
    "Task",
    "TaskRow",
    "Work",
    "Workplace",
    "add_input",
    "announce",
    "cancel",
    "claim",
    "claim_next",
    "clockwork",
    "drop_input",
    "enqueue",
    "get",
    "hasten",
    "once_over",
    "page",
    "read_input",
    "router",
    "rows",
    "run_due",
    "run_job",
    "run_now",
    "sweep",
    "take_chunk",
    "tasks_listed",
    "tasks_shown",
    "worker",
]
