"""Persons of the student service: put on record once, and vouched for to the other services."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features import people as persons
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.features.people import Records, Standing
from configuration.kit.security.actor import Actor
from student_mgt.domain import studies
from student_mgt.repository import people


def become_student(tx: Transaction, person_id: int, roles: tuple[str, ...], by: Actor, now: datetime) -> None:
    """Whoever comes as a student becomes one, with a first study."""
    if "student" in roles and people.student_id(tx, person_id) is None:
        people.add_student(tx, person_id, by=by.person, now=now, since=now.date())


RECORDS = Records(become_student)
"""The records that accounts of this service are made with."""


def standing(tx: Transaction, number: int, *, now: datetime) -> Standing:
    """Whether a person belongs to the university today, for services that lend or teach.

    A student is active while a study is; staff of the registrar, while their account is.
    """
    found = persons.on_record(tx, number)
    student_id = people.student_id(tx, found.id)
    if student_id is None:
        active, until = staffing.has_active_account(tx, number), None
    else:
        live = studies.live_on(people.studies_of(tx, student_id), now.date())
        active, until = bool(live), studies.last_day(live)
    return Standing(f"student:{number}", found.display_name, "student", active, until, now)
