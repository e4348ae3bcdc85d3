"""Persons of the faculty service: put on record once, and vouched for to the other services."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features import people as persons
from configuration.kit.features.people import Records, Standing
from configuration.kit.security.actor import Actor
from faculty_mgt.domain import appointments
from faculty_mgt.repository import people


def be_appointed(tx: Transaction, person_id: int, roles: tuple[str, ...], _by: Actor, now: datetime) -> None:
    """Whoever comes to work is appointed."""
    if not appointments.live_on(people.appointments_of(tx, person_id), now.date()):
        people.appoint(tx, person_id, "lecturer" if "lecturer" in roles else "administration", since=now.date())


RECORDS = Records(be_appointed)
"""The records that accounts of this service are made with."""


def standing(tx: Transaction, number: int, *, now: datetime) -> Standing:
    """Whether a person belongs to the faculty today, for services that lend or teach: while an appointment holds."""
    found = persons.on_record(tx, number)
    live = appointments.live_on(people.appointments_of(tx, found.id), now.date())
    until = appointments.last_day(live)
    return Standing(f"faculty:{number}", found.display_name, "faculty", bool(live), until, now)
