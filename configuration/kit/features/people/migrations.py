"""The steps by which a service's migrations bring up persons and the reference data that people are sorted by."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column
from configuration.kit.database.steps import create_index_where

_MAJORS = {
    "CS": "Computer Science", "IT": "Information Technology", "Math": "Mathematics", "Chem": "Chemistry",
    "Agri": "Agriculture", "AgChem": "Agricultural Chemistry", "Phy": "Physics", "Stat": "Statistics",
    "CommArts": "Communication Arts", "FArts": "Fine Arts", "Archi": "Architecture", "Kinetics": "Human Kinetics",
    "Physio": "Physiology", "Psych": "Psychology", "Hist": "History", "Archeo": "Archeology",
    "ChemEng": "Chemical Engineering", "EEng": "Electrical Engineering", "BioChem": "BioChemistry",
    "MathEduc": "Math Education",
}  # fmt: skip


def create_reference_v1() -> None:
    """Departments and majors."""
    for table in ("department", "major"):
        op.create_table(
            table,
            id_column(),
            sa.Column("code", sa.Text, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("external_id", sa.Text),
            sa.Column("retired", sa.Boolean(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"uq_{table}_code", table, ["code"], unique=True)
        op.create_index(f"uq_{table}_external_id", table, ["external_id"], unique=True)
    op.create_index("uq_major_name", "major", ["name"], unique=True)


def create_v1() -> None:
    """Persons, their names and their contacts."""
    _create_person()
    _create_person_name()
    _create_contact()


def create_profile_v1() -> None:
    """Profiles of persons."""
    op.create_table(
        "profile",
        id_column(),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("stated_at", Instant),
        sa.Column("stated_by", sa.Text),
        sa.CheckConstraint("version > 0", name=op.f("ck_profile_version")),
        sa.CheckConstraint("(stated_at IS NULL) = (stated_by IS NULL)", name=op.f("ck_profile_stated")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_profile_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
    )
    op.create_index("uq_profile_person_id", "profile", ["person_id"], unique=True)


def insert_majors_v1() -> None:
    """The book's twenty majors."""
    major = sa.table("major", *(sa.column(name) for name in ("code", "name", "retired")))
    op.bulk_insert(major, [{"code": code, "name": name, "retired": False} for code, name in _MAJORS.items()])


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
    create_index_where("uq_person_name_present", "person_name", ["person_id", "kind"], "valid_until IS NULL")


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
