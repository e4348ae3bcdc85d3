"""Persons of the faculty service, and what it says of them to others."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from configuration.kit.database import Database, Statement
from configuration.kit.features.people import PersonNotFound
from configuration.kit.features.people import repository as persons
from faculty_mgt.domain.appointments import Appointment, last_day, live_on
from faculty_mgt.models.data.appointment import appointment
from faculty_mgt.models.data.person import person
from faculty_mgt.models.data.reference import major
from faculty_mgt.services import people
from tests.people import NOW, add_account, roles_of

ROLES = roles_of("faculty")
PAST = {"valid_from": NOW.date() - timedelta(days=9), "valid_until": NOW.date() - timedelta(days=1)}
END = Statement(update(appointment).values(**PAST))
ERASE = Statement(update(person).values(erased_at=NOW))
KINDS = Statement(select(appointment.c.kind))


class TestAppointments:
    """An appointment holds from its first to its last day."""

    @pytest.mark.parametrize(
        ("start", "end", "live"),
        [
            (date(2026, 1, 1), None, True),
            (date(2026, 3, 2), date(2026, 3, 2), True),
            (date(2026, 3, 3), None, False),
            (date(2026, 1, 1), date(2026, 3, 1), False),
        ],
    )
    def test_it_counts_on_its_days(self, start: date, end: date | None, live: bool) -> None:
        assert bool(live_on([Appointment("lecturer", start, end)], date(2026, 3, 2))) is live

    def test_the_longest_counts(self) -> None:
        short, long = (Appointment("lecturer", date(2026, 1, 1), date(2026, month, 1)) for month in (5, 9))

        assert last_day([short, long]) == date(2026, 9, 1)
        assert last_day([short, Appointment("lecturer", date(2026, 1, 1), None)]) is None


class TestAdmit:
    """Whoever comes to work is appointed."""

    def test_a_lecturer_teaches_and_a_dean_administrates(self, db: Database) -> None:
        db.write_sync(add_account, ROLES, "lecturer", person_no=7)
        db.write_sync(add_account, ROLES, "dean", person_no=8)

        assert sorted(row.kind for row in db.read_sync(lambda tx: tx.all(KINDS))) == ["administration", "lecturer"]

    def test_the_books_majors_are_there(self, db: Database) -> None:
        assert db.read_sync(lambda tx: tx.scalar(Statement(select(func.count()).select_from(major)))) == 20


class TestStanding:
    """What another service may know."""

    def test_an_appointed_person_is_active(self, db: Database) -> None:
        db.write_sync(add_account, ROLES, "lecturer", user_name="lee", person_no=7)

        standing = db.read_sync(people.standing, 7, now=NOW)

        assert (standing.person, standing.display_name) == ("faculty:7", "Lee Example")
        assert (standing.group, standing.active, standing.until) == ("faculty", True, None)

    def test_one_whose_appointment_ended_is_not(self, db: Database) -> None:
        db.write_sync(add_account, ROLES, "lecturer", person_no=7)
        db.write_sync(lambda tx: tx.run(END))

        assert db.read_sync(people.standing, 7, now=NOW).active is False

    def test_absent_and_erased_persons_are_not_found(self, db: Database) -> None:
        db.write_sync(add_account, ROLES, "lecturer", person_no=7)
        db.write_sync(lambda tx: tx.run(ERASE))

        assert db.write_sync(persons.find, 7) is None
        for number in (7, 4711):
            with pytest.raises(PersonNotFound):
                db.read_sync(people.standing, number, now=NOW)
