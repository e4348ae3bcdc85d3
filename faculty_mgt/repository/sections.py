"""SQL about sections, and the teaching spaces they share."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction
from configuration.kit.database.rows import Pages, Rows
from faculty_mgt.models.data.offer import SectionRow, SectionView, Space, course, section, space, term
from faculty_mgt.repository.attending import attended, taught

_DERIVED = {"course": course.c.code, "title": course.c.title, "term": term.c.code}
_VIEW = select(
    *(
        (_DERIVED[name] if name in _DERIVED else section.c[name]).label(name)
        for name in SectionView.__dataclass_fields__
    )
).select_from(section.join(course, course.c.id == section.c.course_id).join(term, term.c.id == section.c.term_id))
rows = Rows(section, SectionRow, changeable=("state", "capacity"))
pages = Pages(
    _VIEW,
    section.c.id,
    SectionView,
    filters={name: section.c[name] == bindparam(name) for name in ("term_id", "course_id", "space_id")},
)
_BY_ID = Statement(_VIEW.where(section.c.id == bindparam("id")), SectionView)

spaces = Rows(space, Space)
_SPACE = select(space.c.id, space.c.title)
_taught = Pages(_SPACE.where(taught(space.c.id)), space.c.id, Space)
_attended = Pages(_SPACE.where(attended(space.c.id)), space.c.id, Space)
_TAUGHT_IN_COURSE: Statement[Any] = Statement(
    select(section.c.space_id)
    .join(course, course.c.id == section.c.course_id)
    .where(course.c.code == bindparam("course"), taught(section.c.space_id))
    .distinct()
    .order_by(section.c.space_id)
)


def find(tx: Transaction, section_id: int) -> SectionView | None:
    """A section with what its course and term are called."""
    return tx.first(_BY_ID, id=section_id)


def spaces_taught(tx: Transaction, person: int, *, now: datetime, after: int, limit: int) -> list[Space]:
    """The spaces a person teaches now."""
    return _taught.page(tx, after=after, limit=limit, person=person, now=now)


def spaces_attended(tx: Transaction, student: int, *, after: int, limit: int) -> list[Space]:
    """The spaces a student attends."""
    return _attended.page(tx, after=after, limit=limit, student=student)


def taught_in_course(tx: Transaction, code: str, person: int, *, now: datetime) -> list[int]:
    """The spaces in which a person teaches a course now."""
    return [row.space_id for row in tx.all(_TAUGHT_IN_COURSE, course=code, person=person, now=now)]
