"""Work, marks and workbins as they go out."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from configuration.kit.bodies import Outbound


class FileRead(Outbound):
    """A file of a submission."""

    position: int
    name: str
    size: int
    media_type: str = Field(description="By its content.")
    sha256: str


class SubmissionRead(Outbound):
    """One attempt, which never changes."""

    id: int
    assignment_id: int
    student_number: int
    attempt: int
    text: str
    received_at: datetime = Field(description="The server's clock, after the last byte.")
    seconds_late: int = Field(description="After the due time that held when it came.")
    on_behalf_by: str | None = Field(description="Who handed it in for the student.")
    attested_at: datetime | None = Field(description="When it came, as they attest; lateness counts from it.")
    reason: str | None
    files: list[FileRead]
    receipt: str = Field(description="Signed; `erp receipt verify` or anybody with the service's JWKS can check it.")


class MarkRead(Outbound):
    """One version of a mark. Points are given before and after what lateness took."""

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


class OwnMarkRead(Outbound):
    """A mark as its student sees it."""

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


class AttemptRead(Outbound):
    """Another attempt at the same."""

    id: int
    attempt: int
    received_at: datetime
    seconds_late: int


class SubmissionDetail(SubmissionRead):
    """An attempt with its mark: its student sees the released one, its teachers the latest, and where to go on."""

    version: int = Field(description="Of the mark; 0 while there is none. The ETag for marking.")
    mark: MarkRead | None
    attempts: list[AttemptRead] = Field(description="All attempts, the latest first; for teachers.")
    previous_id: int | None = Field(description="The attempt before in the queue of what waits for a mark.")
    next_id: int | None = Field(description="The attempt after in the queue of what waits for a mark.")


class QueuedRead(Outbound):
    """A line of the queue."""

    id: int
    assignment_id: int
    student_number: int
    display_name: str | None = Field(description="From the present roster.")
    attempts: int
    submission_id: int | None = Field(description="The latest attempt.")
    received_at: datetime | None
    seconds_late: int | None
    version: int = Field(description="Of the mark; 0 while there is none.")
    state: Literal["unmarked", "marked", "released"]
    released_at: datetime | None


class ReleasedRead(Outbound):
    """How many marks their students may see now who could not before."""

    released: int


class WorkbinRead(Outbound):
    """A workbin, in the book's words."""

    bin_id: int = Field(validation_alias="id")
    stud_id: int = Field(validation_alias="student_number")
    faculty_id: int = Field(validation_alias="lecturer_number")
    created_at: datetime


class BinnedWorkRead(Outbound):
    """An attempt as it lies in a workbin, in the book's words."""

    submission_id: int = Field(validation_alias="id")
    bin_id: int
    stud_id: int = Field(validation_alias="student_number")
    faculty_id: int = Field(validation_alias="lecturer_number")
    assignment_id: int
    assgn_id: int | None = Field(validation_alias="assignment_number")
    title: str
    date_due: datetime = Field(validation_alias="due_at")
    date_completed: datetime = Field(validation_alias="received_at")
    attempt: int
    seconds_late: int
