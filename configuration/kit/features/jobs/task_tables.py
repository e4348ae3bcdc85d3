"""The table of tasks, apart: a service may have jobs and no tasks."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, MetaData, Table, Text

from configuration.kit.database import NAMING, Instant, JsonText
from configuration.kit.features.jobs.tables import job

metadata = MetaData(naming_convention=NAMING)

# Work that comes back by itself. A run is the task's own job, queued anew; `begun_at` is set from then until what
# became of it is written down here, in `last_*`, with the time of the next.
task = Table(
    "task",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", Instant, nullable=False),
    Column("begun_at", Instant),
    Column("job_id", BigInteger, ForeignKey(job.c.id), unique=True),
    Column("failures", Integer, nullable=False),
    Column("last_began_at", Instant),
    Column("last_ended_at", Instant),
    Column("last_state", Text),
    Column("last_problem", Text),
    Column("last_counts", JsonText),
    CheckConstraint("begun_at IS NULL OR job_id IS NOT NULL", name="begun_has_job"),
)
