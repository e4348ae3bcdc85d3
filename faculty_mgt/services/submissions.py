"""Handing in: an attempt with its text, files and receipt, by the server's clock after the last byte."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit, files
from configuration.kit.features.files import Arrived
from configuration.kit.security.actor import Actor
from configuration.kit.security.receipts import Sign
from faculty_mgt.domain.hats import number_as
from faculty_mgt.domain.lateness import seconds_late
from faculty_mgt.domain.receipts import Stated, statement
from faculty_mgt.errors import (
    AssignmentNotFound,
    AttemptsExhausted,
    SpaceNotFound,
    SubmissionNotFound,
    WorkRefused,
)
from faculty_mgt.models.data.marks import Mark
from faculty_mgt.models.data.submissions import Queued, Submission, SubmissionFile
from faculty_mgt.models.request.submissions import BookSubmission
from faculty_mgt.repository import assignments, attending, marks, submissions
from faculty_mgt.services.assignments import Open, found, open_for, to_teach
from faculty_mgt.services.teaching import require_teacher
from faculty_mgt.services.workbins import own_bin


@dataclass(frozen=True, slots=True)
class Work:
    """What is handed in. The files lie in the store already."""

    text: str = ""
    files: Sequence[Arrived] = ()


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """Work that came another way, such as by e-mail: whose it is, when it came by what staff attest, and why so."""

    student: int
    attested_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An attempt as somebody sees it: its student with what was released, its teachers with the whole way to a mark."""

    submission: Submission
    mark: Mark | None = None
    version: int = 0
    previous_id: int | None = None
    next_id: int | None = None
    attempts: list[Submission] = field(default_factory=list)


def limits_for(tx: Transaction, assignment_id: int, by: Actor, *, now: datetime, student: int | None) -> files.Limits:
    """What an upload for an assignment may bring, before its first byte is read. Refuses what would be refused anyway.

    `student` is whose work it is: one's own, or that of the student on whose behalf somebody of the faculty acts.
    """
    if student is None or number_as(by, "student") != student:
        assignment = to_teach(tx, assignment_id, by, now)
    else:
        assignment = open_for(tx, assignment_id, student=student, now=now).assignment
    return _limits(assignment.max_files, assignment.max_file_bytes, assignment.file_types)


def limits_of(tx: Transaction, assignment_id: int) -> files.Limits:
    """What an upload for an assignment may bring, whoever sends it and whenever."""
    assignment = found(tx, assignment_id)
    return _limits(assignment.max_files, assignment.max_file_bytes, assignment.file_types)


def _limits(most: int, file_bytes: int, types: Sequence[str]) -> files.Limits:
    return files.Limits(most, file_bytes, types)


def submit(tx: Transaction, assignment_id: int, work: Work, *, by: Actor, now: datetime, sign: Sign) -> Submission:
    """Hand in one's own work; `now` is the moment after its last byte."""
    student = number_as(by, "student")
    if student is None:
        raise AssignmentNotFound()
    opened = open_for(tx, assignment_id, student=student, now=now)
    return _receive(tx, opened, work, student, behalf=None, by=by, now=now, sign=sign)


def hand_in_for(
    tx: Transaction, assignment_id: int, work: Work, behalf: OnBehalf, *, by: Actor, now: datetime, sign: Sign
) -> Submission:
    """Hand in a student's work that came another way. It counts as of the time the staff member attests."""
    to_teach(tx, assignment_id, by, now)
    if behalf.attested_at > now:
        detail = "The work cannot have come in the future."
        raise WorkRefused(detail, blockers=[Blocker("ATTESTED_IN_THE_FUTURE", detail, "/attested_at")])
    opened = open_for(tx, assignment_id, student=behalf.student, now=behalf.attested_at)
    return _receive(tx, opened, work, behalf.student, behalf=behalf, by=by, now=now, sign=sign)


def submit_by_number(tx: Transaction, said: BookSubmission, *, by: Actor, now: datetime, sign: Sign) -> Submission:
    """The book's way: an assignment by its number. A workbin is checked; for a lecturer it says whose work it is."""
    assignment_id = assignments.id_by_number(tx, said.number)
    if assignment_id is None:
        raise AssignmentNotFound()
    held = None if said.bin_id is None else own_bin(tx, said.bin_id, by)
    work = Work(said.text)
    if number_as(by, "student") is not None:
        if said.reason is not None:
            raise WorkRefused("A reason belongs to work that somebody hands in for another.")
        return submit(tx, assignment_id, work, by=by, now=now, sign=sign)
    to_teach(tx, assignment_id, by, now)
    if held is None or said.reason is None:
        detail = "To hand in for a student, name their workbin and say why."
        pointer = "/bin_id" if held is None else "/reason"
        raise WorkRefused(detail, blockers=[Blocker("ON_BEHALF_OF_WHOM_AND_WHY", detail, pointer)])
    behalf = OnBehalf(held.student_number, now, said.reason)
    return hand_in_for(tx, assignment_id, work, behalf, by=by, now=now, sign=sign)


def _receive(
    tx: Transaction,
    opened: Open,
    work: Work,
    student: int,
    *,
    behalf: OnBehalf | None,
    by: Actor,
    now: datetime,
    sign: Sign,
) -> Submission:
    """Count the attempt first: whoever hands in at the same moment waits there for this to end."""
    assignment = opened.assignment
    attempt = _counted(tx, opened, work, student)
    late = seconds_late(now if behalf is None else behalf.attested_at, opened.due_at)
    told = Stated(
        assignment_id=assignment.id,
        title=assignment.title,
        student_number=student,
        attempt=attempt,
        received_at=now,
        due_at=opened.due_at,
        seconds_late=late,
        text=work.text,
        files=work.files,
        attested_at=None if behalf is None else behalf.attested_at,
        on_behalf_by=None if behalf is None else by.person,
    )
    made = submissions.add(
        tx,
        files.record_all(tx, work.files, now=now),
        assignment_id=assignment.id,
        student_number=student,
        attempt=attempt,
        previous=attempt - 1 or None,
        text=work.text,
        received_at=now,
        seconds_late=late,
        on_behalf_by=told.on_behalf_by,
        attested_at=told.attested_at,
        reason=None if behalf is None else behalf.reason,
        receipt=sign(statement(told), now),
    )
    facts = {"assignment": assignment.id, "attempt": attempt, "seconds_late": late, "files": len(work.files)}
    action = "submission.received" if behalf is None else "submission.received_on_behalf"
    audit.record(tx, action, f"submission:{made}", by=by, now=now, facts=facts)
    return existing(tx, made)


def _counted(tx: Transaction, opened: Open, work: Work, student: int) -> int:
    """The number of this attempt, if one is left."""
    if not work.text and not work.files:
        detail = "There is neither a text nor a file."
        raise WorkRefused(detail, blockers=[Blocker("NOTHING_HANDED_IN", detail, "/text")])
    attempt = submissions.next_attempt(tx, opened.assignment.id, student)
    if attempt > opened.attempts:
        detail = f"All {opened.attempts} attempts were used." if opened.attempts > 1 else "It was handed in already."
        facts = {"attempts": opened.attempts}
        raise AttemptsExhausted(detail, blockers=[Blocker(AttemptsExhausted.code, detail, facts=facts)])
    return attempt


def existing(tx: Transaction, submission_id: int) -> Submission:
    """One attempt, whoever asks; `SubmissionNotFound` when there is none."""
    row = submissions.find(tx, submission_id)
    if row is None:
        raise SubmissionNotFound()
    return row


def visible(tx: Transaction, submission_id: int, by: Actor, *, now: datetime) -> tuple[Submission, bool]:
    """An attempt of one's own, or of a student one teaches; the second says whether one teaches. Else it is absent."""
    row = existing(tx, submission_id)
    if number_as(by, "student") == row.student_number:
        return row, False
    try:
        require_teacher(tx, found(tx, row.assignment_id).space_id, number_as(by, "faculty"), now)
    except SpaceNotFound:
        raise SubmissionNotFound() from None
    return row, True


def seen(tx: Transaction, submission_id: int, by: Actor, *, now: datetime) -> Seen:
    """An attempt with its mark; for its teachers with the other attempts, and the next and previous in the queue."""
    row, teacher = visible(tx, submission_id, by, now=now)
    pair = (row.assignment_id, row.student_number)
    if not teacher:
        return Seen(row, marks.released(tx, *pair))
    work = submissions.work_of(tx, *pair)
    version = 0 if work is None else work.marks
    previous_id, next_id = submissions.beside(tx, *pair)
    mark = marks.version_of(tx, *pair, version)
    return Seen(row, mark, version, previous_id, next_id, submissions.of_work(tx, *pair))


def mine(tx: Transaction, by: Actor, *, assignment_id: int | None, after: int, limit: int) -> list[Submission]:
    """What one has handed in, in the order it came."""
    student = number_as(by, "student")
    if student is None:
        return []
    return submissions.of_student(tx, student, assignment_id=assignment_id, after=after, limit=limit)


def queue(
    tx: Transaction, assignment_id: int, by: Actor, *, now: datetime, state: str | None, after: int, limit: int
) -> list[Queued]:
    """The work for an assignment one teaches, and how far its marks are."""
    to_teach(tx, assignment_id, by, now)
    return submissions.queue(tx, assignment_id, state=state, after=after, limit=limit)


def file_of(tx: Transaction, submission_id: int, position: int, by: Actor, *, now: datetime) -> SubmissionFile:
    """A file of an attempt that one may see."""
    row, _ = visible(tx, submission_id, by, now=now)
    if not 0 < position <= len(row.files):
        raise files.FileNotFound()
    return row.files[position - 1]


def attends(tx: Transaction, assignment_id: int, student: int) -> bool:
    """Whether an assignment is a student's."""
    return attending.attends(tx, found(tx, assignment_id).space_id, student)
