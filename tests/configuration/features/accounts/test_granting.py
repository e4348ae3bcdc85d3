"""Roles are granted by somebody else, for a scope and a time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from configuration.kit.database import Database
from configuration.kit.features.accounts import Account, end_grant, grant_role, home
from configuration.kit.features.accounts.errors import (
    AccountNotFound,
    GrantDates,
    GrantExists,
    GrantNotFound,
    NotYoursToManage,
    OwnAccount,
    RoleUnknown,
)
from configuration.kit.features.accounts.use_cases import granting, signing_in
from configuration.kit.security.actor import UNIVERSITY, Actor
from configuration.kit.security.standing import Standing
from tests.people import NOW, actor_of, add_account, roles_of

STUDENT, FACULTY = roles_of("student"), roles_of("faculty")
LATER = NOW + timedelta(days=10)


def grants(db: Database, account: Account, now: datetime = NOW) -> list[str]:
    return [grant.role for grant in db.read_sync(granting.grants_of, account.id, now=now)]


def standing(db: Database, account: Account, now: datetime) -> Standing:
    signed = db.write_sync(signing_in.open_sign_in, "student", account.id, "api", agent="", now=now)
    return signed.standing


class TestGrant:
    """Granting a role."""

    def test_a_registrar_makes_another_one(self, db: Database, registrar: Actor, student: Account) -> None:
        made = db.write_sync(
            grant_role, STUDENT, student.id, "registrar", reason="joins the office", by=registrar, now=NOW
        )

        assert (made.role, made.scope, made.granted_by) == ("registrar", UNIVERSITY, registrar.person)
        assert grants(db, student) == ["student", "registrar"]

    def test_nobody_grants_to_themselves(self, db: Database, registrar: Actor) -> None:
        assert registrar.account_id is not None
        with pytest.raises(OwnAccount):
            db.write_sync(grant_role, STUDENT, registrar.account_id, "student", reason="x", by=registrar, now=NOW)

    def test_not_even_under_another_hat(self, db: Database, registrar: Actor, student: Account) -> None:
        linked = replace(registrar, persons=frozenset({registrar.person, "student:1001"}))

        with pytest.raises(OwnAccount):
            db.write_sync(grant_role, STUDENT, student.id, "registrar", reason="x", by=linked, now=NOW)

    def test_a_registrar_makes_no_operator(self, db: Database, registrar: Actor, student: Account) -> None:
        with pytest.raises(NotYoursToManage):
            db.write_sync(grant_role, STUDENT, student.id, "operator", reason="x", by=registrar, now=NOW)

    def test_a_student_grants_nothing(self, db: Database, registrar: Actor, student: Account) -> None:
        assert registrar.account_id is not None
        by = actor_of("student", student, "student")
        with pytest.raises(NotYoursToManage):
            db.write_sync(grant_role, STUDENT, registrar.account_id, "registrar", reason="x", by=by, now=NOW)

    def test_a_role_of_another_service_is_unknown_here(self, db: Database, registrar: Actor, student: Account) -> None:
        with pytest.raises(RoleUnknown):
            db.write_sync(grant_role, STUDENT, student.id, "librarian", reason="x", by=registrar, now=NOW)

    def test_the_same_role_and_scope_twice_is_refused(self, db: Database, registrar: Actor, student: Account) -> None:
        with pytest.raises(GrantExists):
            db.write_sync(grant_role, STUDENT, student.id, "student", reason="x", by=registrar, now=NOW)

    def test_a_grant_that_ran_out_can_be_given_again(self, db: Database, registrar: Actor, student: Account) -> None:
        for start in (NOW, LATER):
            db.write_sync(
                grant_role,
                STUDENT,
                student.id,
                "registrar",
                reason="holiday cover",
                by=registrar,
                now=start,
                valid_until=start + timedelta(days=5),
            )

        assert grants(db, student, LATER) == ["student", "registrar"]

    def test_an_auditor_needs_an_end_date(self, db: Database, registrar: Actor, student: Account) -> None:
        with pytest.raises(GrantDates):
            db.write_sync(grant_role, STUDENT, student.id, "auditor", reason="x", by=registrar, now=NOW)

    def test_an_absent_account_is_not_found(self, db: Database, registrar: Actor) -> None:
        with pytest.raises(AccountNotFound):
            db.write_sync(grant_role, STUDENT, 999, "student", reason="x", by=registrar, now=NOW)


class TestTime:
    """A grant holds from its beginning to its end, and no token outlives it."""

    def test_a_grant_holds_between_its_dates_alone(self, db: Database, registrar: Actor, student: Account) -> None:
        db.write_sync(
            grant_role,
            STUDENT,
            student.id,
            "registrar",
            reason="cover",
            by=registrar,
            now=NOW,
            valid_from=NOW + timedelta(days=1),
            valid_until=NOW + timedelta(days=2),
        )

        held = [standing(db, student, NOW + timedelta(hours=hours)).actor.holds("registrar") for hours in (0, 25, 49)]

        assert held == [False, True, False]

    def test_a_token_ends_with_the_first_grant(self, db: Database, registrar: Actor, student: Account) -> None:
        soon = NOW + timedelta(minutes=3)
        db.write_sync(grant_role, STUDENT, student.id, "registrar", reason="c", by=registrar, now=NOW, valid_until=soon)

        assert standing(db, student, NOW).until == soon

    def test_a_changed_grant_ends_the_tokens_made_before(
        self, db: Database, registrar: Actor, student: Account
    ) -> None:
        before = standing(db, student, NOW)
        family, account = before.actor.family_id, student.id
        assert family is not None

        db.write_sync(grant_role, STUDENT, student.id, "registrar", reason="c", by=registrar, now=NOW)

        assert not db.read_sync(home.stands, family_id=family, account_id=account, version=before.version, now=NOW)


class TestEnd:
    """Ending a grant."""

    def test_an_ended_grant_is_gone(self, db: Database, registrar: Actor, student: Account) -> None:
        (only,) = db.read_sync(granting.grants_of, student.id, now=NOW)

        db.write_sync(end_grant, STUDENT, student.id, only.id, reason="left", by=registrar, now=NOW)

        assert grants(db, student) == []
        with pytest.raises(GrantNotFound):
            db.write_sync(end_grant, STUDENT, student.id, only.id, reason="again", by=registrar, now=NOW)

    def test_one_gives_up_ones_own_role(self, db: Database, registrar: Actor) -> None:
        assert registrar.account_id is not None
        (own,) = db.read_sync(granting.grants_of, registrar.account_id, now=NOW)

        ended = db.write_sync(end_grant, STUDENT, registrar.account_id, own.id, reason="retires", by=registrar, now=NOW)

        assert ended.role == "registrar"

    def test_another_accounts_grant_is_not_found(self, db: Database, registrar: Actor, student: Account) -> None:
        other = db.write_sync(add_account, STUDENT, "student")
        (theirs,) = db.read_sync(granting.grants_of, other.id, now=NOW)

        with pytest.raises(GrantNotFound):
            db.write_sync(end_grant, STUDENT, student.id, theirs.id, reason="x", by=registrar, now=NOW)

    def test_a_deans_scope_is_no_university(self) -> None:
        of_one = Actor("faculty:1", "faculty", "D", {"dean": frozenset({"department:4"})})

        with pytest.raises(NotYoursToManage):
            granting.must_manage(FACULTY, ["lecturer"], of_one)
