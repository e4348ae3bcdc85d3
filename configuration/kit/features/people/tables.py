"""The tables of persons and of what they are sorted by, alike in every service that vouches for people.

Statements name the tables of this module. A service's own tables refer to them by name (`ForeignKey("person.id")`), so
`describe_in` writes them into the service's MetaData too.
"""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, MetaData, Table, Text

from configuration.kit.database import NAMING, Instant, id_column, one_of, unique_where

NAME_KINDS = ("legal", "preferred")
CONTACT_KINDS = ("email", "phone", "postal")

_metadata = MetaData(naming_convention=NAMING)

# `number` is the person reference's: `student:<number>`. An erased person keeps number and id, and nothing else.
person = Table(
    "person",
    _metadata,
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
    _metadata,
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
    _metadata,
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

# The `id` is what grants for one department name: `department:<id>`.
department = Table(
    "department",
    _metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
    Column("retired", Boolean, nullable=False),
    Index("uq_department_code", "code", unique=True),
    Index("uq_department_external_id", "external_id", unique=True),
)

# The book's majors: what somebody studies, or teaches.
major = Table(
    "major",
    _metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
    Column("retired", Boolean, nullable=False),
    Index("uq_major_code", "code", unique=True),
    Index("uq_major_name", "name", unique=True),
    Index("uq_major_external_id", "external_id", unique=True),
)

# The version counts every change of a person's record; that it was stated in full, once, and by whom stands beside it.
profile = Table(
    "profile",
    _metadata,
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("stated_at", Instant),
    Column("stated_by", Text),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint("(stated_at IS NULL) = (stated_by IS NULL)", name="stated"),
    Index("uq_profile_person_id", "person_id", unique=True),
)

TABLES = (person, person_name, contact, department, major, profile)


def describe_in(metadata: MetaData) -> None:
    """Make the tables part of a service's database, where its own tables refer to them by name."""
    for table in TABLES:
        table.to_metadata(metadata)
