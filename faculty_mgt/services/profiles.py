"""Records of the people of the faculty."""

from dataclasses import fields
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features.people.model import Profile
from configuration.kit.features.people.office import Models, Office, Words
from configuration.kit.features.people.requests import Change, Ending
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.appointments import live_on
from faculty_mgt.models.data.lecturer import FacultyProfile
from faculty_mgt.models.request.profile import AppointmentBeginning, FacultyAddition
from faculty_mgt.models.response.profile import FacultyRead, FacultySummaryRead
from faculty_mgt.repository.appointments import APPOINTMENTS, taught_by
from faculty_mgt.services.accounts import ROLES
from faculty_mgt.services.people import standing


def _of_person(_tx: Transaction, person_id: int, _by: Actor, _now: datetime) -> int:
    """Appointments are of persons, with nothing in between."""
    return person_id


def _complete(tx: Transaction, profile: Profile, now: datetime) -> FacultyProfile:
    """A profile with what the person teaches now."""
    known = {field.name: getattr(profile, field.name) for field in fields(Profile)}
    return FacultyProfile(**known, teaching=tuple(taught_by(tx, profile.id, now=now)))


OFFICE = Office(
    roles=ROLES,
    keeper="dean",
    words=Words(number="faculty_id", spells="appointments", spell="appointment"),
    models=Models(FacultyAddition, Change, AppointmentBeginning, Ending, FacultyRead, FacultySummaryRead),
    spells=APPOINTMENTS,
    owner=_of_person,
    live=live_on,
    complete=_complete,
    standing=standing,
)
"""The dean keeps the records of those who work for the faculty."""
