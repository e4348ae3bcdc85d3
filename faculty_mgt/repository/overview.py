"""SQL about what waits: for lecturers what is to grade and what falls due, for students how their work stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select

from configuration.kit.database import Instant, Statement, Transaction
from faculty_mgt.models.data.assignments import assignment, assignment_override
from faculty_mgt.models.data.marks import mark
from faculty_mgt.models.data.offer import section, space
from faculty_mgt.models.data.overview import Deadline, Task, ToGrade
from faculty_mgt.models.data.roster import Attendee, roster_entry
from faculty_mgt.models.data.submissions import submission, work
from faculty_mgt.repository.attending import attended, present, taught
from faculty_mgt.repository.submissions import latest, unmarked, worked

MOST_TASKS = 500
_oldest = func.min(latest.c.received_at)
_TO_GRADE = Statement(
    select(
        assignment.c.id,
        assignment.c.title,
        assignment.c.space_id,
        space.c.title.label("space"),
        func.count(work.c.id).label("waiting"),
        _oldest.label("oldest"),
        func.min(latest.c.id).label("first_id"),
    )
    .select_from(worked.join(space, space.c.id == assignment.c.space_id))
    .where(taught(assignment.c.space_id), unmarked, latest.c.id.is_not(None))
    .group_by(assignment.c.id, assignment.c.title, assignment.c.space_id, space.c.title)
    .order_by(_oldest, assignment.c.id)
    .limit(literal_column("50")),
    ToGrade,
)
_DEADLINES = Statement(
    select(
        assignment.c.id,
        assignment.c.title,
        assignment.c.space_id,
        space.c.title.label("space"),
        assignment.c.due_at,
    )
    .select_from(assignment.join(space, space.c.id == assignment.c.space_id))
    .where(
        taught(assignment.c.space_id),
        assignment.c.state == "published",
        assignment.c.due_at >= bindparam("now", type_=Instant),
    )
    .order_by(assignment.c.due_at, assignment.c.id)
    .limit(literal_column("10")),
    Deadline,
)


def _granted(column: str) -> Any:
    """The most generous value that was granted to the student."""
    return (
        select(func.max(assignment_override.c[column]))
        .where(
            assignment_override.c.assignment_id == assignment.c.id,
            assignment_override.c.student_number == bindparam("student"),
            assignment_override.c.ended_at.is_(None),
        )
        .correlate(assignment)
        .scalar_subquery()
    )


_released = mark.alias("released")
_newest_release = (
    select(func.max(mark.c.version))
    .where(
        mark.c.assignment_id == assignment.c.id,
        mark.c.student_number == bindparam("student"),
        mark.c.released_at.is_not(None),
    )
    .correlate(assignment)
    .scalar_subquery()
)
_own_work = and_(work.c.assignment_id == assignment.c.id, work.c.student_number == bindparam("student"))
_last = and_(
    submission.c.assignment_id == assignment.c.id,
    submission.c.student_number == bindparam("student"),
    submission.c.attempt == work.c.attempts,
)
_own_mark = and_(
    _released.c.assignment_id == assignment.c.id,
    _released.c.student_number == bindparam("student"),
    _released.c.version == _newest_release,
)
_TASKS = Statement(
    select(
        assignment.c.id,
        assignment.c.title,
        assignment.c.space_id,
        space.c.title.label("space"),
        assignment.c.points,
        assignment.c.state,
        assignment.c.opens_at,
        assignment.c.due_at.label("due_as_set"),
        assignment.c.locks_at.label("locks_as_set"),
        assignment.c.attempts,
        _granted("due_at").label("granted_due"),
        _granted("locks_at").label("granted_locks"),
        _granted("attempts").label("granted_attempts"),
        work.c.attempts.label("handed_in"),
        submission.c.received_at,
        _released.c.released_at.label("marked_at"),
        _released.c.final,
        _released.c.excused,
        _released.c.missing,
    )
    .select_from(
        assignment.join(space, space.c.id == assignment.c.space_id)
        .outerjoin(work, _own_work)
        .outerjoin(submission, _last)
        .outerjoin(_released, _own_mark)
    )
    .where(assignment.c.state.in_(["published", "closed"]), attended(assignment.c.space_id))
    .order_by(assignment.c.due_at.desc(), assignment.c.id.desc())
    .limit(literal_column(str(MOST_TASKS))),
    Task,
)
_PEOPLE = Statement(
    select(roster_entry.c.student_number, func.min(roster_entry.c.display_name).label("display_name"))
    .select_from(roster_entry.join(section, section.c.id == roster_entry.c.section_id))
    .where(section.c.space_id == bindparam("space_id"), section.c.state != "cancelled", present)
    .group_by(roster_entry.c.student_number)
    .order_by(func.min(roster_entry.c.display_name), roster_entry.c.student_number)
    .limit(literal_column("5000")),
    Attendee,
)
_WORKED: Statement[Any] = Statement(
    select(work.c.student_number).where(work.c.assignment_id == bindparam("assignment_id"))
)
_KNOWN: Statement[Any] = Statement(
    select(func.min(roster_entry.c.display_name).label("display_name")).where(
        roster_entry.c.student_number == bindparam("student")
    )
)


def to_grade(tx: Transaction, person: int, *, now: datetime) -> list[ToGrade]:
    """The assignments of a lecturer with work that waits for its mark, the longest waiting first."""
    return tx.all(_TO_GRADE, person=person, now=now)


def deadlines(tx: Transaction, person: int, *, now: datetime) -> list[Deadline]:
    """What falls due next in the spaces of a lecturer."""
    return tx.all(_DEADLINES, person=person, now=now)


def tasks(tx: Transaction, student: int) -> list[Task]:
    """What a student is asked, with how it stands; of very many those that are due last."""
    return tx.all(_TASKS, student=student)


def people_of(tx: Transaction, space_id: int) -> list[Attendee]:
    """Everybody who attends a space now, by name."""
    return tx.all(_PEOPLE, space_id=space_id)


def with_work(tx: Transaction, assignment_id: int) -> frozenset[int]:
    """The students who handed something in for an assignment, or have a mark for it."""
    return frozenset(row.student_number for row in tx.all(_WORKED, assignment_id=assignment_id))


def known_name(tx: Transaction, student: int) -> str | None:
    """What a student is called on any roster there ever was."""
    found: str | None = tx.scalar(_KNOWN, student=student)
    return found
