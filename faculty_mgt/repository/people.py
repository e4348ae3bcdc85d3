"""Persons, and their appointments."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from faculty_mgt.domain.appointments import Appointment
from faculty_mgt.models.data.appointment import appointment
from faculty_mgt.models.data.person import contact, person, person_name


@dataclass(frozen=True, slots=True)
class PersonOnRecord:
    """A person of this service."""

    id: int
    number: int
    display_name: str


_FIND = Statement(
    select(person.c.id, person.c.number, person.c.display_name).where(
        person.c.number == bindparam("number"), person.c.erased_at.is_(None)
    ),
    PersonOnRecord,
)
_APPOINTMENTS = Statement(
    select(appointment.c.kind, appointment.c.valid_from, appointment.c.valid_until)
    .where(appointment.c.person_id == bindparam("of_person"))
    .order_by(appointment.c.id),
    Appointment,
)
_INSERT: Statement[Any] = Statement(insert_into(person, returning=("id",), omit=("id", "birth_date", "erased_at")))
_INSERT_NAME: Statement[Any] = Statement(insert_into(person_name, omit=("id", "valid_until")))
_INSERT_CONTACT: Statement[Any] = Statement(insert_into(contact, omit=("id", "verified_at", "valid_until")))
_INSERT_APPOINTMENT: Statement[Any] = Statement(
    insert_into(appointment, omit=("id", "department_id", "major_id", "valid_until", "external_id"))
)


def find(tx: Transaction, number: int) -> PersonOnRecord | None:
    """The person with this number."""
    return tx.first(_FIND, number=number)


def appointments_of(tx: Transaction, person_id: int) -> list[Appointment]:
    """All appointments of a person, past and present."""
    return tx.all(_APPOINTMENTS, of_person=person_id)


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


def appoint(tx: Transaction, person_id: int, kind: str, *, since: date) -> None:
    """Let a person work for the faculty from a day on."""
    tx.run(_INSERT_APPOINTMENT, person_id=person_id, kind=kind, valid_from=since)
