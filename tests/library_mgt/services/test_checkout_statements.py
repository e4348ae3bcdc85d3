"""How often a checkout asks its database: on PostgreSQL each time is a way there and back."""

from collections.abc import Sequence
from typing import Any

import pytest

from configuration.kit.database import Transaction
from configuration.kit.database.transaction import Cursor, Session
from configuration.kit.features.idempotency import Key, once
from library_mgt.models.data.copies import CopyView
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.models.response.circulation import DeskLoanRead
from library_mgt.services import circulation
from tests.library_mgt.world import ANN, BEN, LIBRARIAN, NOW, ZONE, Library

STATEMENTS = {"sqlite": 8, "postgresql": 7}
"""Key looked for or claimed, rows locked, facts, loan, event, audit (its actor apart on SQLite), answer kept."""


class Listening:
    """A session that remembers what it was asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.asked: list[str] = []

    def execute(self, sql: str, values: Sequence[object]) -> Cursor:
        self.asked.append(sql)
        return self._session.execute(sql, values)

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        self.asked.append(sql)
        return self._session.execute_many(sql, rows)


def asked_for_checkout(library: Library, reader: str, copy: CopyView) -> tuple[str, list[str]]:
    """The dialect, and every statement of a checkout with a key, as the desk's route runs it."""

    def unit(tx: Transaction, **options: Any) -> tuple[str, list[str]]:
        heard = Listening(tx._session)
        key = Key(LIBRARIAN.person, "library:check_out", f"key-{reader}", "0" * 64, NOW)
        wish = LoanCreate(patron=reader, barcode=copy.barcode or "")
        once(Transaction(heard, tx.dialect), key, circulation.check_out, wish, answer=DeskLoanRead, **options)
        return tx.dialect, heard.asked

    return library.write(unit, by=LIBRARIAN, zone=ZONE)


class TestACheckout:
    @pytest.fixture(autouse=True)
    def rules_known(self, library: Library) -> None:
        """A first loan reads the rules, which stay known until one changes."""
        _, [copy] = library.book()
        library.reader(BEN)
        library.lend(BEN, copy)

    def test_asks_no_more_often_because_readers_may_owe_or_be_blocked(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)

        dialect, asked = asked_for_checkout(library, "student:1001", copy)

        assert len(asked) == STATEMENTS[dialect], "\n\n".join(asked)

    def test_locks_all_its_rows_in_one_statement(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)

        dialect, asked = asked_for_checkout(library, "student:1001", copy)

        locking = [sql for sql in asked if "FOR NO KEY UPDATE" in sql or "FOR UPDATE" in sql]
        assert len(locking) == (1 if dialect == "postgresql" else 0)
