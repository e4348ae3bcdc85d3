"""Assignments with their overrides, materials and announcements."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Hundredths, Instant, JsonText, id_column


def create() -> None:
    """Create the tables."""
    _create_assignment()
    _create_assignment_override()
    _create_material()
    _create_announcement()


def _create_announcement() -> None:
    op.create_table(
        "announcement",
        id_column(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("space_id", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("publish_at", Instant, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_announcement_space_id_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_space_id", "announcement", ["space_id", "id"], unique=False)


def _create_assignment() -> None:
    op.create_table(
        "assignment",
        id_column(),
        sa.Column("number", sa.BigInteger),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("space_id", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("points", Hundredths, nullable=False),
        sa.Column("opens_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("locks_at", Instant, nullable=False),
        sa.Column("grace_seconds", sa.Integer, nullable=False),
        sa.Column("late_interval_seconds", sa.Integer, nullable=False),
        sa.Column("late_rate_bp", sa.Integer, nullable=False),
        sa.Column("late_floor_bp", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("file_types", JsonText, nullable=False),
        sa.Column("max_file_bytes", sa.BigInteger, nullable=False),
        sa.Column("max_files", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'closed')", name=op.f("ck_assignment_state")),
        sa.CheckConstraint("attempts > 0", name=op.f("ck_assignment_attempts_positive")),
        sa.CheckConstraint("grace_seconds >= 0", name=op.f("ck_assignment_grace_not_negative")),
        sa.CheckConstraint(
            "late_interval_seconds > 0 AND late_rate_bp BETWEEN 0 AND 10000 AND late_floor_bp BETWEEN 0 AND 10000",
            name=op.f("ck_assignment_late_rule"),
        ),
        sa.CheckConstraint("max_file_bytes > 0 AND max_files >= 0", name=op.f("ck_assignment_files")),
        sa.CheckConstraint("number > 0", name=op.f("ck_assignment_number")),
        sa.CheckConstraint("opens_at <= due_at AND due_at <= locks_at", name=op.f("ck_assignment_dates")),
        sa.CheckConstraint("points > 0", name=op.f("ck_assignment_points_positive")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_assignment_space_id_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_space_id", "assignment", ["space_id", "id"], unique=False)
    op.create_index("uq_assignment_number", "assignment", ["number"], unique=True)


def _create_material() -> None:
    op.create_table(
        "material",
        id_column(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("space_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("visible_from", Instant, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint("(kind = 'link') = (url IS NOT NULL)", name=op.f("ck_material_link_has_url")),
        sa.CheckConstraint("kind IN ('text', 'link', 'file')", name=op.f("ck_material_kind")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_material_space_id_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_index("ix_material_space_id", "material", ["space_id", "position", "id"], unique=False)


def _create_assignment_override() -> None:
    op.create_table(
        "assignment_override",
        id_column(),
        sa.Column("assignment_id", sa.BigInteger, nullable=False),
        sa.Column("student_number", sa.BigInteger, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("locks_at", Instant),
        sa.Column("attempts", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("ended_by", sa.Text),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_assignment_override_ended_by_somebody")
        ),
        sa.CheckConstraint("attempts > 0", name=op.f("ck_assignment_override_attempts_positive")),
        sa.CheckConstraint("due_at <= locks_at", name=op.f("ck_assignment_override_dates")),
        sa.CheckConstraint(
            "due_at IS NOT NULL OR locks_at IS NOT NULL OR attempts IS NOT NULL",
            name=op.f("ck_assignment_override_says_something"),
        ),
        sa.CheckConstraint("student_number > 0", name=op.f("ck_assignment_override_student_number")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_override_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_override")),
    )
    op.create_index(
        "ix_assignment_override_assignment_id", "assignment_override", ["assignment_id", "student_number"], unique=False
    )
