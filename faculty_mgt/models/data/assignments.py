"""Assignments, and what is different for single students."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from configuration.kit.database import Hundredths, Instant, JsonText, id_column
from faculty_mgt.domain.assigning import STATES, Leeway, State, Window
from faculty_mgt.domain.lateness import LateRule
from faculty_mgt.models.data.base import metadata, one_of

# `number` is the book's assgn_id. `file_types` lists media types; an empty list takes any. Rates are basis points: a
# `late_rate_bp` of 1000 takes a tenth of the points for each begun interval.
assignment = Table(
    "assignment",
    metadata,
    id_column(),
    Column("number", BigInteger),
    Column("version", BigInteger, nullable=False),
    Column("space_id", BigInteger, ForeignKey("space.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("points", Hundredths, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("locks_at", Instant, nullable=False),
    Column("grace_seconds", Integer, nullable=False),
    Column("late_interval_seconds", Integer, nullable=False),
    Column("late_rate_bp", Integer, nullable=False),
    Column("late_floor_bp", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("file_types", JsonText, nullable=False),
    Column("max_file_bytes", BigInteger, nullable=False),
    Column("max_files", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    one_of("state", STATES),
    CheckConstraint("number > 0", name="number"),
    CheckConstraint("points > 0", name="points_positive"),
    CheckConstraint("opens_at <= due_at AND due_at <= locks_at", name="dates"),
    CheckConstraint("grace_seconds >= 0", name="grace_not_negative"),
    CheckConstraint(
        "late_interval_seconds > 0 AND late_rate_bp BETWEEN 0 AND 10000 AND late_floor_bp BETWEEN 0 AND 10000",
        name="late_rule",
    ),
    CheckConstraint("attempts > 0", name="attempts_positive"),
    CheckConstraint("max_file_bytes > 0 AND max_files >= 0", name="files"),
    Index("uq_assignment_number", "number", unique=True),
    Index("ix_assignment_space_id", "space_id", "id"),
)

# What is empty stays as the assignment says. Several may hold for one student: the most generous value of each wins.
# An override that was a mistake is ended, never removed.
assignment_override = Table(
    "assignment_override",
    metadata,
    id_column(),
    Column("assignment_id", BigInteger, ForeignKey("assignment.id"), nullable=False),
    Column("student_number", BigInteger, nullable=False),
    Column("due_at", Instant),
    Column("locks_at", Instant),
    Column("attempts", Integer),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    CheckConstraint("student_number > 0", name="student_number"),
    CheckConstraint("due_at IS NOT NULL OR locks_at IS NOT NULL OR attempts IS NOT NULL", name="says_something"),
    CheckConstraint("due_at <= locks_at", name="dates"),
    CheckConstraint("attempts > 0", name="attempts_positive"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
    Index("ix_assignment_override_assignment_id", "assignment_id", "student_number"),
)


@dataclass(frozen=True, slots=True)
class Assignment(LateRule):
    """An assignment as its teachers set it. The late rule's four values come first."""

    id: int
    number: int | None
    version: int
    space_id: int
    title: str
    body: str
    points: Decimal
    opens_at: datetime
    due_at: datetime
    locks_at: datetime
    attempts: int
    file_types: list[str]
    max_file_bytes: int
    max_files: int
    state: State

    @property
    def window(self) -> Window:
        """Until when and how often work is taken from whom nothing else was granted."""
        return Window(self.due_at, self.locks_at, self.attempts)


@dataclass(frozen=True, slots=True)
class Override(Leeway):
    """What is different for one student."""

    id: int
    assignment_id: int
    student_number: int
    reason: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str | None
