"""SQL about assignments, and what was granted to single students."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from configuration.kit.database import Instant, Statement, Transaction
from configuration.kit.database.rows import Pages, Rows
from faculty_mgt.models.data.assignments import Assignment, Override, assignment, assignment_override
from faculty_mgt.repository.attending import attended, taught

CHANGEABLE = (
    "number", "title", "body", "points", "opens_at", "due_at", "locks_at", "grace_seconds", "late_interval_seconds",
    "late_rate_bp", "late_floor_bp", "attempts", "file_types", "max_file_bytes", "max_files", "state", "changed_at",
)  # fmt: skip
rows = Rows(assignment, Assignment, changeable=CHANGEABLE)
_VIEW = select(*(assignment.c[name] for name in Assignment.__dataclass_fields__))
_shown = assignment.c.state.in_(["published", "closed"])
_in_space = assignment.c.space_id == bindparam("space_id")
_of_space = Pages(_VIEW.where(_in_space), assignment.c.id, Assignment)
_shown_of_space = Pages(_VIEW.where(_in_space, _shown), assignment.c.id, Assignment)
_of_student = Pages(_VIEW.where(_shown, attended(assignment.c.space_id)), assignment.c.id, Assignment)
_of_teacher = Pages(_VIEW.where(taught(assignment.c.space_id)), assignment.c.id, Assignment)
_ID_BY_NUMBER: Statement[Any] = Statement(select(assignment.c.id).where(assignment.c.number == bindparam("number")))

overrides = Rows(assignment_override, Override)
_OVERRIDE = select(*(assignment_override.c[name] for name in Override.__dataclass_fields__))
_of_assignment = Pages(
    _OVERRIDE.where(assignment_override.c.assignment_id == bindparam("assignment_id")),
    assignment_override.c.id,
    Override,
)
_GRANTED = Statement(
    _OVERRIDE.where(
        assignment_override.c.assignment_id == bindparam("assignment_id"),
        assignment_override.c.student_number == bindparam("student"),
        assignment_override.c.ended_at.is_(None),
    ).order_by(assignment_override.c.id),
    Override,
)
_GRANTED_ANYWHERE = Statement(
    _OVERRIDE.where(
        assignment_override.c.student_number == bindparam("student"),
        assignment_override.c.ended_at.is_(None),
        assignment_override.c.assignment_id.in_(select(assignment.c.id).where(_shown, attended(assignment.c.space_id))),
    ).order_by(assignment_override.c.id),
    Override,
)
_END: Statement[Any] = Statement(
    update(assignment_override)
    .values(ended_at=bindparam("at", type_=Instant), ended_by=bindparam("by_person"))
    .where(assignment_override.c.id == bindparam("id"), assignment_override.c.ended_at.is_(None))
)


def id_by_number(tx: Transaction, number: int) -> int | None:
    """The id of the assignment with the book's assgn_id."""
    found: int | None = tx.scalar(_ID_BY_NUMBER, number=number)
    return found


def of_space(tx: Transaction, space_id: int, *, drafts: bool, after: int, limit: int) -> list[Assignment]:
    """The assignments of a teaching space, with or without those that its students do not see yet."""
    pages = _of_space if drafts else _shown_of_space
    return pages.page(tx, after=after, limit=limit, space_id=space_id)


def of_student(tx: Transaction, student: int, *, after: int, limit: int) -> list[Assignment]:
    """What a student is asked, in every space they attend."""
    return _of_student.page(tx, after=after, limit=limit, student=student)


def of_teacher(tx: Transaction, person: int, *, now: datetime, after: int, limit: int) -> list[Assignment]:
    """Every assignment of the spaces a person teaches now."""
    return _of_teacher.page(tx, after=after, limit=limit, person=person, now=now)


def granted(tx: Transaction, assignment_id: int, student: int) -> list[Override]:
    """The overrides that hold for a student in an assignment."""
    return tx.all(_GRANTED, assignment_id=assignment_id, student=student)


def granted_anywhere(tx: Transaction, student: int) -> list[Override]:
    """The overrides that hold for a student in the assignments they see."""
    return tx.all(_GRANTED_ANYWHERE, student=student)


def overrides_of(tx: Transaction, assignment_id: int, *, after: int, limit: int) -> list[Override]:
    """Every override of an assignment, those that ended too."""
    return _of_assignment.page(tx, after=after, limit=limit, assignment_id=assignment_id)


def end_override(tx: Transaction, override_id: int, *, by: str, now: datetime) -> bool:
    """End an override; whether it still held."""
    return bool(tx.run(_END, id=override_id, at=now, by_person=by))
