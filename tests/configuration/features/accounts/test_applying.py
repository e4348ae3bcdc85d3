"""Applying for an account, and deciding."""

import asyncio
from dataclasses import replace

import pytest

from configuration.kit.database import Database
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts import Account, by_number, by_user_name
from configuration.kit.features.accounts.errors import (
    AlreadyDecided,
    ApplicationNotFound,
    NumberTaken,
    OwnApplication,
    PersonExists,
    ReasonNeeded,
    SignUpClosed,
    UserNameTaken,
)
from configuration.kit.features.accounts.model import Applying, Submitted
from configuration.kit.features.accounts.repository import accounts, applications
from configuration.kit.features.accounts.use_cases import applying, granting
from configuration.kit.features.people import repository as people
from configuration.kit.security.actor import Actor
from student_mgt.repository import people as students
from tests.people import NOW, add_account, known_hash, roles_of

STUDENT = roles_of("student")


def submit(
    db: Database,
    user_name: str = "ben",
    *,
    number: int | None = None,
    applicant: Actor | None = None,
    open_for_all: bool = True,
) -> Submitted:
    said = Applying(user_name, known_hash(), number, "Ben", "", "Blue", "ben@example.org")
    return db.write_sync(applying.apply, STUDENT, said, applicant=applicant, open_for_all=open_for_all, now=NOW)


class TestApply:
    """Anybody may apply while applications are open."""

    def test_an_application_waits_for_a_decision(self, db: Database) -> None:
        submitted = submit(db)

        found = db.read_sync(applications.find, submitted.id)
        assert found is not None
        assert (found.state, found.user_name, found.account_id) == ("submitted", "ben", None)

    def test_a_taken_user_name_is_refused_however_it_is_written(self, db: Database, student: Account) -> None:
        with pytest.raises(UserNameTaken):
            submit(db, "ANN")

    def test_a_user_name_somebody_else_applies_with_is_refused(self, db: Database) -> None:
        submit(db, "ben")

        with pytest.raises(UserNameTaken):
            submit(db, "Ben")

    def test_a_closed_sign_up_is_refused(self, db: Database) -> None:
        with pytest.raises(SignUpClosed):
            submit(db, open_for_all=False)

    def test_neither_password_nor_receipt_is_shown(self, db: Database) -> None:
        submitted = submit(db)
        found = db.read_sync(applications.find, submitted.id)

        assert submitted.receipt not in repr(submitted)
        assert found is not None
        assert "argon2" not in repr(found)
        assert "argon2" not in repr(Applying("x", known_hash()))


class TestDecide:
    """Somebody else decides, once."""

    def test_approval_makes_person_student_and_account(self, db: Database, registrar: Actor) -> None:
        submitted = submit(db, number=1234)

        decided = db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW)

        made = db.read_sync(by_number, 1234)
        person = db.read_sync(people.find, 1234)
        assert made is not None and person is not None
        assert (decided.state, decided.account_id, decided.decided_by) == ("approved", made.id, registrar.person)
        assert (made.state, made.user_name, made.display_name) == ("active", "ben", "Ben Blue")
        assert db.read_sync(students.student_id, person.id) is not None
        assert [grant.role for grant in db.read_sync(granting.grants_of, made.id, now=NOW)] == ["student"]

    def test_without_a_number_the_next_one_is_given_out(self, db: Database, registrar: Actor) -> None:
        first, second = submit(db, "ben"), submit(db, "cas")

        numbers = [
            db.write_sync(applying.decide, STUDENT, each.id, "approve", by=registrar, now=NOW).person_no
            for each in (first, second)
        ]

        assert numbers[0] is not None and numbers[1] == numbers[0] + 1

    def test_the_password_leaves_the_application_when_it_is_decided(self, db: Database, registrar: Actor) -> None:
        approved, rejected = submit(db, "ben"), submit(db, "cas")

        db.write_sync(applying.decide, STUDENT, approved.id, "approve", by=registrar, now=NOW)
        db.write_sync(applying.decide, STUDENT, rejected.id, "reject", by=registrar, now=NOW, reason="not a student")

        kept = [db.read_sync(applications.find, each.id) for each in (approved, rejected)]
        assert [application.password_hash for application in kept if application] == [None, None]

    def test_deciding_twice_is_refused(self, db: Database, registrar: Actor) -> None:
        submitted = submit(db)
        db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW)

        with pytest.raises(AlreadyDecided):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW)
        with pytest.raises(AlreadyDecided):
            db.write_sync(applying.decide, STUDENT, submitted.id, "reject", by=registrar, now=NOW, reason="late")

    async def test_sixteen_registrars_at_once_make_one_account(self, db: Database, registrar: Actor) -> None:
        submitted = submit(db)

        outcomes = await asyncio.gather(
            *(db.write(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW) for _ in range(16)),
            return_exceptions=True,
        )

        assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
        assert {type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)} == {AlreadyDecided}
        assert db.read_sync(by_user_name, "ben") is not None

    async def test_two_applications_with_one_number_make_one_account(self, db: Database, registrar: Actor) -> None:
        submitted = [submit(db, name, number=1234) for name in ("ben", "cas")]

        outcomes = await asyncio.gather(
            *(db.write(applying.decide, STUDENT, each.id, "approve", by=registrar, now=NOW) for each in submitted),
            return_exceptions=True,
        )

        refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
        assert len(refusals) == 1 and refusals[0].status == 409

    def test_a_rejection_needs_a_reason(self, db: Database, registrar: Actor) -> None:
        submitted = submit(db)

        with pytest.raises(ReasonNeeded):
            db.write_sync(applying.decide, STUDENT, submitted.id, "reject", by=registrar, now=NOW, reason=" ")

    def test_the_person_who_applied_does_not_decide(self, db: Database, registrar: Actor) -> None:
        submitted = submit(db, applicant=registrar)

        with pytest.raises(OwnApplication):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW)

    def test_the_same_human_under_another_hat_does_not_decide(self, db: Database, registrar: Actor) -> None:
        lecturer = Actor("faculty:7", "faculty", "R", persons=frozenset({"faculty:7"}))
        submitted = submit(db, applicant=lecturer)
        linked = replace(registrar, persons=frozenset({registrar.person, "faculty:7"}))

        with pytest.raises(OwnApplication):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=linked, now=NOW)

    def test_nobody_decides_an_application_with_their_own_number(self, db: Database, registrar: Actor) -> None:
        submitted = submit(db, number=int(registrar.person.partition(":")[2]))

        with pytest.raises(OwnApplication):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW, attach=True)

    def test_a_number_on_record_is_attached_only_on_purpose(self, db: Database, registrar: Actor) -> None:
        db.write_sync(people.add, number=1234, display_name="Ben Blue", external_id=None, by="x", now=NOW)
        submitted = submit(db, number=1234)

        with pytest.raises(PersonExists):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW)
        decided = db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW, attach=True)

        assert decided.person_no == 1234

    def test_a_person_with_an_account_gets_no_second_one(
        self, db: Database, registrar: Actor, student: Account
    ) -> None:
        submitted = submit(db, number=student.person_no)

        with pytest.raises(NumberTaken):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW, attach=True)

    def test_a_refused_approval_leaves_nothing_behind(self, db: Database, registrar: Actor, student: Account) -> None:
        submitted = submit(db, "cas", number=student.person_no)

        with pytest.raises(NumberTaken):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW, attach=True)

        found = db.read_sync(applications.find, submitted.id)
        assert found is not None and found.state == "submitted"
        assert db.read_sync(by_user_name, "cas") is None


class TestReceipt:
    """The applicant asks after an application, or takes it back, with the receipt."""

    def test_the_receipt_shows_how_it_stands(self, db: Database) -> None:
        submitted = submit(db)

        assert db.read_sync(applying.status_of, submitted.id, submitted.receipt).state == "submitted"

    def test_a_wrong_receipt_and_an_absent_application_look_alike(self, db: Database) -> None:
        submitted = submit(db)

        for application_id, receipt in ((submitted.id, "wrong"), (99, submitted.receipt)):
            with pytest.raises(ApplicationNotFound):
                db.read_sync(applying.status_of, application_id, receipt)

    def test_a_withdrawn_application_frees_its_user_name(self, db: Database, registrar: Actor) -> None:
        submitted = submit(db, "ben")

        withdrawn = db.write_sync(applying.withdraw, submitted.id, submitted.receipt, now=NOW)

        assert withdrawn.state == "withdrawn"
        assert submit(db, "ben").id != submitted.id
        with pytest.raises(AlreadyDecided):
            db.write_sync(applying.decide, STUDENT, submitted.id, "approve", by=registrar, now=NOW)


class TestNumbers:
    """A person number is given out once."""

    async def test_numbers_taken_at_once_differ(self, db: Database) -> None:
        numbers = await asyncio.gather(*(db.write(accounts.take_number) for _ in range(20)))

        assert len(set(numbers)) == 20

    def test_a_number_given_by_hand_is_skipped(self, db: Database) -> None:
        made = db.write_sync(add_account, STUDENT, "student", person_no=200_000)

        assert db.write_sync(accounts.take_number) == made.person_no + 1
