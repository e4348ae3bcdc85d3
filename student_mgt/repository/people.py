"""Persons, and whether they are students."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from student_mgt.domain.studies import Study
from student_mgt.models.data.person import contact, person, person_name
from student_mgt.models.data.student import student, study


@dataclass(frozen=True, slots=True)
class PersonOnRecord:
    """A person of this service; `student_id` is `None` for staff of the registrar."""

    id: int
    number: int
    display_name: str
    student_id: int | None


_FIND = Statement(
    select(person.c.id, person.c.number, person.c.display_name, student.c.id.label("student_id"))
    .outerjoin(student, student.c.person_id == person.c.id)
    .where(person.c.number == bindparam("number"), person.c.erased_at.is_(None)),
    PersonOnRecord,
)
_STUDIES = Statement(
    select(study.c.kind, study.c.status, study.c.valid_from, study.c.valid_until)
    .where(study.c.student_id == bindparam("student"))
    .order_by(study.c.id),
    Study,
)
_INSERT: Statement[Any] = Statement(insert_into(person, returning=("id",), omit=("id", "birth_date", "erased_at")))
_INSERT_NAME: Statement[Any] = Statement(insert_into(person_name, omit=("id", "valid_until")))
_INSERT_CONTACT: Statement[Any] = Statement(insert_into(contact, omit=("id", "verified_at", "valid_until")))
_INSERT_STUDENT: Statement[Any] = Statement(insert_into(student, returning=("id",)))
_INSERT_STUDY: Statement[Any] = Statement(
    insert_into(study, omit=("id", "programme", "major_id", "department_id", "valid_until", "external_id"))
)


def find(tx: Transaction, number: int) -> PersonOnRecord | None:
    """The person with this number."""
    return tx.first(_FIND, number=number)


def studies_of(tx: Transaction, student_id: int) -> list[Study]:
    """All studies of a student, past and present."""
    return tx.all(_STUDIES, student=student_id)


def add(tx: Transaction, *, number: int, display_name: str, external_id: str | None, by: str, now: datetime) -> int:
    """A new person; answers their id."""
    made: int = tx.scalar(
        _INSERT, number=number, display_name=display_name, external_id=external_id, created_at=now, created_by=by
    )
    return made


def add_legal_name(tx: Transaction, person_id: int, given: str, middle: str, family: str, *, now: datetime) -> None:
    """The name a person has from now on."""
    tx.run(
        _INSERT_NAME,
        person_id=person_id,
        kind="legal",
        given_name=given,
        middle_name=middle,
        family_name=family,
        valid_from=now,
    )


def add_email(tx: Transaction, person_id: int, email: str, *, now: datetime) -> None:
    """An e-mail address that nobody has verified yet."""
    tx.run(_INSERT_CONTACT, person_id=person_id, kind="email", value=email, valid_from=now)


def add_student(tx: Transaction, person_id: int, *, by: str, now: datetime, since: date) -> int:
    """Make a person a student, in a first study; answers the student's id."""
    made: int = tx.scalar(_INSERT_STUDENT, person_id=person_id, standing="good", admitted_at=now, admitted_by=by)
    tx.run(_INSERT_STUDY, student_id=made, kind="degree", load="full", status="active", valid_from=since)
    return made
