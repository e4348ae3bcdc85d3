"""Persons of the faculty service: put on record once, and vouched for to the other services."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from configuration.kit.database import Transaction
from configuration.kit.features.accounts import Newcomer, Person
from configuration.kit.security.actor import Actor
from faculty_mgt.domain import appointments
from faculty_mgt.errors import PersonNotFound
from faculty_mgt.repository import people


@dataclass(frozen=True, slots=True)
class Standing:
    """What another service may know of a person: who they are, and whether they belong here today."""

    person: str
    display_name: str
    group: Literal["student", "faculty"]
    active: bool
    until: date | None
    as_of: datetime


class FacultyPeople:
    """The records that accounts of this service are made with."""

    def find(self, tx: Transaction, number: int) -> Person | None:
        """The person with this number, if on record."""
        found = people.find(tx, number)
        return None if found is None else Person(found.number, found.display_name)

    def admit(self, tx: Transaction, newcomer: Newcomer, *, by: Actor, now: datetime) -> Person:
        """Put a person on record, or take the one with the number; whoever comes to work is appointed."""
        found = people.find(tx, newcomer.number)
        if found is None:
            person_id = people.add(
                tx,
                number=newcomer.number,
                display_name=newcomer.display_name,
                external_id=newcomer.external_id,
                by=by.person,
                now=now,
            )
            given = newcomer.given_name or newcomer.display_name
            people.add_legal_name(tx, person_id, given, newcomer.middle_name, newcomer.family_name, now=now)
            if newcomer.email:
                people.add_email(tx, person_id, newcomer.email, now=now)
        else:
            person_id = found.id
        live = [] if found is None else appointments.live_on(people.appointments_of(tx, found.id), now.date())
        if not live:
            kind = "lecturer" if "lecturer" in newcomer.roles else "administration"
            people.appoint(tx, person_id, kind, since=now.date())
        return Person(newcomer.number, newcomer.display_name if found is None else found.display_name)


def standing(tx: Transaction, number: int, *, now: datetime) -> Standing:
    """Whether a person belongs to the faculty today, for services that lend or teach: while an appointment holds."""
    found = people.find(tx, number)
    if found is None:
        raise PersonNotFound()
    live = appointments.live_on(people.appointments_of(tx, found.id), now.date())
    until = appointments.last_day(live)
    return Standing(f"faculty:{number}", found.display_name, "faculty", bool(live), until, now)
