"""Marks: versions that are only ever added to, and released to their student or not."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from configuration.kit.database import Hundredths, Instant, id_column
from faculty_mgt.models.data.base import metadata

# Version n needs version n - 1. Of a row nothing ever changes but that it is released, once.
mark = Table(
    "mark",
    metadata,
    id_column(),
    Column("assignment_id", BigInteger, nullable=False),
    Column("student_number", BigInteger, nullable=False),
    Column("submission_id", BigInteger, ForeignKey("submission.id")),
    Column("version", Integer, nullable=False),
    Column("previous", Integer),
    Column("raw", Hundredths),
    Column("deduction", Hundredths, nullable=False),
    Column("final", Hundredths),
    Column("excused", Boolean, nullable=False),
    Column("missing", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("marked_by", Text, nullable=False),
    Column("marked_at", Instant, nullable=False),
    Column("released_at", Instant),
    Column("released_by", Text),
    CheckConstraint(
        "(version = 1 AND previous IS NULL) OR (version > 1 AND previous IS NOT NULL AND previous = version - 1)",
        name="contiguous",
    ),
    CheckConstraint("excused = (raw IS NULL) AND excused = (final IS NULL)", name="excused_has_no_points"),
    CheckConstraint("deduction >= 0 AND (raw IS NOT NULL OR deduction = 0)", name="deduction"),
    CheckConstraint("raw IS NULL OR (deduction <= raw AND final = raw - deduction)", name="final"),
    CheckConstraint("NOT missing OR (submission_id IS NULL AND raw = 0)", name="missing_has_no_work"),
    CheckConstraint("released_at >= marked_at", name="released_after"),
    CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released_by_somebody"),
    ForeignKeyConstraint(
        ["assignment_id", "student_number"], ["work.assignment_id", "work.student_number"], name="fk_mark_work"
    ),
    ForeignKeyConstraint(
        ["assignment_id", "student_number", "previous"],
        ["mark.assignment_id", "mark.student_number", "mark.version"],
        name="fk_mark_previous",
    ),
    UniqueConstraint("assignment_id", "student_number", "version"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One version of a mark."""

    id: int
    assignment_id: int
    student_number: int
    submission_id: int | None
    version: int
    raw: Decimal | None
    deduction: Decimal
    final: Decimal | None
    excused: bool
    missing: bool
    comment: str
    marked_by: str
    marked_at: datetime
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnMark:
    """A mark as its student sees it: the latest that was released."""

    id: int
    assignment_id: int
    assignment_number: int | None
    title: str
    points: Decimal
    submission_id: int | None
    version: int
    raw: Decimal | None
    deduction: Decimal
    final: Decimal | None
    excused: bool
    missing: bool
    comment: str
    released_at: datetime
