"""Changing a password, one-time codes, activation."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from configuration.kit.database import Database, Statement
from configuration.kit.features.accounts import Account, by_user_name, invite, invite_again, print_reset
from configuration.kit.features.accounts.domain import MOST_CODE_TRIES, Purpose
from configuration.kit.features.accounts.errors import (
    AccountNotFound,
    NotYoursToManage,
    OwnAccount,
    RoleUnknown,
    StateUnfit,
)
from configuration.kit.features.accounts.model import CodeIssued, CodeUse, SignedIn
from configuration.kit.features.accounts.repository import accounts
from configuration.kit.features.accounts.tables import one_time_code
from configuration.kit.features.accounts.use_cases import passwords, refreshing, signing_in
from configuration.kit.security.actor import Actor
from tests.people import NOW, OPERATOR, actor_of, add_account, known_hash, roles_of

STUDENT = roles_of("student")
NEW = "the hash of another password"
HASHES = Statement(select(one_time_code.c.code_hash, one_time_code.c.ended_how).order_by(one_time_code.c.id))


def sign_in(db: Database, account: Account) -> SignedIn:
    return db.write_sync(signing_in.open_sign_in, "student", account.id, "api", agent="", now=NOW)


def use(
    db: Database, issued: CodeIssued, code: str | None = None, purpose: Purpose = "reset", now: datetime = NOW
) -> Account | None:
    name = issued.account.user_name
    typed = CodeUse(purpose, "pair", name, issued.code if code is None else code, NEW)
    return db.write_sync(passwords.finish_code, "student", typed, now=now)


class TestChange:
    """One's own password is changed with the present one."""

    def test_the_new_password_counts_and_all_other_sign_ins_end(self, db: Database, student: Account) -> None:
        here, elsewhere = sign_in(db, student), sign_in(db, student)
        _, attempt = db.write_sync(passwords.begin_change, student.id, "192.0.2.1", campus=(), now=NOW)

        changed = db.write_sync(passwords.finish_change, attempt, NEW, by=here.standing.actor, now=NOW)

        assert changed
        assert db.read_sync(accounts.password_of, student.id) == NEW
        assert db.write_sync(refreshing.refresh, "student", here.secret, now=NOW) is not None
        assert db.write_sync(refreshing.refresh, "student", elsewhere.secret, now=NOW) is None

    def test_of_two_changes_at_once_one_wins(self, db: Database, student: Account) -> None:
        actor = actor_of("student", student, "student")
        _, first = db.write_sync(passwords.begin_change, student.id, "192.0.2.1", campus=(), now=NOW)
        _, second = db.write_sync(passwords.begin_change, student.id, "192.0.2.1", campus=(), now=NOW)

        outcomes = [
            db.write_sync(passwords.finish_change, attempt, hashed, by=actor, now=NOW)
            for attempt, hashed in ((first, NEW), (second, "another"))
        ]

        assert outcomes == [True, False]
        assert db.read_sync(accounts.password_of, student.id) == NEW


class TestReset:
    """A forgotten password is set anew with a one-time code."""

    def issue(self, db: Database, now: datetime = NOW) -> CodeIssued:
        issued = db.write_sync(passwords.ask_reset, "student", "ann", now=now)
        assert issued is not None
        return issued

    def test_the_code_sets_the_password_and_ends_every_sign_in(self, db: Database, student: Account) -> None:
        signed, issued = sign_in(db, student), self.issue(db)

        assert use(db, issued) is not None

        assert db.read_sync(accounts.password_of, student.id) == NEW
        assert db.write_sync(refreshing.refresh, "student", signed.secret, now=NOW) is None

    def test_a_code_works_once(self, db: Database, student: Account) -> None:
        issued = self.issue(db)
        use(db, issued)

        assert use(db, issued) is None

    def test_a_code_ends_after_a_quarter_of_an_hour(self, db: Database, student: Account) -> None:
        issued = self.issue(db)

        assert use(db, issued, now=NOW + timedelta(minutes=15)) is None

    def test_a_wrong_code_is_refused_and_many_use_the_code_up(self, db: Database, student: Account) -> None:
        issued = self.issue(db)

        for _ in range(MOST_CODE_TRIES):
            assert use(db, issued, "WRONG23456") is None

        assert use(db, issued) is None
        assert db.read_sync(lambda tx: tx.one(HASHES)).ended_how == "exhausted"

    def test_a_new_code_voids_the_earlier_one(self, db: Database, student: Account) -> None:
        first = self.issue(db)
        second = self.issue(db, NOW + timedelta(minutes=2))

        later = NOW + timedelta(minutes=3)
        assert use(db, first, now=later) is None
        assert use(db, second, now=later) is not None

    def test_mail_is_not_sent_twice_within_a_minute(self, db: Database, student: Account) -> None:
        self.issue(db)

        assert db.write_sync(passwords.ask_reset, "student", "ann", now=NOW + timedelta(seconds=59)) is None

    def test_asking_for_a_mail_leaves_a_code_that_was_handed_over_at_a_desk_alone(
        self, db: Database, student: Account, registrar: Actor
    ) -> None:
        printed = db.write_sync(print_reset, STUDENT, student.id, by=registrar, now=NOW)

        asked = db.write_sync(passwords.ask_reset, "student", "ann", now=NOW + timedelta(minutes=5))

        assert asked is None
        assert use(db, printed, now=NOW + timedelta(minutes=6)) is not None

    def test_nobody_is_mailed_for_unknown_or_shut_accounts(self, db: Database, registrar: Actor) -> None:
        db.write_sync(add_account, STUDENT, "student", user_name="zoe", state="disabled", email="z@example.org")
        db.write_sync(add_account, STUDENT, "student", user_name="yan")

        asked = [db.write_sync(passwords.ask_reset, "student", name, now=NOW) for name in ("nobody", "zoe", "yan")]

        assert asked == [None, None, None]

    def test_the_code_is_stored_hashed_and_never_shown(self, db: Database, student: Account) -> None:
        issued = self.issue(db)

        assert issued.code not in repr(issued)
        assert db.read_sync(lambda tx: tx.one(HASHES)).code_hash != issued.code

    def test_an_activation_code_is_no_reset_code(self, db: Database, student: Account) -> None:
        issued = self.issue(db)

        assert use(db, issued, purpose="activation") is None

    def test_another_name_does_not_use_the_code(self, db: Database, student: Account, registrar: Actor) -> None:
        issued = self.issue(db)
        other = replace(issued, account=replace(issued.account, user_name="reg"))

        assert use(db, other) is None


class TestDesk:
    """At a desk, staff print a code; they never see or set a password."""

    def test_a_registrar_prints_a_code_for_a_student(self, db: Database, registrar: Actor, student: Account) -> None:
        issued = db.write_sync(print_reset, STUDENT, student.id, by=registrar, now=NOW)

        assert use(db, issued) is not None

    def test_nobody_prints_a_code_for_themselves(self, db: Database, registrar: Actor) -> None:
        assert registrar.account_id is not None
        with pytest.raises(OwnAccount):
            db.write_sync(print_reset, STUDENT, registrar.account_id, by=registrar, now=NOW)

    def test_a_code_for_an_operator_is_not_printed_by_a_registrar(self, db: Database, registrar: Actor) -> None:
        operator = db.write_sync(add_account, STUDENT, "operator")

        with pytest.raises(NotYoursToManage):
            db.write_sync(print_reset, STUDENT, operator.id, by=registrar, now=NOW)

    def test_a_student_prints_no_codes(self, db: Database, registrar: Actor, student: Account) -> None:
        assert registrar.account_id is not None
        with pytest.raises(NotYoursToManage):
            by = actor_of("student", student, "student")
            db.write_sync(print_reset, STUDENT, registrar.account_id, by=by, now=NOW)

    def test_an_absent_account_is_not_found(self, db: Database, registrar: Actor) -> None:
        with pytest.raises(AccountNotFound):
            db.write_sync(print_reset, STUDENT, 999, by=registrar, now=NOW)

    def test_a_disabled_account_gets_no_code(self, db: Database, registrar: Actor) -> None:
        made = db.write_sync(add_account, STUDENT, "student", state="disabled")

        with pytest.raises(StateUnfit):
            db.write_sync(print_reset, STUDENT, made.id, by=registrar, now=NOW)


class TestInvitation:
    """An invited account is activated by its owner."""

    def test_the_code_activates_the_account(self, db: Database, registrar: Actor) -> None:
        issued = db.write_sync(invite, STUDENT, by=registrar, now=NOW, user_name="mia", roles=["student"])

        assert use(db, issued, purpose="activation") is not None

        made = db.read_sync(by_user_name, "mia")
        assert made is not None and made.state == "active"
        assert db.read_sync(accounts.password_of, made.id) == NEW

    def test_an_activated_account_cannot_be_activated_again(self, db: Database, registrar: Actor) -> None:
        issued = db.write_sync(invite, STUDENT, by=registrar, now=NOW, user_name="mia", roles=["student"])
        use(db, issued, purpose="activation")

        with pytest.raises(StateUnfit):
            db.write_sync(invite_again, STUDENT, issued.account.id, by=registrar, now=NOW)

    def test_a_second_letter_voids_the_first(self, db: Database, registrar: Actor) -> None:
        first = db.write_sync(invite, STUDENT, by=registrar, now=NOW, user_name="mia", roles=["student"])
        second = db.write_sync(invite_again, STUDENT, first.account.id, by=registrar, now=NOW)

        assert use(db, first, purpose="activation") is None
        assert use(db, second, purpose="activation") is not None

    def test_the_code_ends_after_two_weeks(self, db: Database, registrar: Actor) -> None:
        issued = db.write_sync(invite, STUDENT, by=registrar, now=NOW, user_name="mia", roles=["student"])

        assert use(db, issued, purpose="activation", now=NOW + timedelta(days=14)) is None

    def test_a_registrar_invites_no_operator_and_no_unknown_role(self, db: Database, registrar: Actor) -> None:
        with pytest.raises(NotYoursToManage):
            db.write_sync(invite, STUDENT, by=registrar, now=NOW, user_name="mia", roles=["operator"])
        with pytest.raises(RoleUnknown):
            db.write_sync(invite, STUDENT, by=registrar, now=NOW, user_name="mia", roles=["librarian"])

    def test_the_command_line_invites_the_first_staff(self, db: Database) -> None:
        issued = db.write_sync(invite, STUDENT, by=OPERATOR, now=NOW, user_name="mia", roles=["registrar"])

        assert issued.account.state == "invited"
        assert known_hash() not in repr(issued)
