"""Students and their studies."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Table, Text

from configuration.kit.database import Hundredths, Instant, id_column
from configuration.kit.features.people.model import Profile, SpellOnRecord
from student_mgt.domain.studies import KINDS, LOADS, STATUSES
from student_mgt.models.data.base import metadata, one_of

STANDINGS = ("good", "probation", "suspended")
SOURCES = ("manual", "grades")

# A person who is, or was, a student. The student's number is the person's.
student = Table(
    "student",
    metadata,
    id_column(),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("standing", Text, nullable=False),
    Column("admitted_at", Instant, nullable=False),
    Column("admitted_by", Text, nullable=False),
    one_of("standing", STANDINGS),
    Index("uq_student_person_id", "person_id", unique=True),
)

# Studies are dated and never overwritten; somebody may have several.
study = Table(
    "study",
    metadata,
    id_column(),
    Column("student_id", BigInteger, ForeignKey("student.id"), nullable=False),
    Column("programme", Text),
    Column("major_id", BigInteger, ForeignKey("major.id")),
    Column("department_id", BigInteger, ForeignKey("department.id")),
    Column("kind", Text, nullable=False),
    Column("load", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("external_id", Text),
    one_of("kind", KINDS),
    one_of("load", LOADS),
    one_of("status", STATUSES),
    CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
    Index("ix_study_student_id", "student_id"),
    Index("uq_study_external_id", "external_id", unique=True),
)

# What a student has earned, as of an instant: set by hand until grades are posted here. The latest row counts.
earned_credits = Table(
    "earned_credits",
    metadata,
    id_column(),
    Column("student_id", BigInteger, ForeignKey("student.id"), nullable=False),
    Column("credits", Hundredths, nullable=False),
    Column("source", Text, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("credits >= 0", name="credits"),
    one_of("source", SOURCES),
    Index("ix_earned_credits_student_id", "student_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOnRecord(SpellOnRecord):
    """A study as the registrar's record has it."""

    programme: str | None
    load: str
    status: str


@dataclass(frozen=True, slots=True)
class LevelRuleRow:
    """From how many credits on a student is of a level."""

    id: int
    level: str
    programme: str | None
    credits_from: Decimal


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student, and what they have earned so far."""

    id: int
    standing: str
    credits: Decimal | None
    credits_as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentProfile(Profile):
    """A student's record. The level follows from the credits; staff of the registrar have neither."""

    standing: str | None
    earned_credits: Decimal | None
    credits_as_of: datetime | None
    level: str | None
