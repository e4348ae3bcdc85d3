"""Persons of the student service, and what it says of them to others."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from configuration.kit.database import Database, Statement
from configuration.kit.features.accounts import change_state, invite
from configuration.kit.features.people import PersonNotFound
from configuration.kit.features.people import repository as persons
from student_mgt.models.data.person import contact, person, person_name
from student_mgt.models.data.reference import level, major
from student_mgt.models.data.student import student, study
from student_mgt.repository import people as records
from student_mgt.services import people
from tests.people import NOW, OPERATOR, add_account, roles_of

ROLES = roles_of("student")
NAMES = Statement(select(person_name.c.given_name, person_name.c.family_name, person_name.c.kind))
EMAILS = Statement(select(contact.c.value, contact.c.verified_at).where(contact.c.kind == "email"))
STUDENTS = Statement(select(func.count()).select_from(student))
END_STUDIES = Statement(
    update(study).values(valid_until=NOW.date() - timedelta(days=1), valid_from=NOW.date() - timedelta(days=9))
)
ERASE = Statement(update(person).values(erased_at=NOW))


class TestAdmit:
    """A person is put on record once."""

    def test_a_student_is_a_person_with_a_name_a_contact_and_a_study(self, db: Database) -> None:
        made = db.write_sync(add_account, ROLES, "student", user_name="ann", person_no=1001, email="a@example.org")

        found = db.read_sync(persons.find, 1001)
        assert found is not None
        assert found.display_name == made.display_name == "Ann Example"
        assert [tuple(row) for row in db.read_sync(lambda tx: tx.all(NAMES))] == [("Ann", "Example", "legal")]
        assert [tuple(row) for row in db.read_sync(lambda tx: tx.all(EMAILS))] == [("a@example.org", None)]
        student_id = db.read_sync(records.student_id, found.id)
        assert student_id is not None
        assert len(db.read_sync(records.studies_of, student_id)) == 1

    def test_a_registrar_is_a_person_and_no_student(self, db: Database) -> None:
        made = db.write_sync(add_account, ROLES, "registrar")

        found = db.read_sync(persons.find, made.person_no)
        assert found is not None
        assert db.read_sync(records.student_id, found.id) is None

    def test_a_person_on_record_becomes_a_student_once(self, db: Database) -> None:
        db.write_sync(persons.add, number=1001, display_name="Ann Old", external_id="x1", by="import", now=NOW)

        issued = db.write_sync(
            invite,
            ROLES,
            by=OPERATOR,
            now=NOW,
            user_name="ann",
            roles=["student"],
            person_no=1001,
            given_name="Ann",
            attach=True,
        )

        assert issued.account.display_name == "Ann Old"
        assert db.read_sync(lambda tx: tx.scalar(STUDENTS)) == 1

    def test_the_books_majors_and_levels_are_there(self, db: Database) -> None:
        majors = db.read_sync(lambda tx: tx.scalar(Statement(select(func.count()).select_from(major))))
        levels = db.read_sync(lambda tx: tx.all(Statement(select(level.c.name).order_by(level.c.rank))))

        assert majors == 20
        assert [row.name for row in levels] == ["Freshman", "Sophomore", "Junior", "Senior"]


class TestStanding:
    """What another service may know."""

    def test_a_student_with_a_live_study_is_active(self, db: Database) -> None:
        db.write_sync(add_account, ROLES, "student", user_name="ann", person_no=1001)

        standing = db.read_sync(people.standing, 1001, now=NOW)

        assert (standing.person, standing.display_name) == ("student:1001", "Ann Example")
        assert (standing.group, standing.active, standing.until) == ("student", True, None)
        assert standing.as_of == NOW

    def test_a_student_whose_studies_ended_is_not(self, db: Database) -> None:
        db.write_sync(add_account, ROLES, "student", person_no=1001)
        db.write_sync(lambda tx: tx.run(END_STUDIES))

        assert db.read_sync(people.standing, 1001, now=NOW).active is False

    def test_a_registrar_is_active_while_their_account_is(self, db: Database) -> None:
        made = db.write_sync(add_account, ROLES, "registrar")
        before = db.read_sync(people.standing, made.person_no, now=NOW).active

        db.write_sync(change_state, ROLES, made.id, "disable", reason="left", by=OPERATOR, now=NOW)

        assert (before, db.read_sync(people.standing, made.person_no, now=NOW).active) == (True, False)

    def test_absent_and_erased_persons_are_not_found(self, db: Database) -> None:
        db.write_sync(add_account, ROLES, "student", person_no=1001)
        db.write_sync(lambda tx: tx.run(ERASE))

        for number in (1001, 4711):
            with pytest.raises(PersonNotFound):
                db.read_sync(people.standing, number, now=NOW)
