"""Signing in, and how wrong tries are slowed."""

import asyncio
from datetime import datetime, timedelta

import pytest

from configuration.kit.database import Database
from configuration.kit.features.accounts import Account
from configuration.kit.features.accounts.domain import FREE_TRIES, State
from configuration.kit.features.accounts.model import Attempt, SignedIn
from configuration.kit.features.accounts.repository import accounts, throttle
from configuration.kit.features.accounts.use_cases import signing_in
from configuration.kit.security.hashing import shared_hasher
from tests.people import NOW, PASSWORD, add_account, known_hash, roles_of

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def begin(
    db: Database, name: str = "ann", address: str = HERE, now: datetime = NOW, campus: tuple[str, ...] = ()
) -> Attempt:
    return db.write_sync(signing_in.begin, name, address, campus=campus, now=now)


def finish(db: Database, attempt: Attempt, verified: bool, kind: str = "api") -> SignedIn | str:
    return db.write_sync(signing_in.finish, "student", attempt, verified, kind, agent="a" * 500, now=NOW)


class TestSignIn:
    """The right password opens a sign-in; nothing else does."""

    def test_the_right_password_signs_in_with_the_roles_of_now(self, db: Database, student: Account) -> None:
        signed = finish(db, begin(db), verified=True)

        assert isinstance(signed, SignedIn)
        assert signed.standing.actor.person == "student:1001"
        assert signed.standing.actor.holds("student")
        assert signed.secret not in repr(signed)

    def test_a_wrong_password_is_refused(self, db: Database, student: Account) -> None:
        assert finish(db, begin(db), verified=False) == "refused"

    def test_an_unknown_name_has_no_hash_and_is_refused_alike(self, db: Database) -> None:
        attempt = begin(db, "nobody")

        assert attempt.known is None
        assert finish(db, attempt, verified=False) == "refused"
        assert finish(db, attempt, verified=True) == "refused"

    @pytest.mark.parametrize("state", ["invited", "locked", "disabled"])
    def test_whoever_knows_the_password_learns_why_the_account_is_shut(self, db: Database, state: State) -> None:
        db.write_sync(add_account, roles_of("student"), "student", user_name="zoe", state=state)

        assert finish(db, begin(db, "zoe"), verified=True) == state
        assert finish(db, begin(db, "zoe"), verified=False) == "refused"

    def test_a_password_changed_meanwhile_does_not_sign_in(self, db: Database, student: Account) -> None:
        attempt = begin(db)
        db.write_sync(accounts.set_password, student.id, "another hash", NOW)

        assert finish(db, attempt, verified=True) == "refused"

    async def test_known_and_unknown_names_cost_one_verification_each(self, db: Database, student: Account) -> None:
        hasher, before = shared_hasher(), shared_hasher().verifications

        for name in ("ann", "nobody"):
            await hasher.verify(begin(db, name).known, "wrong")

        assert hasher.verifications == before + 2

    async def test_no_password_fits_a_missing_hash(self) -> None:
        hasher = shared_hasher()

        assert await hasher.verify(known_hash(), PASSWORD)
        assert not await hasher.verify(None, PASSWORD)
        assert not await hasher.verify("not a hash", PASSWORD)


class TestThrottle:
    """Wrong tries slow the pair of account and address, and nobody else."""

    def fail(self, db: Database, times: int, address: str = HERE) -> Attempt:
        for _ in range(times):
            attempt = begin(db, address=address)
        return attempt

    def test_the_first_wrong_tries_are_free(self, db: Database, student: Account) -> None:
        assert self.fail(db, FREE_TRIES).free_at is None

    def test_further_tries_have_to_wait(self, db: Database, student: Account) -> None:
        self.fail(db, FREE_TRIES)

        attempt = begin(db)

        assert attempt.free_at == NOW + timedelta(seconds=1)
        assert attempt.known is None
        assert begin(db, now=NOW + timedelta(seconds=1)).free_at is None

    def test_the_owner_at_another_address_signs_in_all_the_same(self, db: Database, student: Account) -> None:
        self.fail(db, 50)

        assert isinstance(finish(db, begin(db, address=ELSEWHERE), verified=True), SignedIn)

    def test_another_account_at_the_same_address_signs_in_all_the_same(self, db: Database, student: Account) -> None:
        db.write_sync(add_account, roles_of("student"), "student", user_name="zoe")
        self.fail(db, 50)

        assert begin(db, "zoe").free_at is None

    def test_tries_that_have_to_wait_do_not_count(self, db: Database, student: Account) -> None:
        self.fail(db, 50)

        assert begin(db).free_at == NOW + timedelta(seconds=1)

    def test_the_right_password_clears_the_count(self, db: Database, student: Account) -> None:
        self.fail(db, FREE_TRIES - 1)
        finish(db, begin(db), verified=True)

        assert self.fail(db, FREE_TRIES).free_at is None

    def test_unknown_names_are_slowed_alike(self, db: Database) -> None:
        for _ in range(FREE_TRIES):
            begin(db, "nobody")

        assert begin(db, "nobody").free_at is not None

    def test_on_campus_the_wait_stays_short(self, db: Database, student: Account) -> None:
        now = NOW
        for _ in range(20):
            attempt = begin(db, now=now, campus=("192.0.2.0/24",))
            now += timedelta(seconds=11)

        assert attempt.free_at is None

    def test_tries_are_forgotten_after_an_hour(self, db: Database, student: Account) -> None:
        self.fail(db, FREE_TRIES)

        later = begin(db, now=NOW + timedelta(hours=2))

        assert later.free_at is None
        assert db.write_sync(throttle.lock, later.pair, NOW).failures == 1

    def test_the_pair_is_unreadable(self, db: Database, student: Account) -> None:
        pair = begin(db).pair

        assert "ann" not in pair and HERE not in pair

    async def test_parallel_guesses_are_counted_before_they_are_answered(self, db: Database, student: Account) -> None:
        attempts = await asyncio.gather(
            *(db.write(signing_in.begin, "ann", HERE, campus=(), now=NOW) for _ in range(32))
        )

        assert sum(attempt.free_at is None for attempt in attempts) == FREE_TRIES
