"""Persons of the faculty service: those who teach, and the deans."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Table, Text

from configuration.kit.database import Instant, id_column
from faculty_mgt.models.data.base import metadata, one_of, unique_where

NAME_KINDS = ("legal", "preferred")
CONTACT_KINDS = ("email", "phone", "postal")

# `number` is the person reference's: `faculty:<number>`. An erased person keeps number and id, and nothing else.
person = Table(
    "person",
    metadata,
    id_column(),
    Column("number", BigInteger, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("birth_date", Date),
    Column("external_id", Text),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("erased_at", Instant),
    CheckConstraint("number > 0", name="number"),
    Index("uq_person_number", "number", unique=True),
    Index("uq_person_external_id", "external_id", unique=True),
)

# Names are dated, never overwritten; the family name may be empty.
person_name = Table(
    "person_name",
    metadata,
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("middle_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant),
    one_of("kind", NAME_KINDS),
    CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="dates"),
    unique_where("uq_person_name_present", "person_id", "kind", where="valid_until IS NULL"),
    Index("ix_person_name_person_id", "person_id"),
)

contact = Table(
    "contact",
    metadata,
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("verified_at", Instant),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant),
    one_of("kind", CONTACT_KINDS),
    CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="dates"),
    Index("ix_contact_person_id", "person_id"),
)
