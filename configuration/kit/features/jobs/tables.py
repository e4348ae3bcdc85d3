"""The tables of long work: the job, the file it was given, and one row per record with its verdict."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from configuration.kit.database import NAMING, Instant, JsonText, id_column

STATES = ("queued", "running", "waiting", "done", "failed", "cancelled")
VERDICTS = ("create", "update", "duplicate", "refuse")

metadata = MetaData(naming_convention=NAMING)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that a text column holds one of a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


job = Table(
    "job",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("params", JsonText, nullable=False),
    Column("counts", JsonText, nullable=False),
    Column("owner", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("position", Integer, nullable=False),
    Column("total", Integer),
    Column("problem", Text),
    Column("worker", Text),
    Column("leased_until", Instant),
    Column("attempt", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    one_of("state", STATES),
    CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name="running_has_worker"),
    Index("ix_job_state_id", "state", "id"),
)

# The file as it came, in parts small enough for a short unit of work: any worker on any host can go on with it.
job_input = Table(
    "job_input",
    metadata,
    Column("job_id", BigInteger, ForeignKey("job.id"), primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

# One row per record of the input. `subject_id` is what the record became or was found to be; `before` holds what an
# update replaced, so that it can be taken back; `applied` and `undone` say what was really done with it.
job_row = Table(
    "job_row",
    metadata,
    Column("job_id", BigInteger, ForeignKey("job.id"), primary_key=True, autoincrement=False),
    Column("row_no", Integer, primary_key=True, autoincrement=False),
    Column("verdict", Text, nullable=False),
    Column("reasons", JsonText, nullable=False),
    Column("record", JsonText, nullable=False),
    Column("external_key", Text),
    Column("match_key", Text),
    Column("subject_id", BigInteger),
    Column("before", JsonText),
    Column("applied", Text),
    Column("undone", Text),
    one_of("verdict", VERDICTS),
    Index("ix_job_row_job_id_verdict", "job_id", "verdict", "row_no"),
)
