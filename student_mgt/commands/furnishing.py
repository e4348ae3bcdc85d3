"""The students of the demo university: what they study, and how far they are."""

import random
from datetime import date, timedelta
from decimal import Decimal

from configuration.commands import Demo
from configuration.commands.demo_people import DemoPerson
from configuration.kit.database import Transaction
from configuration.kit.features.people import profiles, reference
from student_mgt.models.request.profile import CreditsBody, StudentAddition
from student_mgt.services.profiles import OFFICE, set_credits

DEPARTMENTS = {"SCI": "Faculty of Science", "ENG": "Faculty of Engineering", "ART": "Faculty of Arts"}
STUDIED = {"SCI": ("CS", "Math", "Phy", "Chem"), "ENG": ("EEng", "ChemEng", "IT"), "ART": ("FArts", "Hist", "CommArts")}
UNSTATED = 5
"""Each so many-th student has not stated a profile yet."""


def furnish(demo: Demo) -> None:
    """State the profiles of most students; what an earlier try finished is left alone."""
    demo.database.write_sync(_departments, demo)
    students = [person for person in demo.people if "student" in person.roles]
    for place, person in enumerate(students, start=1):
        if place % UNSTATED:
            demo.database.write_sync(_student, demo, person)


def _departments(tx: Transaction, demo: Demo) -> None:
    there = {row.code for row in reference.listed(tx, "department", after=0, limit=50)}
    for code, name in DEPARTMENTS.items():
        if code not in there:
            reference.add(tx, "department", code, name, by=demo.by, now=demo.clock())


def _student(tx: Transaction, demo: Demo, person: DemoPerson) -> None:
    now = demo.clock()
    if profiles.profile_of(tx, OFFICE, person.number, by=demo.by, now=now).stated_at is not None:
        return
    chance = random.Random(person.number)  # noqa: S311 - a demo's students, not secrets
    department = chance.choice(list(DEPARTMENTS))
    stated = StudentAddition(
        number=person.number,
        given_name=person.given,
        family_name=person.family,
        birth_date=date(now.year - 19, 1, 1) - timedelta(days=chance.randrange(2000)),
        department=department,
        major=chance.choice(STUDIED[department]),
    )
    profiles.add_profile(tx, OFFICE, stated, by=demo.by, now=now)
    earned = CreditsBody(credits=Decimal(chance.randrange(0, 121, 3)), reason="results of earlier terms")
    set_credits(tx, person.number, earned, by=demo.by, now=now)
