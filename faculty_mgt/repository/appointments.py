"""Appointments as records, and what those who are appointed teach."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select

from configuration.kit.database import Instant, Statement, Transaction
from configuration.kit.features.people.model import SpellOnRecord
from configuration.kit.features.people.spells import SpellTable
from faculty_mgt.models.data.appointment import appointment
from faculty_mgt.models.data.lecturer import Taught
from faculty_mgt.models.data.offer import course, section, teaching, term
from faculty_mgt.models.data.person import person

MOST_TAUGHT = 100

APPOINTMENTS = SpellTable(
    appointment,
    SpellOnRecord,
    owner="person_id",
    owners=appointment.join(person, person.c.id == appointment.c.person_id),
)
_NOW = bindparam("now", type_=Instant)
_TAUGHT = Statement(
    select(
        teaching.c.section_id, course.c.code.label("course"), course.c.title, term.c.code.label("term"), section.c.code,
        teaching.c.role,
    )
    .join(section, section.c.id == teaching.c.section_id)
    .join(course, course.c.id == section.c.course_id)
    .join(term, term.c.id == section.c.term_id)
    .where(
        teaching.c.person_id == bindparam("of_person"),
        teaching.c.valid_from <= _NOW,
        or_(teaching.c.valid_until.is_(None), teaching.c.valid_until > _NOW),
    )
    .order_by(term.c.starts_on.desc(), teaching.c.id)
    .limit(bindparam("limit")),
    Taught,
)  # fmt: skip


def taught_by(tx: Transaction, person_id: int, *, now: datetime) -> list[Taught]:
    """The sections that a person teaches now, those of the latest term first."""
    return tx.all(_TAUGHT, of_person=person_id, now=now, limit=MOST_TAUGHT)
