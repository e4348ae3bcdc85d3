"""Which persons are students, and their studies."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from student_mgt.domain.studies import Study
from student_mgt.models.data.student import student, study

_STUDENT_ID: Statement[Any] = Statement(select(student.c.id).where(student.c.person_id == bindparam("of_person")))
_STUDIES = Statement(
    select(study.c.kind, study.c.status, study.c.valid_from, study.c.valid_until)
    .where(study.c.student_id == bindparam("student"))
    .order_by(study.c.id),
    Study,
)
_INSERT_STUDENT: Statement[Any] = Statement(insert_into(student, returning=("id",)))
_INSERT_STUDY: Statement[Any] = Statement(
    insert_into(study, omit=("id", "programme", "major_id", "department_id", "valid_until", "external_id"))
)


def student_id(tx: Transaction, person_id: int) -> int | None:
    """The person as a student; `None` for staff of the registrar."""
    found: int | None = tx.scalar(_STUDENT_ID, of_person=person_id)
    return found


def studies_of(tx: Transaction, student_id: int) -> list[Study]:
    """All studies of a student, past and present."""
    return tx.all(_STUDIES, student=student_id)


def admit(tx: Transaction, person_id: int, *, by: str, now: datetime) -> int:
    """Make a person a student who studies nothing yet; answers the student's id."""
    made: int = tx.scalar(_INSERT_STUDENT, person_id=person_id, standing="good", admitted_at=now, admitted_by=by)
    return made


def add_student(tx: Transaction, person_id: int, *, by: str, now: datetime, since: date) -> int:
    """Make a person a student, in a first study; answers the student's id."""
    made = admit(tx, person_id, by=by, now=now)
    tx.run(_INSERT_STUDY, student_id=made, kind="degree", load="full", status="active", valid_from=since)
    return made
