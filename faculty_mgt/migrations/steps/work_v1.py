"""Submissions, marks and workbins, and what keeps them from being changed afterwards."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Hundredths, Instant, id_column

_NEVER_CHANGED = ("submission", "submission_file")
_OF_A_MARK = (
    "id", "assignment_id", "student_number", "submission_id", "version", "previous", "raw", "deduction", "final",
    "excused", "missing", "comment", "marked_by", "marked_at",
)  # fmt: skip


def create() -> None:
    """Create the tables and their guards."""
    _create_work()
    _create_submission()
    _create_submission_file()
    _create_mark()
    _create_workbin()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _create_work() -> None:
    op.create_table(
        "work",
        id_column(),
        sa.Column("assignment_id", sa.BigInteger, nullable=False),
        sa.Column("student_number", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("marks", sa.Integer, nullable=False),
        sa.CheckConstraint("student_number > 0", name=op.f("ck_work_student_number")),
        sa.CheckConstraint("attempts >= 0 AND marks >= 0 AND attempts + marks > 0", name=op.f("ck_work_counts")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_work_assignment_id_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("assignment_id", "student_number", name=op.f("uq_work_assignment_id_student_number")),
    )
    op.create_index("ix_work_assignment_id", "work", ["assignment_id", "id"])
    op.create_index("ix_work_student_number", "work", ["student_number", "id"])


def _create_submission() -> None:
    op.create_table(
        "submission",
        id_column(),
        sa.Column("assignment_id", sa.BigInteger, nullable=False),
        sa.Column("student_number", sa.BigInteger, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("previous", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("seconds_late", sa.BigInteger, nullable=False),
        sa.Column("on_behalf_by", sa.Text),
        sa.Column("attested_at", Instant),
        sa.Column("reason", sa.Text),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.CheckConstraint(
            "(attempt = 1 AND previous IS NULL) OR (attempt > 1 AND previous IS NOT NULL AND previous = attempt - 1)",
            name=op.f("ck_submission_contiguous"),
        ),
        sa.CheckConstraint("seconds_late >= 0", name=op.f("ck_submission_seconds_late")),
        sa.CheckConstraint(
            "(on_behalf_by IS NULL) = (attested_at IS NULL) AND (on_behalf_by IS NULL) = (reason IS NULL)",
            name=op.f("ck_submission_on_behalf_whole"),
        ),
        sa.CheckConstraint("attested_at <= received_at", name=op.f("ck_submission_attested_before")),
        sa.ForeignKeyConstraint(
            ["assignment_id", "student_number"],
            ["work.assignment_id", "work.student_number"],
            name="fk_submission_work",
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id", "student_number", "previous"],
            ["submission.assignment_id", "submission.student_number", "submission.attempt"],
            name="fk_submission_previous",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "assignment_id",
            "student_number",
            "attempt",
            name=op.f("uq_submission_assignment_id_student_number_attempt"),
        ),
    )
    op.create_index("ix_submission_student_number", "submission", ["student_number", "id"])


def _create_submission_file() -> None:
    op.create_table(
        "submission_file",
        sa.Column("submission_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("stored_file_id", sa.BigInteger, nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_submission_file_position")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_file_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f("fk_submission_file_stored_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_submission_file")),
    )
    op.create_index("ix_submission_file_stored_file_id", "submission_file", ["stored_file_id"])


def _create_mark() -> None:
    op.create_table(
        "mark",
        id_column(),
        sa.Column("assignment_id", sa.BigInteger, nullable=False),
        sa.Column("student_number", sa.BigInteger, nullable=False),
        sa.Column("submission_id", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("previous", sa.Integer),
        sa.Column("raw", Hundredths),
        sa.Column("deduction", Hundredths, nullable=False),
        sa.Column("final", Hundredths),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("marked_by", sa.Text, nullable=False),
        sa.Column("marked_at", Instant, nullable=False),
        sa.Column("released_at", Instant),
        sa.Column("released_by", sa.Text),
        *_checks_of_mark(),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_mark_submission_id_submission")),
        sa.ForeignKeyConstraint(
            ["assignment_id", "student_number"], ["work.assignment_id", "work.student_number"], name="fk_mark_work"
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id", "student_number", "previous"],
            ["mark.assignment_id", "mark.student_number", "mark.version"],
            name="fk_mark_previous",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint(
            "assignment_id", "student_number", "version", name=op.f("uq_mark_assignment_id_student_number_version")
        ),
    )


def _checks_of_mark() -> list[sa.CheckConstraint]:
    checks = {
        "contiguous": "(version = 1 AND previous IS NULL)"
        " OR (version > 1 AND previous IS NOT NULL AND previous = version - 1)",
        "excused_has_no_points": "excused = (raw IS NULL) AND excused = (final IS NULL)",
        "deduction": "deduction >= 0 AND (raw IS NOT NULL OR deduction = 0)",
        "final": "raw IS NULL OR (deduction <= raw AND final = raw - deduction)",
        "missing_has_no_work": "NOT missing OR (submission_id IS NULL AND raw = 0)",
        "released_after": "released_at >= marked_at",
        "released_by_somebody": "(released_at IS NULL) = (released_by IS NULL)",
    }
    return [sa.CheckConstraint(condition, name=op.f(f"ck_mark_{name}")) for name, condition in checks.items()]


def _create_workbin() -> None:
    op.create_table(
        "workbin",
        id_column(),
        sa.Column("student_number", sa.BigInteger, nullable=False),
        sa.Column("lecturer_id", sa.BigInteger, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.CheckConstraint("student_number > 0", name=op.f("ck_workbin_student_number")),
        sa.ForeignKeyConstraint(["lecturer_id"], ["person.id"], name=op.f("fk_workbin_lecturer_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbin")),
        sa.UniqueConstraint("student_number", "lecturer_id", name=op.f("uq_workbin_student_number_lecturer_id")),
    )
    op.create_index("ix_workbin_lecturer_id", "workbin", ["lecturer_id", "id"])


def _guard_postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
        """
    )
    for table in _NEVER_CHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION never_changed()"
        )
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _OF_A_MARK)
    op.execute(
        f"CREATE TRIGGER mark_stays BEFORE UPDATE ON mark FOR EACH ROW "
        f"WHEN (OLD.released_at IS NOT NULL OR {changed}) EXECUTE FUNCTION never_changed()"
    )


def _guard_sqlite() -> None:
    for table in _NEVER_CHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _OF_A_MARK)
    op.execute(
        f"CREATE TRIGGER mark_stays BEFORE UPDATE ON mark WHEN OLD.released_at IS NOT NULL OR {changed} "
        f"BEGIN SELECT RAISE(ABORT, 'mark is append-only'); END"
    )
