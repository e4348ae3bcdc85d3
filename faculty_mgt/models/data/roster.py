"""Who attends a section, as a snapshot with versions: each version stays readable after the next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
)

from configuration.kit.database import Instant, id_column
from faculty_mgt.models.data.base import metadata, one_of, unique_where

SOURCES = ("manual", "events")

# One row per version of a section's roster; the newest is the present one. Append-only: two who set the same version
# meet at its key, and the second is told.
roster = Table(
    "roster",
    metadata,
    id_column(),
    Column("section_id", BigInteger, ForeignKey("section.id"), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    one_of("source", SOURCES),
    CheckConstraint("version > 0", name="version"),
    UniqueConstraint("section_id", "version"),
)

# A student is on version n when added_version <= n and (removed_version is empty or > n).
roster_entry = Table(
    "roster_entry",
    metadata,
    id_column(),
    Column("section_id", BigInteger, nullable=False),
    Column("student_number", BigInteger, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("added_version", BigInteger, nullable=False),
    Column("removed_version", BigInteger),
    CheckConstraint("removed_version > added_version", name="versions"),
    CheckConstraint("student_number > 0", name="student_number"),
    ForeignKeyConstraint(
        ["section_id", "added_version"], ["roster.section_id", "roster.version"], name="fk_roster_entry_added_roster"
    ),
    ForeignKeyConstraint(
        ["section_id", "removed_version"],
        ["roster.section_id", "roster.version"],
        name="fk_roster_entry_removed_roster",
    ),
    unique_where("uq_roster_entry_present", "section_id", "student_number", where="removed_version IS NULL"),
    Index("ix_roster_entry_student_number", "student_number"),
)


@dataclass(frozen=True, slots=True)
class RosterVersion:
    """One version of a section's roster: as of when, where it came from, and who set it."""

    section_id: int
    version: int
    as_of: datetime
    source: str
    set_by: str


@dataclass(frozen=True, slots=True)
class Attendee:
    """A student on a roster."""

    student_number: int
    display_name: str
