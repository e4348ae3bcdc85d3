"""Persons of the student service: put on record once, and vouched for to the other services."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from configuration.kit.database import Transaction
from configuration.kit.features.accounts import Newcomer, Person
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.security.actor import Actor
from student_mgt.domain import studies
from student_mgt.errors import PersonNotFound
from student_mgt.repository import people


@dataclass(frozen=True, slots=True)
class Standing:
    """What another service may know of a person: who they are, and whether they belong here today."""

    person: str
    display_name: str
    group: Literal["student", "faculty"]
    active: bool
    until: date | None
    as_of: datetime


class StudentPeople:
    """The records that accounts of this service are made with."""

    def find(self, tx: Transaction, number: int) -> Person | None:
        """The person with this number, if on record."""
        found = people.find(tx, number)
        return None if found is None else Person(found.number, found.display_name)

    def admit(self, tx: Transaction, newcomer: Newcomer, *, by: Actor, now: datetime) -> Person:
        """Put a person on record, or take the one with the number; a student becomes one, with a first study."""
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
        if "student" in newcomer.roles and (found is None or found.student_id is None):
            people.add_student(tx, person_id, by=by.person, now=now, since=now.date())
        return Person(newcomer.number, newcomer.display_name if found is None else found.display_name)


def standing(tx: Transaction, number: int, *, now: datetime) -> Standing:
    """Whether a person belongs to the university today, for services that lend or teach.

    A student is active while a study is; staff of the registrar, while their account is.
    """
    found = people.find(tx, number)
    if found is None:
        raise PersonNotFound()
    if found.student_id is None:
        active, until = staffing.has_active_account(tx, number), None
    else:
        live = studies.live_on(people.studies_of(tx, found.student_id), now.date())
        active, until = bool(live), studies.last_day(live)
    return Standing(f"student:{number}", found.display_name, "student", active, until, now)
