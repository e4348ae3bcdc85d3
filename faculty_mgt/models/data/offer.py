"""What the faculty offers: courses, terms, and the sections in which a course is taught in a term."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from configuration.kit.database import Hundredths, Instant, id_column
from faculty_mgt.domain.sections import STATES, TEACHING_ROLES, State, TeachingRole
from faculty_mgt.models.data.base import metadata, one_of, unique_where

course = Table(
    "course",
    metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("credits", Hundredths, nullable=False),
    Column("department_id", BigInteger, ForeignKey("department.id")),
    Column("external_id", Text),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    CheckConstraint("credits >= 0", name="credits_not_negative"),
    Index("uq_course_code", "code", unique=True),
    Index("uq_course_external_id", "external_id", unique=True),
)

term = Table(
    "term",
    metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("add_by", Date, nullable=False),
    Column("drop_by", Date, nullable=False),
    Column("withdraw_by", Date, nullable=False),
    Column("grades_due", Date, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    CheckConstraint(
        "starts_on <= ends_on AND add_by <= withdraw_by AND drop_by <= withdraw_by AND withdraw_by <= ends_on "
        "AND starts_on <= grades_due",
        name="dates",
    ),
    Index("uq_term_code", "code", unique=True),
)

# A teaching space is what its sections share: materials, announcements and assignments. Seats and rosters stay with
# each section.
space = Table(
    "space",
    metadata,
    id_column(),
    Column("title", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
)

section = Table(
    "section",
    metadata,
    id_column(),
    Column("version", BigInteger, nullable=False),
    Column("course_id", BigInteger, ForeignKey("course.id"), nullable=False),
    Column("term_id", BigInteger, ForeignKey("term.id"), nullable=False),
    Column("space_id", BigInteger, ForeignKey("space.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    one_of("state", STATES),
    CheckConstraint("capacity >= 0", name="capacity_not_negative"),
    UniqueConstraint("course_id", "term_id", "code"),
    Index("ix_section_term_id", "term_id", "id"),
    Index("ix_section_space_id", "space_id"),
)

# Who teaches a section, from when until when: whoever may see a space's work is read from here, at this moment.
teaching = Table(
    "teaching",
    metadata,
    id_column(),
    Column("section_id", BigInteger, ForeignKey("section.id"), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    one_of("role", TEACHING_ROLES),
    CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
    unique_where("uq_teaching_open", "section_id", "person_id", where="valid_until IS NULL"),
    Index("ix_teaching_section_id", "section_id", "id"),
    Index("ix_teaching_person_id", "person_id"),
)


@dataclass(frozen=True, slots=True)
class Course:
    """A course of the catalogue."""

    id: int
    code: str
    title: str
    credits: Decimal
    department_id: int | None
    external_id: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """A term and the days by which things are done in it."""

    id: int
    code: str
    name: str
    starts_on: date
    ends_on: date
    add_by: date
    drop_by: date
    withdraw_by: date
    grades_due: date


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section's own row."""

    id: int
    version: int
    course_id: int
    term_id: int
    space_id: int
    code: str
    state: State
    capacity: int


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with what its course and term are called."""

    id: int
    version: int
    course_id: int
    course: str
    title: str
    term_id: int
    term: str
    space_id: int
    code: str
    state: State
    capacity: int


@dataclass(frozen=True, slots=True)
class TeachingView:
    """Who teaches a section, as what, from when until when."""

    id: int
    section_id: int
    person: int
    display_name: str
    role: TeachingRole
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class TeachingRow:
    """A line of a teaching list, by itself."""

    id: int
    section_id: int
    person_id: int
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Space:
    """A teaching space."""

    id: int
    title: str
