"""Work that was handed in: attempts that never change, with their files and receipts."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from configuration.kit.database import Instant, id_column
from configuration.kit.features.files.tables import stored_file
from faculty_mgt.models.data.base import metadata

# All work of one student for one assignment: how many attempts and how many versions of its mark there are. Whoever
# adds one raises the count first, and so waits for everybody else who does.
work = Table(
    "work",
    metadata,
    id_column(),
    Column("assignment_id", BigInteger, ForeignKey("assignment.id"), nullable=False),
    Column("student_number", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("marks", Integer, nullable=False),
    CheckConstraint("student_number > 0", name="student_number"),
    CheckConstraint("attempts >= 0 AND marks >= 0 AND attempts + marks > 0", name="counts"),
    UniqueConstraint("assignment_id", "student_number"),
    Index("ix_work_student_number", "student_number", "id"),
    Index("ix_work_assignment_id", "assignment_id", "id"),
)

# Attempt n needs attempt n - 1: the numbers have no gaps.
submission = Table(
    "submission",
    metadata,
    id_column(),
    Column("assignment_id", BigInteger, nullable=False),
    Column("student_number", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("previous", Integer),
    Column("text", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("seconds_late", BigInteger, nullable=False),
    Column("on_behalf_by", Text),
    Column("attested_at", Instant),
    Column("reason", Text),
    Column("receipt", Text, nullable=False),
    CheckConstraint(
        "(attempt = 1 AND previous IS NULL) OR (attempt > 1 AND previous IS NOT NULL AND previous = attempt - 1)",
        name="contiguous",
    ),
    CheckConstraint("seconds_late >= 0", name="seconds_late"),
    CheckConstraint(
        "(on_behalf_by IS NULL) = (attested_at IS NULL) AND (on_behalf_by IS NULL) = (reason IS NULL)",
        name="on_behalf_whole",
    ),
    CheckConstraint("attested_at <= received_at", name="attested_before"),
    ForeignKeyConstraint(
        ["assignment_id", "student_number"],
        ["work.assignment_id", "work.student_number"],
        name="fk_submission_work",
    ),
    ForeignKeyConstraint(
        ["assignment_id", "student_number", "previous"],
        ["submission.assignment_id", "submission.student_number", "submission.attempt"],
        name="fk_submission_previous",
    ),
    UniqueConstraint("assignment_id", "student_number", "attempt"),
    Index("ix_submission_student_number", "student_number", "id"),
)

submission_file = Table(
    "submission_file",
    metadata,
    Column("submission_id", BigInteger, ForeignKey("submission.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("stored_file_id", BigInteger, ForeignKey(stored_file.c.id), nullable=False),
    CheckConstraint("position > 0", name="position"),
    Index("ix_submission_file_stored_file_id", "stored_file_id"),
)


@dataclass(frozen=True, slots=True)
class SubmissionFile:
    """A file of a submission."""

    submission_id: int
    position: int
    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt."""

    id: int
    assignment_id: int
    student_number: int
    attempt: int
    text: str
    received_at: datetime
    seconds_late: int
    on_behalf_by: str | None
    attested_at: datetime | None
    reason: str | None
    receipt: str
    files: list[SubmissionFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Work:
    """All work of one student for one assignment. `attempts` and `marks` count what there is of each."""

    id: int
    assignment_id: int
    student_number: int
    attempts: int
    marks: int


@dataclass(frozen=True, slots=True)
class Queued:
    """A line of the queue: whose work, its latest attempt, and how far its mark is."""

    id: int
    assignment_id: int
    student_number: int
    display_name: str | None
    attempts: int
    submission_id: int | None
    received_at: datetime | None
    seconds_late: int | None
    version: int
    marked_submission_id: int | None
    released_at: datetime | None

    @property
    def state(self) -> str:
        """`unmarked`, also when a later attempt came after the mark; `marked`; `released`."""
        if not self.version or (self.submission_id is not None and self.submission_id != self.marked_submission_id):
            return "unmarked"
        return "marked" if self.released_at is None else "released"
