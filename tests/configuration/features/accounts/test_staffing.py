"""Acts of staff on accounts, and what an owner sees and ends."""

from datetime import timedelta

import pytest

from configuration.kit.database import Database
from configuration.kit.features.accounts import Account, change_state, home, invite
from configuration.kit.features.accounts.domain import Act
from configuration.kit.features.accounts.errors import (
    AccountNotFound,
    NotYoursToManage,
    OwnAccount,
    SessionNotFound,
    StateUnfit,
)
from configuration.kit.features.accounts.model import SignedIn
from configuration.kit.features.accounts.repository import accounts
from configuration.kit.features.accounts.use_cases import refreshing, signing_in, staffing
from configuration.kit.security.actor import Actor
from tests.people import NOW, add_account, roles_of

STUDENT = roles_of("student")


def sign_in(db: Database, account: Account, kind: str = "api") -> SignedIn:
    return db.write_sync(signing_in.open_sign_in, "student", account.id, kind, agent="Firefox", now=NOW)


def change(db: Database, account_id: int, act: Act, by: Actor) -> Account:
    return db.write_sync(change_state, STUDENT, account_id, act, reason="a reason", by=by, now=NOW)


class TestStates:
    """Disable, lock, enable: staff, a reason, somebody else's account."""

    @pytest.mark.parametrize(("act", "state"), [("disable", "disabled"), ("lock", "locked")])
    def test_whoever_is_signed_in_is_signed_out(
        self, db: Database, registrar: Actor, student: Account, act: Act, state: str
    ) -> None:
        api, browser = sign_in(db, student), sign_in(db, student, "browser")

        changed = change(db, student.id, act, registrar)

        assert (changed.state, changed.state_reason) == (state, "a reason")
        assert db.write_sync(refreshing.refresh, "student", api.secret, now=NOW) is None
        assert db.read_sync(home.by_secret, "student", browser.secret, NOW) is None

    def test_a_sign_in_that_slipped_in_while_the_account_was_shut_is_void(self, db: Database, student: Account) -> None:
        browser, api = sign_in(db, student, "browser"), sign_in(db, student)
        family = api.standing.actor.family_id
        assert family is not None

        db.write_sync(accounts.set_state, student.id, "disabled", by="x", reason=None, now=NOW)

        assert db.read_sync(home.by_secret, "student", browser.secret, NOW) is None
        version = api.standing.version + 1
        assert not db.read_sync(home.stands, family_id=family, account_id=student.id, version=version, now=NOW)

    def test_an_enabled_account_works_again_but_old_sessions_stay_ended(
        self, db: Database, registrar: Actor, student: Account
    ) -> None:
        browser = sign_in(db, student, "browser")
        change(db, student.id, "disable", registrar)

        assert change(db, student.id, "enable", registrar).state == "active"

        assert db.read_sync(home.by_secret, "student", browser.secret, NOW) is None

    def test_an_account_that_never_had_a_password_is_invited_again(self, db: Database, registrar: Actor) -> None:
        made = db.write_sync(invite, STUDENT, by=registrar, now=NOW, user_name="mia", roles=["student"]).account
        change(db, made.id, "disable", registrar)

        assert change(db, made.id, "enable", registrar).state == "invited"

    @pytest.mark.parametrize(("first", "then"), [("disable", "disable"), ("disable", "lock"), ("lock", "lock")])
    def test_what_does_not_fit_the_state_is_refused(
        self, db: Database, registrar: Actor, student: Account, first: Act, then: Act
    ) -> None:
        change(db, student.id, first, registrar)

        with pytest.raises(StateUnfit):
            change(db, student.id, then, registrar)

    def test_nobody_shuts_their_own_account(self, db: Database, registrar: Actor) -> None:
        assert registrar.account_id is not None
        with pytest.raises(OwnAccount):
            change(db, registrar.account_id, "disable", registrar)

    def test_a_registrar_does_not_shut_an_operator_out(self, db: Database, registrar: Actor) -> None:
        operator = db.write_sync(add_account, STUDENT, "operator")

        with pytest.raises(NotYoursToManage):
            change(db, operator.id, "disable", registrar)

    def test_an_absent_account_is_not_found(self, db: Database, registrar: Actor) -> None:
        with pytest.raises(AccountNotFound):
            change(db, 999, "disable", registrar)


class TestSessions:
    """An owner sees where they are signed in, and ends what they do not know."""

    def test_live_sessions_are_listed_the_latest_first(self, db: Database, student: Account) -> None:
        first, second = sign_in(db, student), sign_in(db, student, "browser")

        found = db.read_sync(staffing.list_sign_ins, by=second.standing.actor, before=0, limit=9, now=NOW)

        assert [(each.kind, each.current) for each in found] == [("browser", True), ("api", False)]
        assert first.standing.actor.family_id == found[1].id

    def test_expired_sessions_are_not_listed(self, db: Database, student: Account) -> None:
        actor = sign_in(db, student, "browser").standing.actor

        later = NOW + timedelta(hours=13)

        assert db.read_sync(staffing.list_sign_ins, by=actor, before=0, limit=9, now=later) == []

    def test_an_ended_session_is_void(self, db: Database, student: Account) -> None:
        here, there = sign_in(db, student), sign_in(db, student, "browser")
        family = there.standing.actor.family_id
        assert family is not None

        db.write_sync(staffing.end_sign_in, family, by=here.standing.actor, now=NOW)

        assert db.read_sync(home.by_secret, "student", there.secret, NOW) is None
        with pytest.raises(SessionNotFound):
            db.write_sync(staffing.end_sign_in, family, by=here.standing.actor, now=NOW)

    def test_another_persons_session_is_not_found(self, db: Database, student: Account, registrar: Actor) -> None:
        family = sign_in(db, student).standing.actor.family_id
        assert family is not None

        with pytest.raises(SessionNotFound):
            db.write_sync(staffing.end_sign_in, family, by=registrar, now=NOW)

    def test_all_others_end_at_once(self, db: Database, student: Account) -> None:
        here, *others = [sign_in(db, student, "browser") for _ in range(3)]

        ended = db.write_sync(staffing.end_other_sign_ins, by=here.standing.actor, now=NOW)

        assert ended == 2
        assert db.read_sync(home.by_secret, "student", here.secret, NOW) is not None
        assert all(db.read_sync(home.by_secret, "student", each.secret, NOW) is None for each in others)

    def test_signing_out_twice_is_fine(self, db: Database, student: Account) -> None:
        actor = sign_in(db, student).standing.actor

        db.write_sync(staffing.sign_out, by=actor, now=NOW)
        db.write_sync(staffing.sign_out, by=actor, now=NOW)

        assert db.read_sync(staffing.list_sign_ins, by=actor, before=0, limit=9, now=NOW) == []


class TestLists:
    """Lists of accounts are paged by id."""

    def test_pages_follow_one_another(self, db: Database, registrar: Actor) -> None:
        made = [db.write_sync(add_account, STUDENT, "student").id for _ in range(5)]

        first = db.read_sync(staffing.list_accounts, state="active", after=0, limit=4)
        second = db.read_sync(staffing.list_accounts, state=None, after=first[-1].id, limit=4)

        assert [each.id for each in first + second] == [registrar.account_id, *made]
