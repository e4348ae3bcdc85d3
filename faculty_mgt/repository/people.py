"""The appointments of persons."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from faculty_mgt.domain.appointments import Appointment
from faculty_mgt.models.data.appointment import appointment

_APPOINTMENTS = Statement(
    select(appointment.c.kind, appointment.c.valid_from, appointment.c.valid_until)
    .where(appointment.c.person_id == bindparam("of_person"))
    .order_by(appointment.c.id),
    Appointment,
)
_INSERT_APPOINTMENT: Statement[Any] = Statement(
    insert_into(appointment, omit=("id", "department_id", "major_id", "valid_until", "external_id"))
)


def appointments_of(tx: Transaction, person_id: int) -> list[Appointment]:
    """All appointments of a person, past and present."""
    return tx.all(_APPOINTMENTS, of_person=person_id)


def appoint(tx: Transaction, person_id: int, kind: str, *, since: date) -> None:
    """Let a person work for the faculty from a day on."""
    tx.run(_INSERT_APPOINTMENT, person_id=person_id, kind=kind, valid_from=since)
