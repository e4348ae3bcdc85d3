"""Persons, their names and contacts, and their appointments."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column


def create() -> None:
    """Create the tables."""
    _create_person()
    _create_person_name()
    _create_contact()
    _create_appointment()


def _create_person() -> None:
    op.create_table(
        "person",
        id_column(),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Date),
        sa.Column("external_id", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("erased_at", Instant),
        sa.CheckConstraint("number > 0", name=op.f("ck_person_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("uq_person_external_id", "person", ["external_id"], unique=True)
    op.create_index("uq_person_number", "person", ["number"], unique=True)


def _create_person_name() -> None:
    op.create_table(
        "person_name",
        id_column(),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("given_name", sa.Text, nullable=False),
        sa.Column("middle_name", sa.Text, nullable=False),
        sa.Column("family_name", sa.Text, nullable=False),
        sa.Column("valid_from", Instant, nullable=False),
        sa.Column("valid_until", Instant),
        sa.CheckConstraint("kind IN ('legal', 'preferred')", name=op.f("ck_person_name_kind")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name=op.f("ck_person_name_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_name_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_name")),
    )
    op.create_index("ix_person_name_person_id", "person_name", ["person_id"])
    op.create_index(
        "uq_person_name_present",
        "person_name",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=sa.text("valid_until IS NULL"),
        postgresql_where=sa.text("valid_until IS NULL"),
    )


def _create_contact() -> None:
    op.create_table(
        "contact",
        id_column(),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("verified_at", Instant),
        sa.Column("valid_from", Instant, nullable=False),
        sa.Column("valid_until", Instant),
        sa.CheckConstraint("kind IN ('email', 'phone', 'postal')", name=op.f("ck_contact_kind")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name=op.f("ck_contact_dates")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_person_id", "contact", ["person_id"])


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
