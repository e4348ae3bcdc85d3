"""Long work in chunks: leased, resumable by any worker after a crash, with a verdict per row."""

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
from configuration.kit.features.jobs.router import router
from configuration.kit.features.jobs.runner import Runner, claim_next, run_job, worker
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
    "Effect",
    "Job",
    "JobNotFound",
    "JobRow",
    "JobStateConflict",
    "LeaseLost",
    "Runner",
    "Stride",
    "Work",
    "Workplace",
    "add_input",
    "announce",
    "cancel",
    "claim",
    "claim_next",
    "drop_input",
    "enqueue",
    "get",
    "page",
    "read_input",
    "router",
    "rows",
    "run_job",
    "take_chunk",
    "worker",
]
