"""SQL about marks."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.database.rows import Pages
from faculty_mgt.models.data.assignments import assignment
from faculty_mgt.models.data.marks import Mark, OwnMark, mark
from faculty_mgt.models.data.submissions import work

_VIEW = select(*(mark.c[name] for name in Mark.__dataclass_fields__))
_PAIR = (mark.c.assignment_id == bindparam("assignment_id"), mark.c.student_number == bindparam("student_number"))
_ADD: Statement[Any] = Statement(insert_into(mark, returning=("id",), omit=("id", "released_at", "released_by")))
_VERSION = Statement(_VIEW.where(*_PAIR, mark.c.version == bindparam("version")), Mark)
_OF_WORK = Statement(_VIEW.where(*_PAIR).order_by(mark.c.version.desc()).limit(200), Mark)
_RELEASED = Statement(
    _VIEW.where(*_PAIR, mark.c.released_at.is_not(None)).order_by(mark.c.version.desc()).limit(1), Mark
)
_latest = (
    select(work.c.marks)
    .where(work.c.assignment_id == mark.c.assignment_id, work.c.student_number == mark.c.student_number)
    .correlate(mark)
    .scalar_subquery()
)
_RELEASE: Statement[Any] = Statement(
    update(mark)
    .values(released_at=bindparam("now", type_=Instant), released_by=bindparam("by_person"))
    .where(mark.c.assignment_id == bindparam("of_assignment"), mark.c.released_at.is_(None), mark.c.version == _latest)
)
_newest = (
    select(func.max(mark.c.version).label("version"), mark.c.assignment_id)
    .where(mark.c.student_number == bindparam("student_number"), mark.c.released_at.is_not(None))
    .group_by(mark.c.assignment_id)
    .subquery("newest")
)
_OWN = Pages(
    select(
        mark.c.id,
        mark.c.assignment_id,
        assignment.c.number.label("assignment_number"),
        assignment.c.title,
        assignment.c.points,
        mark.c.submission_id,
        mark.c.version,
        mark.c.raw,
        mark.c.deduction,
        mark.c.final,
        mark.c.excused,
        mark.c.missing,
        mark.c.comment,
        mark.c.released_at,
    )
    .select_from(
        mark.join(
            _newest, and_(_newest.c.assignment_id == mark.c.assignment_id, _newest.c.version == mark.c.version)
        ).join(assignment, assignment.c.id == mark.c.assignment_id)
    )
    .where(mark.c.student_number == bindparam("student_number")),
    mark.c.id,
    OwnMark,
)


def add(tx: Transaction, **values: Any) -> int:
    """A version of a mark; answers its id."""
    made: int = tx.scalar(_ADD, **values)
    return made


def version_of(tx: Transaction, assignment_id: int, student: int, version: int) -> Mark | None:
    """One version of a mark."""
    return tx.first(_VERSION, assignment_id=assignment_id, student_number=student, version=version)


def of_work(tx: Transaction, assignment_id: int, student: int) -> list[Mark]:
    """Every version of a mark, the latest first."""
    return tx.all(_OF_WORK, assignment_id=assignment_id, student_number=student)


def released(tx: Transaction, assignment_id: int, student: int) -> Mark | None:
    """The latest version that its student may see."""
    return tx.first(_RELEASED, assignment_id=assignment_id, student_number=student)


def release(tx: Transaction, assignment_id: int, *, by: str, now: datetime) -> int:
    """Show the latest version of each mark to its student; answers how many were not shown before."""
    return tx.run(_RELEASE, of_assignment=assignment_id, by_person=by, now=now)


def of_student(tx: Transaction, student: int, *, after: int, limit: int) -> list[OwnMark]:
    """What a student may see of their marks: of each the latest released version."""
    return _OWN.page(tx, after=after, limit=limit, student_number=student)
