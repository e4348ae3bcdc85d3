"""Courses, terms, teaching spaces, sections, and who teaches them."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Hundredths, Instant, id_column
from configuration.kit.database.steps import create_index_where


def create() -> None:
    """Create the tables."""
    _create_course()
    _create_term()
    _create_space()
    _create_section()
    _create_teaching()


def _create_space() -> None:
    op.create_table(
        "space",
        id_column(),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space")),
    )


def _create_term() -> None:
    op.create_table(
        "term",
        id_column(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("add_by", sa.Date, nullable=False),
        sa.Column("drop_by", sa.Date, nullable=False),
        sa.Column("withdraw_by", sa.Date, nullable=False),
        sa.Column("grades_due", sa.Date, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.CheckConstraint(
            "starts_on <= ends_on AND add_by <= withdraw_by AND drop_by <= withdraw_by AND withdraw_by <= ends_on "
            "AND starts_on <= grades_due",
            name=op.f("ck_term_dates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
    op.create_index("uq_term_code", "term", ["code"], unique=True)


def _create_course() -> None:
    op.create_table(
        "course",
        id_column(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("credits", Hundredths, nullable=False),
        sa.Column("department_id", sa.BigInteger),
        sa.Column("external_id", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.CheckConstraint("credits >= 0", name=op.f("ck_course_credits_not_negative")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_course_department_id_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_index("uq_course_code", "course", ["code"], unique=True)
    op.create_index("uq_course_external_id", "course", ["external_id"], unique=True)


def _create_section() -> None:
    op.create_table(
        "section",
        id_column(),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("course_id", sa.BigInteger, nullable=False),
        sa.Column("term_id", sa.BigInteger, nullable=False),
        sa.Column("space_id", sa.BigInteger, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed', 'cancelled', 'in_progress', 'grading', 'final')",
            name=op.f("ck_section_state"),
        ),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_section_capacity_not_negative")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_section_course_id_course")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_section_space_id_space")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_section_term_id_term")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("course_id", "term_id", "code", name=op.f("uq_section_course_id_term_id_code")),
    )
    op.create_index("ix_section_space_id", "section", ["space_id"], unique=False)
    op.create_index("ix_section_term_id", "section", ["term_id", "id"], unique=False)


def _create_teaching() -> None:
    op.create_table(
        "teaching",
        id_column(),
        sa.Column("section_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("valid_from", Instant, nullable=False),
        sa.Column("valid_until", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.CheckConstraint("role IN ('lead', 'assistant', 'grader')", name=op.f("ck_teaching_role")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_teaching_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_teaching_person_id_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_teaching_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teaching")),
    )
    op.create_index("ix_teaching_person_id", "teaching", ["person_id"], unique=False)
    op.create_index("ix_teaching_section_id", "teaching", ["section_id", "id"], unique=False)
    create_index_where("uq_teaching_open", "teaching", ["section_id", "person_id"], "valid_until IS NULL")
