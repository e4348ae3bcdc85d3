"""What the faculty service says of assignments, work and marks, as far as students are told, in the book's words."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from configuration.kit.envoy import Told


class AssignmentRead(Told):
    """An assignment with the student's own dates and attempts; no text before it opens."""

    id: int
    assgn_id: int | None = Field(validation_alias="number", description="The lecturer's own number.")
    space_id: int
    title: str
    body: str
    points: Decimal
    opens_at: datetime
    date_due: datetime = Field(validation_alias="due_at")
    locks_at: datetime = Field(description="After it no work is taken.")
    grace_seconds: int
    late_interval_seconds: int
    late_rate_bp: int = Field(description="Of the points, for each begun interval; in hundredths of a percent.")
    late_floor_bp: int = Field(description="Lateness alone takes nothing below it.")
    attempts: int
    file_types: list[str]
    max_file_bytes: int
    max_files: int
    state: str


class FileRead(Told):
    """A file as it came in; its type is told by its content."""

    position: int
    name: str
    size: int
    media_type: str
    sha256: str


class SubmissionRead(Told):
    """One attempt, which never changes. The receipt is signed: anybody can check it, offline."""

    id: int
    assignment_id: int
    attempt: int
    text: str
    date_completed: datetime = Field(
        validation_alias="received_at", description="By the university's clock, after the last byte."
    )
    seconds_late: int
    on_behalf_by: str | None = Field(description="Who handed it in for the student, and why, by `reason`.")
    attested_at: datetime | None
    reason: str | None
    files: list[FileRead]
    receipt: str


class MarkRead(Told):
    """A released mark: points before and after what lateness took."""

    id: int
    assignment_id: int
    assgn_id: int | None = Field(validation_alias="assignment_number")
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
