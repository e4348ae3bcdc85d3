"""Persons; students and their studies."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column
from configuration.kit.features.people import migrations as people


def create() -> None:
    """Create the tables."""
    people.create_v1()
    _create_student()
    _create_study()


def _create_student() -> None:
    op.create_table(
        "student",
        id_column(),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("admitted_at", Instant, nullable=False),
        sa.Column("admitted_by", sa.Text, nullable=False),
        sa.CheckConstraint("standing IN ('good', 'probation', 'suspended')", name=op.f("ck_student_standing")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_student_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
    )
    op.create_index("uq_student_person_id", "student", ["person_id"], unique=True)


def _create_study() -> None:
    op.create_table(
        "study",
        id_column(),
        sa.Column("student_id", sa.BigInteger, nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("major_id", sa.BigInteger),
        sa.Column("department_id", sa.BigInteger),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("load", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("external_id", sa.Text),
        sa.CheckConstraint("kind IN ('degree', 'visiting', 'exchange', 'non_degree')", name=op.f("ck_study_kind")),
        sa.CheckConstraint("load IN ('full', 'part')", name=op.f("ck_study_load")),
        sa.CheckConstraint(
            "status IN ('active', 'leave', 'completed', 'withdrawn', 'dismissed')", name=op.f("ck_study_status")
        ),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_study_dates")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_study_department_id_department")),
        sa.ForeignKeyConstraint(["major_id"], ["major.id"], name=op.f("fk_study_major_id_major")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_study_student_id_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
    )
    op.create_index("ix_study_student_id", "study", ["student_id"])
    op.create_index("uq_study_external_id", "study", ["external_id"], unique=True)
