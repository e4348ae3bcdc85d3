"""Hours of locations, closures with what they moved, and the days on which terms end."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column


def create() -> None:
    """Create the tables, and the schedule without an end."""
    _calendar()
    _closure()
    _calendar_exception()
    _closure_shift()
    _terms()


def _calendar() -> None:
    op.create_table(
        "calendar",
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_calendar_location_location")),
        sa.PrimaryKeyConstraint("location", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_hours",
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("weekday", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("opens", sa.Time, nullable=False),
        sa.Column("closes", sa.Time, nullable=False),
        sa.CheckConstraint("closes > opens", name=op.f("ck_calendar_hours_closes_after_opens")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_calendar_hours_weekday_of_seven")),
        sa.ForeignKeyConstraint(
            ["location"], ["calendar.location"], name=op.f("fk_calendar_hours_location_calendar"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("location", "weekday", name=op.f("pk_calendar_hours")),
    )


def _closure() -> None:
    op.create_table(
        "closure",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("planned_at", Instant, nullable=False),
        sa.Column("planned_by", sa.Text, nullable=False),
        sa.Column("applied_at", Instant),
        sa.Column("undone_at", Instant),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_closure_ends_after_beginning")),
        sa.CheckConstraint("state IN ('PLANNED', 'APPLIED', 'UNDONE')", name=op.f("ck_closure_state")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_closure_location_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_location", "closure", ["location", "id"])


def _calendar_exception() -> None:
    op.create_table(
        "calendar_exception",
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("opens", sa.Time),
        sa.Column("closes", sa.Time),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("closure_id", sa.BigInteger),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_calendar_exception_opens_and_closes")),
        sa.CheckConstraint("closes > opens", name=op.f("ck_calendar_exception_closes_after_opens")),
        sa.CheckConstraint("closure_id IS NULL OR opens IS NULL", name=op.f("ck_calendar_exception_closure_closes")),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_calendar_exception_closure_id_closure")),
        sa.ForeignKeyConstraint(
            ["location"],
            ["calendar.location"],
            name=op.f("fk_calendar_exception_location_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("location", "day", name=op.f("pk_calendar_exception")),
    )
    op.create_index("ix_calendar_exception_closure_id", "calendar_exception", ["closure_id"])


def _closure_shift() -> None:
    op.create_table(
        "closure_shift",
        id_column(),
        sa.Column("closure_id", sa.BigInteger, nullable=False),
        sa.Column("loan_id", sa.BigInteger),
        sa.Column("request_id", sa.BigInteger),
        sa.Column("was", Instant, nullable=False),
        sa.Column("becomes", Instant, nullable=False),
        sa.Column("made_version", sa.Integer, nullable=False),
        sa.Column("undone", sa.Text),
        sa.CheckConstraint("(loan_id IS NULL) <> (request_id IS NULL)", name=op.f("ck_closure_shift_one_thing")),
        sa.CheckConstraint("undone IN ('restored', 'kept')", name=op.f("ck_closure_shift_undone")),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_closure_shift_closure_id_closure")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_closure_shift_loan_id_loan")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_closure_shift_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_shift")),
    )
    op.create_index("ix_closure_shift_closure_id", "closure_shift", ["closure_id", "id"])
    op.create_index("ix_closure_shift_loan_id", "closure_shift", ["loan_id"])
    op.create_index("ix_closure_shift_request_id", "closure_shift", ["request_id"])


def _terms() -> None:
    schedules = op.create_table(
        "term_schedule",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_term_schedule")),
    )
    op.create_table(
        "term",
        sa.Column("schedule", sa.Text, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["schedule"], ["term_schedule.code"], name=op.f("fk_term_schedule_term_schedule")),
        sa.PrimaryKeyConstraint("schedule", "last_day", name=op.f("pk_term")),
    )
    op.bulk_insert(schedules, [{"code": "none", "name": "No term ends a loan", "version": 1}])
