"""Refresh tokens rotate; a stolen one ends the sign-in."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from configuration.kit.database import Database, Statement
from configuration.kit.features.accounts import Account
from configuration.kit.features.accounts.model import SignedIn
from configuration.kit.features.accounts.repository import sign_ins
from configuration.kit.features.accounts.tables import refresh_token
from configuration.kit.features.accounts.use_cases import refreshing, signing_in
from configuration.kit.features.audit.tables import audit
from tests.people import NOW

COUNT = Statement(select(func.count()).select_from(refresh_token))
ALL = Statement(select(refresh_token.c.token_hash, refresh_token.c.nonce))
ACTIONS = Statement(select(audit.c.action))


@pytest.fixture
def signed(db: Database, student: Account) -> SignedIn:
    """A student who is signed in with an API client."""
    return db.write_sync(signing_in.open_sign_in, "student", student.id, "api", agent="test", now=NOW)


def refresh(db: Database, token: str, now: datetime = NOW) -> SignedIn | None:
    return db.write_sync(refreshing.refresh, "student", token, now=now)


def renewed(db: Database, token: str, now: datetime = NOW) -> str:
    found = refresh(db, token, now)
    assert found is not None
    return found.secret


class TestRefresh:
    """Each token is used once; half a minute is left to those who race or lost the answer."""

    def test_a_token_gives_its_successor(self, db: Database, signed: SignedIn) -> None:
        first = renewed(db, signed.secret)
        second = renewed(db, first)

        assert len({signed.secret, first, second}) == 3

    def test_the_same_token_within_half_a_minute_gives_the_same_successor(self, db: Database, signed: SignedIn) -> None:
        first = renewed(db, signed.secret)

        again = renewed(db, signed.secret, NOW + timedelta(seconds=30))

        assert again == first

    def test_later_reuse_ends_the_sign_in_and_leaves_a_trace(self, db: Database, signed: SignedIn) -> None:
        first = renewed(db, signed.secret)
        late = NOW + timedelta(seconds=31)

        assert refresh(db, signed.secret, late) is None

        assert refresh(db, first, late) is None
        assert "account.refresh_reuse" in [row.action for row in db.read_sync(lambda tx: tx.all(ACTIONS))]

    @pytest.mark.parametrize("token", ["", "unknown", "\ud800"])
    def test_an_unknown_token_is_refused(self, db: Database, signed: SignedIn, token: str) -> None:
        assert refresh(db, token) is None

    def test_a_token_ends_after_two_weeks_and_the_sign_in_after_thirty_days(
        self, db: Database, signed: SignedIn
    ) -> None:
        assert refresh(db, signed.secret, NOW + timedelta(days=14, seconds=1)) is None

        middle = renewed(db, signed.secret, NOW + timedelta(days=13))
        last = renewed(db, middle, NOW + timedelta(days=26))
        assert refresh(db, last, NOW + timedelta(days=29)) is not None
        assert refresh(db, last, NOW + timedelta(days=30, seconds=1)) is None

    def test_a_signed_out_family_refreshes_no_more(self, db: Database, signed: SignedIn) -> None:
        assert signed.standing.actor.family_id is not None
        db.write_sync(sign_ins.end, signed.standing.actor.family_id, reason="signed out", now=NOW)

        assert refresh(db, signed.secret) is None

    async def test_sixty_four_clients_with_one_token_get_one_successor(self, db: Database, signed: SignedIn) -> None:
        found = await asyncio.gather(
            *(db.write(refreshing.refresh, "student", signed.secret, now=NOW) for _ in range(64))
        )

        assert len({each.secret for each in found if each is not None}) == 1
        assert None not in found
        assert db.read_sync(lambda tx: tx.scalar(COUNT)) == 2

    def test_neither_the_database_nor_an_old_token_gives_the_successor(self, db: Database, signed: SignedIn) -> None:
        successor = renewed(db, signed.secret)

        stored = db.read_sync(lambda tx: tx.all(ALL))

        assert all(successor not in (row.token_hash, row.nonce) for row in stored)
        assert refreshing.successor_of(signed.secret, "") != successor
