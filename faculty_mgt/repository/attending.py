"""Who belongs to a teaching space: the present rosters and the present teaching lists of its sections."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from configuration.kit.database import Instant, Statement, Transaction
from faculty_mgt.models.data.offer import section, teaching
from faculty_mgt.models.data.person import person
from faculty_mgt.models.data.roster import roster_entry

_now = bindparam("now", type_=Instant)
present = roster_entry.c.removed_version.is_(None)
"""That an entry stands on the newest version of its roster."""
at_present = and_(teaching.c.valid_from <= _now, or_(teaching.c.valid_until.is_(None), teaching.c.valid_until > _now))
"""That somebody teaches at `now`."""


_attended = (
    select(section.c.space_id)
    .select_from(roster_entry.join(section, section.c.id == roster_entry.c.section_id))
    .where(roster_entry.c.student_number == bindparam("student"), present, section.c.state != "cancelled")
)
_taught = (
    select(section.c.space_id)
    .select_from(
        person.join(teaching, teaching.c.person_id == person.c.id).join(section, section.c.id == teaching.c.section_id)
    )
    .where(person.c.number == bindparam("person"), at_present)
)


# Sets, and not questions asked of each space: somebody belongs to a few spaces, and a university has many.
def attended(space_id: ColumnElement[int]) -> ColumnElement[bool]:
    """That the student with number `student` attends the space."""
    return space_id.in_(_attended)


def taught(space_id: ColumnElement[int]) -> ColumnElement[bool]:
    """That the person with number `person` teaches the space at `now`."""
    return space_id.in_(_taught)


_of_space = section.c.space_id == bindparam("space_id")
_ATTENDS: Statement[Any] = Statement(_attended.where(_of_space).limit(1))
_ROLES: Statement[Any] = Statement(_taught.with_only_columns(teaching.c.role).where(_of_space).distinct())


def attends(tx: Transaction, space_id: int, student: int) -> bool:
    """Whether a student stands on the roster of a section of the space that takes place."""
    return tx.first(_ATTENDS, space_id=space_id, student=student) is not None


def roles_in(tx: Transaction, space_id: int, person_number: int, *, now: datetime) -> frozenset[str]:
    """As what a person teaches the space now."""
    return frozenset(row.role for row in tx.all(_ROLES, space_id=space_id, person=person_number, now=now))
