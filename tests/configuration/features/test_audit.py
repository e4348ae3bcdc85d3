"""Rule 8: audit rows are sealed into a chain, and people can be forgotten without breaking it."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, select, text

from configuration.kit.database import NAMING, Database, Statement, Transaction, id_column, insert_into
from configuration.kit.errors import Blocker, Conflict
from configuration.kit.features import audit
from configuration.kit.features.audit import chain
from configuration.kit.features.audit.tables import metadata as audit_tables
from configuration.kit.security.actor import Actor
from tests.configuration.features.conftest import OpenWith

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LIBRARIAN = Actor("library:3", "library", "L. Brarian")
READER = Actor("student:1001", "student", "R. Eader", via="session")

shop = MetaData(naming_convention=NAMING)
stock = Table("stock", shop, id_column(), Column("left", Integer, nullable=False))
_STOCK = Statement(insert_into(stock))

_ROWS = Statement(
    select(
        audit.tables.audit.c.id,
        audit.tables.audit.c.subject,
        audit.tables.audit.c.outcome,
        audit.tables.audit.c.facts,
        audit.tables.audit.c.position,
    ).order_by(audit.tables.audit.c.id)
)
_PEOPLE = Statement(select(audit.tables.audit_actor.c.person).order_by(audit.tables.audit_actor.c.audit_id))


@pytest.fixture
def db(open_with: OpenWith) -> Database:
    """A database with an audit and a little stock."""
    return open_with(audit_tables, shop)


async def lend(db: Database, loan: int, by: Actor = LIBRARIAN) -> None:
    """Audit the lending of a book."""
    await db.write(audit.record, "library:check_out", f"loan:{loan}", by=by, now=NOW, facts={"copy": loan * 7})


async def tamper(db: Database, sql: str) -> None:
    """Change the database behind the audit's back."""
    await db.write(lambda tx: tx.run(Statement(text(sql))))


class TestRecord:
    """What a row holds."""

    async def test_a_row_names_the_thing_and_the_side_row_the_person(self, db: Database) -> None:
        await lend(db, 12, READER)

        row = await db.read(lambda tx: tx.one(_ROWS))
        assert (row.subject, row.outcome, row.facts, row.position) == ("loan:12", "done", {"copy": 84}, None)
        assert await db.read(lambda tx: tx.scalar(_PEOPLE)) == "student:1001"

    async def test_it_vanishes_with_the_act_that_is_rolled_back(self, db: Database) -> None:
        def refused(tx: Transaction) -> None:
            audit.record(tx, "library:check_out", "loan:12", by=LIBRARIAN, now=NOW)
            raise Conflict

        with pytest.raises(Conflict):
            await db.write(refused)

        assert await db.read(lambda tx: tx.all(_ROWS)) == []

    async def test_a_refused_act_is_audited_in_a_second_write_with_every_reason(self, db: Database) -> None:
        refusal = Conflict(blockers=[Blocker("LOAN_LIMIT_REACHED", "Five books are out.")])

        await audit.refused(db, refusal, "library:check_out", "copy:84", LIBRARIAN, NOW)

        row = await db.read(lambda tx: tx.one(_ROWS))
        assert (row.outcome, row.facts) == ("refused", {"codes": ["CONFLICT", "LOAN_LIMIT_REACHED"]})

    @pytest.mark.parametrize(
        ("subject", "facts"), [("student:1001", {}), ("loan:12", {"reader": "faculty:7"}), ("library:3", {})]
    )
    async def test_a_person_in_what_is_kept_for_ever_is_an_error(
        self, db: Database, subject: str, facts: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match="for ever"):
            await db.write(audit.record, "x", subject, by=LIBRARIAN, now=NOW, facts=facts)


class TestChain:
    """Whatever is changed afterwards is found."""

    @pytest.fixture
    async def sealed(self, db: Database) -> Database:
        """Five sealed rows."""
        for loan in range(1, 6):
            await lend(db, loan)
        assert await db.write(audit.seal, NOW) == 5
        return db

    async def test_an_untouched_chain_verifies(self, sealed: Database) -> None:
        assert await sealed.read(audit.verify) == []

    async def test_rows_that_come_later_are_sealed_behind(self, sealed: Database) -> None:
        await lend(sealed, 6)

        assert await sealed.write(audit.seal, NOW) == 1
        assert await sealed.write(audit.seal, NOW) == 0
        assert [row.position for row in await sealed.read(lambda tx: tx.all(_ROWS))] == [1, 2, 3, 4, 5, 6]
        assert await sealed.read(audit.verify) == []

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE audit SET subject = 'loan:99' WHERE id = 3",
            "UPDATE audit SET outcome = 'refused' WHERE id = 5",
            "UPDATE audit SET facts = '{}' WHERE id = 1",
            "UPDATE audit SET action = 'x' WHERE id = 2",
            "UPDATE audit SET actor_digest = 'x' WHERE id = 2",
            "UPDATE audit_actor SET person = 'library:4' WHERE audit_id = 2",
            "UPDATE audit SET position = position + 10 WHERE id = 5",
        ],
    )
    async def test_a_changed_row_is_found(self, sealed: Database, change: str) -> None:
        await tamper(sealed, change)

        assert await sealed.read(audit.verify) != []

    @pytest.mark.parametrize("row", [1, 3])
    async def test_a_removed_row_is_found(self, sealed: Database, row: int) -> None:
        await tamper(sealed, f"DELETE FROM audit_actor WHERE audit_id = {row}")
        await tamper(sealed, f"DELETE FROM audit WHERE id = {row}")

        assert await sealed.read(audit.verify) != []

    async def test_a_row_changed_and_sealed_anew_alone_is_found(self, sealed: Database) -> None:
        await tamper(sealed, "UPDATE audit SET subject = 'loan:99', position = NULL, link = NULL WHERE id = 3")
        await sealed.write(audit.seal, NOW)

        assert await sealed.read(audit.verify) != []

    async def test_more_rows_than_a_page_are_verified(self, db: Database) -> None:
        def many(tx: Transaction) -> None:
            for loan in range(chain.PAGE + 50):
                audit.record(tx, "library:check_out", f"loan:{loan}", by=LIBRARIAN, now=NOW)

        await db.write(many)
        assert [await db.write(audit.seal, NOW) for _ in range(3)] == [chain.PAGE, 50, 0]

        assert await db.read(audit.verify) == []

    async def test_many_writers_and_many_sealers_leave_one_whole_chain(self, db: Database) -> None:
        sealers = [db.write(audit.seal, NOW) for _ in range(10)]
        await asyncio.gather(*(lend(db, loan) for loan in range(60)), *sealers)
        while await db.write(audit.seal, NOW):
            pass

        assert await db.read(audit.verify) == []
        positions = [row.position for row in await db.read(lambda tx: tx.all(_ROWS))]
        assert sorted(positions) == list(range(1, 61))

    async def test_a_second_sealer_does_not_touch_what_the_first_one_has_in_hand(self, db: Database) -> None:
        await lend(db, 1)
        sealed, go_on = threading.Event(), threading.Event()

        def slowly(tx: Transaction) -> int:
            many = audit.seal(tx, NOW)
            sealed.set()
            # SQLite's only writer cannot meet a second one: there the other comes when this one has ended.
            assert go_on.wait(5 if tx.dialect == "postgresql" else 0.05) or tx.dialect == "sqlite"
            return many

        first = asyncio.create_task(db.write(slowly))
        await asyncio.to_thread(sealed.wait, 5)
        async with asyncio.timeout(4):
            assert await db.write(audit.seal, NOW) == 0
        go_on.set()

        assert await first == 1
        assert await db.read(audit.verify) == []

    async def test_a_chain_linked_by_every_transaction_would_break(self, db: Database) -> None:
        """The planted fault, where several may write at once: each links to the last row that it can see."""
        both_wrote = asyncio.Barrier(2)

        async def link(loan: int) -> Any:
            await lend(db, loan)
            head = await db.read(lambda tx: tx.scalar(Statement(select(func.max(audit.tables.audit.c.position)))))
            await both_wrote.wait()
            return head

        assert list(await asyncio.gather(link(1), link(2))) == [None, None], "both would follow the same row"


class TestForgetting:
    """People go, the chain stays."""

    async def test_forgetting_a_person_leaves_the_chain_whole(self, db: Database) -> None:
        await lend(db, 1, READER)
        await lend(db, 2)
        await db.write(audit.seal, NOW)

        assert await db.write(audit.forget, READER.person) == 1

        assert [row.person for row in await db.read(lambda tx: tx.all(_PEOPLE))] == [LIBRARIAN.person]
        assert await db.read(audit.verify) == []

    async def test_forgetting_who_acted_on_one_loan(self, db: Database) -> None:
        await lend(db, 1, READER)
        await lend(db, 2, READER)

        assert await db.write(audit.forget_subject, "loan:1") == 1

        assert len(await db.read(lambda tx: tx.all(_PEOPLE))) == 1

    async def test_the_digest_that_stays_differs_for_each_act_of_a_person(self, db: Database) -> None:
        await lend(db, 1, READER)
        await lend(db, 2, READER)

        digests = Statement(select(audit.tables.audit.c.actor_digest))
        assert len({row.actor_digest for row in await db.read(lambda tx: tx.all(digests))}) == 2


class TestSealing:
    """The background task of a service."""

    async def test_rows_are_sealed_while_the_service_runs(self, db: Database) -> None:
        async with audit.sealing(db, clock=lambda: NOW, every=0.02):
            await lend(db, 1)
            async with asyncio.timeout(5):
                while await db.read(chain.unsealed):
                    await asyncio.sleep(0.02)

        assert await db.read(audit.verify) == []

    async def test_the_rest_is_sealed_at_the_end(self, db: Database) -> None:
        async with audit.sealing(db, clock=lambda: NOW, every=60):
            await lend(db, 1)

        assert not await db.read(chain.unsealed)

    async def test_a_database_that_is_away_is_tried_again_and_told_of(
        self, db: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with audit.sealing(db, clock=lambda: NOW, every=0.01):
            await db.close()
            await asyncio.sleep(0.1)

        assert [record.message for record in caplog.records].count("the audit could not be sealed now") > 1


class TestInvariants:
    """Truths as SQL."""

    NEVER_BELOW_ZERO = audit.Invariant(
        "stock_not_negative", "Nothing is sold that is not there.", Statement(select(stock).where(stock.c.left < 0))
    )

    async def test_a_truth_that_holds_gives_nothing(self, db: Database) -> None:
        await db.write(lambda tx: tx.run(_STOCK, left=1))

        assert await db.read(audit.check, [self.NEVER_BELOW_ZERO]) == []

    async def test_a_broken_truth_is_counted_and_shown(self, db: Database) -> None:
        await db.write(lambda tx: tx.run_many(_STOCK, [{"left": -number} for number in range(1, 15)]))

        [violation] = await db.read(audit.check, [self.NEVER_BELOW_ZERO])

        assert (violation.name, violation.count, len(violation.examples)) == ("stock_not_negative", 14, 10)
        assert violation.sentence == "Nothing is sold that is not there."
