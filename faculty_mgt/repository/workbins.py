"""SQL about workbins, and the work that is seen through them."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from configuration.kit.database import Statement, Transaction
from configuration.kit.database.rows import Pages
from faculty_mgt.models.data.assignments import assignment
from faculty_mgt.models.data.offer import section, teaching
from faculty_mgt.models.data.person import person
from faculty_mgt.models.data.roster import roster_entry
from faculty_mgt.models.data.submissions import submission
from faculty_mgt.models.data.workbins import BinnedWork, Workbin, workbin
from faculty_mgt.repository.attending import at_present, present

_ADD: Statement[Any] = Statement(
    insert_or_not(workbin)
    .values({c.name: bindparam(c.name, type_=c.type) for c in workbin.c if c.name != "id"})
    .on_conflict_do_nothing(index_elements=["student_number", "lecturer_id"])
    .inline()
)
_VIEW = select(
    workbin.c.id, workbin.c.student_number, person.c.number.label("lecturer_number"), workbin.c.created_at
).select_from(workbin.join(person, person.c.id == workbin.c.lecturer_id))
_FIND = Statement(_VIEW.where(workbin.c.id == bindparam("id")), Workbin)
_OF_PAIR = Statement(
    _VIEW.where(workbin.c.student_number == bindparam("student"), person.c.number == bindparam("lecturer")), Workbin
)
_attended = section.alias("attended")
_MEET = Statement(
    select(person.c.id)
    .select_from(
        person.join(teaching, teaching.c.person_id == person.c.id).join(section, section.c.id == teaching.c.section_id)
    )
    .where(
        person.c.number == bindparam("lecturer"),
        at_present,
        section.c.space_id.in_(
            select(_attended.c.space_id)
            .select_from(_attended.join(roster_entry, roster_entry.c.section_id == _attended.c.id))
            .where(roster_entry.c.student_number == bindparam("student"), present, _attended.c.state != "cancelled")
        ),
    )
    .limit(1)
)
_of_a_space_of_the_lecturer = (
    exists()
    .where(
        section.c.space_id == assignment.c.space_id,
        teaching.c.section_id == section.c.id,
        teaching.c.person_id == workbin.c.lecturer_id,
        at_present,
    )
    .correlate_except(section, teaching)
)
_OF = {
    "student": workbin.c.student_number == bindparam("student"),
    "lecturer": person.c.number == bindparam("lecturer"),
    "bin_id": workbin.c.id == bindparam("bin_id"),
}
_PAGES = Pages(_VIEW, workbin.c.id, Workbin, filters=_OF)
_WORK = Pages(
    select(
        submission.c.id,
        workbin.c.id.label("bin_id"),
        submission.c.student_number,
        person.c.number.label("lecturer_number"),
        submission.c.assignment_id,
        assignment.c.number.label("assignment_number"),
        assignment.c.title,
        assignment.c.due_at,
        submission.c.attempt,
        submission.c.received_at,
        submission.c.seconds_late,
    )
    .select_from(
        workbin.join(person, person.c.id == workbin.c.lecturer_id)
        .join(submission, submission.c.student_number == workbin.c.student_number)
        .join(assignment, assignment.c.id == submission.c.assignment_id)
    )
    .where(_of_a_space_of_the_lecturer),
    (workbin.c.id, submission.c.id),
    BinnedWork,
    filters=_OF,
)


def meet(tx: Transaction, student: int, lecturer: int, *, now: datetime) -> int | None:
    """The id of the lecturer, if they teach the student at present."""
    found: int | None = tx.scalar(_MEET, student=student, lecturer=lecturer, now=now)
    return found


def add(tx: Transaction, student: int, lecturer_id: int, *, by: str, now: datetime) -> bool:
    """The workbin of two; whether it is new."""
    return bool(tx.run(_ADD, student_number=student, lecturer_id=lecturer_id, created_at=now, created_by=by))


def of_pair(tx: Transaction, student: int, lecturer: int) -> Workbin | None:
    """The workbin of a student and a lecturer, by their numbers."""
    return tx.first(_OF_PAIR, student=student, lecturer=lecturer)


def find(tx: Transaction, bin_id: int) -> Workbin | None:
    """A workbin."""
    return tx.first(_FIND, id=bin_id)


def page(tx: Transaction, *, student: int | None, lecturer: int | None, after: int, limit: int) -> list[Workbin]:
    """The workbins of a student, or of a lecturer."""
    return _PAGES.page(tx, after=after, limit=limit, student=student, lecturer=lecturer)


def work(
    tx: Transaction,
    *,
    student: int | None,
    lecturer: int | None,
    bin_id: int | None,
    now: datetime,
    after: tuple[int, int],
    limit: int,
) -> list[BinnedWork]:
    """What lies in the workbins of a student, or of a lecturer: the work for what the lecturer teaches at present."""
    return _WORK.page(tx, after=after, limit=limit, student=student, lecturer=lecturer, bin_id=bin_id, now=now)
