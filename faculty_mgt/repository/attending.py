"""Who belongs to a teaching space: the present rosters and the present teaching lists of its sections."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from configuration.kit.database import Instant, Statement, Transaction
from faculty_mgt.models.data.offer import section, teaching
from faculty_mgt.models.data.person import person
from faculty_mgt.models.data.roster import roster_entry

_now = bindparam("now", type_=Instant)
present = roster_entry.c.removed_version.is_(None)
"""That an entry stands on the newest version of its roster."""
at_present = and_(teaching.c.valid_from <= _now, or_(teaching.c.valid_until.is_(None), teaching.c.valid_until > _now))
"""That somebody teaches at `now`."""
_held = section.c.state != "cancelled"


def attended(space_id: ColumnElement[int]) -> ColumnElement[bool]:
    """That the student with number `student` attends the space."""
    return (
        exists()
        .where(
            section.c.space_id == space_id,
            _held,
            roster_entry.c.section_id == section.c.id,
            roster_entry.c.student_number == bindparam("student"),
            present,
        )
        .correlate_except(section, roster_entry)
    )


def taught(space_id: ColumnElement[int]) -> ColumnElement[bool]:
    """That the person with number `person` teaches the space at `now`."""
    return (
        exists()
        .where(
            section.c.space_id == space_id,
            teaching.c.section_id == section.c.id,
            person.c.id == teaching.c.person_id,
            person.c.number == bindparam("person"),
            at_present,
        )
        .correlate_except(section, teaching, person)
    )


_space: ColumnElement[int] = bindparam("space_id", type_=section.c.space_id.type)
_ATTENDS: Statement[Any] = Statement(
    select(section.c.id).where(section.c.space_id == _space, attended(_space)).limit(1)
)
_ROLES: Statement[Any] = Statement(
    select(teaching.c.role)
    .select_from(
        teaching.join(section, section.c.id == teaching.c.section_id).join(person, person.c.id == teaching.c.person_id)
    )
    .where(section.c.space_id == _space, person.c.number == bindparam("person"), at_present)
    .distinct()
)


def attends(tx: Transaction, space_id: int, student: int) -> bool:
    """Whether a student stands on the roster of a section of the space that takes place."""
    return tx.first(_ATTENDS, space_id=space_id, student=student) is not None


def roles_in(tx: Transaction, space_id: int, person_number: int, *, now: datetime) -> frozenset[str]:
    """As what a person teaches the space now."""
    return frozenset(row.role for row in tx.all(_ROLES, space_id=space_id, person=person_number, now=now))
