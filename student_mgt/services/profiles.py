"""Students' records: what is theirs beside what every person has, and the credits that make their level."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.features.people import profiles
from configuration.kit.features.people import repository as persons
from configuration.kit.features.people.model import Profile
from configuration.kit.features.people.office import Models, Office, Words
from configuration.kit.security.actor import Actor
from student_mgt.domain.levels import level_of
from student_mgt.domain.studies import live_on
from student_mgt.errors import NoStudent
from student_mgt.models.data.student import StudentProfile
from student_mgt.models.request.profile import (
    CreditsBody,
    StudentAddition,
    StudentChange,
    StudyBeginning,
    StudyEnding,
)
from student_mgt.models.response.profile import StudentRead, StudentSummaryRead
from student_mgt.repository import people, studies
from student_mgt.services.accounts import ROLES
from student_mgt.services.people import standing


def student_of(tx: Transaction, person_id: int, by: Actor, now: datetime) -> int:
    """The person as a student, whom a further study may be begun for; a first one makes somebody a student."""
    found = people.student_id(tx, person_id)
    return people.admit(tx, person_id, by=by.person, now=now) if found is None else found


def complete(tx: Transaction, profile: Profile, _now: datetime) -> StudentProfile:
    """A profile with standing, credits and the level that follows from them."""
    row = studies.student_row(tx, profile.id)
    known = {field.name: getattr(profile, field.name) for field in fields(Profile)}
    if row is None:
        return StudentProfile(**known, standing=None, earned_credits=None, credits_as_of=None, level=None)
    programme = getattr(profile.present[-1], "programme", None) if profile.present else None
    return StudentProfile(
        **known,
        standing=row.standing,
        earned_credits=row.credits,
        credits_as_of=row.credits_as_of,
        level=level_of(row.credits or Decimal(0), studies.level_rules(tx), programme),
    )


OFFICE = Office(
    roles=ROLES,
    keeper="registrar",
    words=Words(number="stud_id", spells="studies", spell="study"),
    models=Models(StudentAddition, StudentChange, StudyBeginning, StudyEnding, StudentRead, StudentSummaryRead),
    spells=studies.STUDIES,
    owner=student_of,
    live=live_on,
    complete=complete,
    standing=standing,
)
"""The registrar keeps the records of students."""


def set_credits(tx: Transaction, number: int, body: CreditsBody, *, by: Actor, now: datetime) -> Any:
    """Say what a student has earned in all; the level follows. Earlier figures stay on record."""
    found = profiles.kept(tx, OFFICE, number, by=by, now=now)
    student = people.student_id(tx, found.id)
    if student is None:
        raise NoStudent()
    studies.set_credits(tx, student, body.credits, reason=body.reason, by=by.person, now=now)
    persons.touch(tx, found.id, now=now)
    audit.record(tx, "credits.set", f"profile:{number}", by=by, now=now, facts={"credits": str(body.credits)})
    return profiles.told(tx, OFFICE, number, now)
