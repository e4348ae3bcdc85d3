"""The steps by which a service's migrations bring up the tables of jobs."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, JsonText, id_column


def create_v1() -> None:
    """Jobs, their input and their rows."""
    op.create_table(
        "job",
        id_column(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("params", JsonText, nullable=False),
        sa.Column("counts", JsonText, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("started_at", Instant),
        sa.Column("finished_at", Instant),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("problem", sa.Text),
        sa.Column("worker", sa.Text),
        sa.Column("leased_until", Instant),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state")
        ),
        sa.CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name=op.f("ck_job_running_has_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_state_id", "job", ["state", "id"])
    op.create_table(
        "job_input",
        sa.Column("job_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_input_job_id_job")),
        sa.PrimaryKeyConstraint("job_id", "part", name=op.f("pk_job_input")),
    )
    op.create_table(
        "job_row",
        sa.Column("job_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("row_no", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reasons", JsonText, nullable=False),
        sa.Column("record", JsonText, nullable=False),
        sa.Column("external_key", sa.Text),
        sa.Column("match_key", sa.Text),
        sa.Column("subject_id", sa.BigInteger),
        sa.Column("before", JsonText),
        sa.Column("applied", sa.Text),
        sa.Column("undone", sa.Text),
        sa.CheckConstraint("verdict IN ('create', 'update', 'duplicate', 'refuse')", name=op.f("ck_job_row_verdict")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_row_job_id_job")),
        sa.PrimaryKeyConstraint("job_id", "row_no", name=op.f("pk_job_row")),
    )
    op.create_index("ix_job_row_job_id_verdict", "job_row", ["job_id", "verdict", "row_no"])


def create_tasks_v1() -> None:
    """Work that comes back by itself."""
    op.create_table(
        "task",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("begun_at", Instant),
        sa.Column("job_id", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_began_at", Instant),
        sa.Column("last_ended_at", Instant),
        sa.Column("last_state", sa.Text),
        sa.Column("last_problem", sa.Text),
        sa.Column("last_counts", JsonText),
        sa.CheckConstraint("begun_at IS NULL OR job_id IS NOT NULL", name=op.f("ck_task_begun_has_job")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_task_job_id_job")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_task")),
        sa.UniqueConstraint("job_id", name=op.f("uq_task_job_id")),
    )
