"""Marks: added version by version, shown to their student when they are released."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.assigning import effective
from faculty_mgt.domain.hats import number_as
from faculty_mgt.domain.lateness import deduction, seconds_late
from faculty_mgt.errors import AssignmentNotFound, MarkChanged, MarkRefused, MarkSeenFirst, NothingToRelease
from faculty_mgt.models.data.assignments import Assignment
from faculty_mgt.models.data.marks import Mark, OwnMark
from faculty_mgt.models.data.submissions import Submission
from faculty_mgt.models.request.marks import MarkCreate, MarkWithoutWork
from faculty_mgt.repository import assignments, marks, submissions
from faculty_mgt.services.assignments import to_teach
from faculty_mgt.services.submissions import attends, visible
from faculty_mgt.services.teaching import require_editor

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Released:
    """How many marks their students may see now who could not before."""

    released: int


def mark(tx: Transaction, submission_id: int, said: MarkCreate, *, seen: int | None, by: Actor, now: datetime) -> Mark:
    """Mark an attempt. Lateness is taken off by the assignment's rule and the dates granted to the student.

    `seen` is the version of the mark that the marker saw. A first mark needs none; whoever comes second has to look.
    """
    row, teacher = visible(tx, submission_id, by, now=now)
    assignment = to_teach(tx, row.assignment_id, by, now) if teacher else None
    if assignment is None:
        raise AssignmentNotFound()
    if said.raw is not None and said.raw > assignment.points:
        detail = f"The assignment has {assignment.points} points."
        raise MarkRefused(detail, blockers=[Blocker("MORE_THAN_THE_POINTS", detail, "/raw")])
    taken = (
        NOTHING if said.raw is None else deduction(said.raw, assignment.points, _late(tx, assignment, row), assignment)
    )
    pair = (row.assignment_id, row.student_number)
    return _add(tx, pair, said.raw, taken, said, submission_id=row.id, seen=seen, by=by, now=now)


def mark_without_work(
    tx: Transaction,
    assignment_id: int,
    student: int,
    said: MarkWithoutWork,
    *,
    seen: int | None,
    by: Actor,
    now: datetime,
) -> Mark:
    """Say of a student who handed nothing in that the work is missing (zero points), or excused."""
    to_teach(tx, assignment_id, by, now)
    if not attends(tx, assignment_id, student):
        raise AssignmentNotFound()
    work = submissions.work_of(tx, assignment_id, student)
    if work is not None and work.attempts and said.missing:
        detail = "The student has handed something in."
        raise MarkRefused(detail, blockers=[Blocker("NOT_MISSING", detail, "/missing")])
    raw = NOTHING if said.missing else None
    return _add(tx, (assignment_id, student), raw, NOTHING, said, submission_id=None, seen=seen, by=by, now=now)


def _late(tx: Transaction, assignment: Assignment, row: Submission) -> int:
    """How late an attempt is by what holds now: an extension given afterwards counts."""
    granted = assignments.granted(tx, assignment.id, row.student_number)
    due = effective(assignment.window, granted).due_at
    return seconds_late(row.attested_at or row.received_at, due)


def _add(
    tx: Transaction,
    pair: tuple[int, int],
    raw: Decimal | None,
    taken: Decimal,
    said: MarkCreate | MarkWithoutWork,
    *,
    submission_id: int | None,
    seen: int | None,
    by: Actor,
    now: datetime,
) -> Mark:
    """Count the version first: whoever marks the same work waits there, and is then told what happened meanwhile."""
    version = submissions.next_mark(tx, *pair)
    if (seen or 0) != version - 1:
        _refuse_unseen(tx, pair, version - 1, seen)
    made = marks.add(
        tx,
        assignment_id=pair[0],
        student_number=pair[1],
        submission_id=submission_id,
        version=version,
        previous=version - 1 or None,
        raw=raw,
        deduction=taken,
        final=None if raw is None else raw - taken,
        excused=raw is None,
        missing=getattr(said, "missing", False),
        comment=said.comment,
        marked_by=by.person,
        marked_at=now,
    )
    about = f"assignment:{pair[0]}" if submission_id is None else f"submission:{submission_id}"
    audit.record(tx, "mark.given", about, by=by, now=now, facts={"mark": made, "version": version})
    return _version(tx, pair, version)


def _refuse_unseen(tx: Transaction, pair: tuple[int, int], present: int, seen: int | None) -> None:
    """Say who gave the mark that this marker has not seen."""
    if not present:
        raise MarkChanged("There is no mark yet that could be changed.")
    last = _version(tx, pair, present)
    given = "excused" if last.excused else f"{last.raw} points"
    detail = f"{last.marked_by} gave {given} on {last.marked_at:%Y-%m-%d %H:%M:%S} UTC (version {present})."
    facts = {
        "version": present,
        "marked_by": last.marked_by,
        "marked_at": last.marked_at.isoformat(),
        "raw": None if last.raw is None else str(last.raw),
        "excused": last.excused,
        "comment": last.comment,
        "released": last.released_at is not None,
    }
    kind = MarkSeenFirst if seen is None else MarkChanged
    raise kind(detail, blockers=[Blocker(kind.code, detail, facts=facts)])


def _version(tx: Transaction, pair: tuple[int, int], version: int) -> Mark:
    row = marks.version_of(tx, *pair, version)
    assert row is not None
    return row


def history(tx: Transaction, submission_id: int, by: Actor, *, now: datetime) -> list[Mark]:
    """Every version of the mark of a work: for its teachers all, for its student what was released."""
    row, teacher = visible(tx, submission_id, by, now=now)
    rows = marks.of_work(tx, row.assignment_id, row.student_number)
    return rows if teacher else [each for each in rows if each.released_at is not None][:1]


def release(tx: Transaction, assignment_id: int, *, by: Actor, now: datetime) -> Released:
    """Show the marks of an assignment to their students, each in its latest version."""
    assignment = to_teach(tx, assignment_id, by, now)
    require_editor(tx, assignment.space_id, by, now)
    released = marks.release(tx, assignment_id, by=by.person, now=now)
    if not released:
        raise NothingToRelease()
    audit.record(tx, "mark.released", f"assignment:{assignment_id}", by=by, now=now, facts={"marks": released})
    return Released(released)


def mine(tx: Transaction, by: Actor, *, after: int, limit: int) -> list[OwnMark]:
    """One's own marks, as far as they were released."""
    student = number_as(by, "student")
    return [] if student is None else marks.of_student(tx, student, after=after, limit=limit)
