"""Persons and their appointments."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import id_column
from configuration.kit.features.people import migrations as people


def create() -> None:
    """Create the tables."""
    people.create_v1()
    _create_appointment()


def _create_appointment() -> None:
    op.create_table(
        "appointment",
        id_column(),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("department_id", sa.BigInteger),
        sa.Column("major_id", sa.BigInteger),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("external_id", sa.Text),
        sa.CheckConstraint(
            "kind IN ('lecturer', 'assistant', 'visiting', 'administration')", name=op.f("ck_appointment_kind")
        ),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_appointment_dates")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_appointment_department_id_department")
        ),
        sa.ForeignKeyConstraint(["major_id"], ["major.id"], name=op.f("fk_appointment_major_id_major")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_person_id", "appointment", ["person_id"])
    op.create_index("uq_appointment_external_id", "appointment", ["external_id"], unique=True)
