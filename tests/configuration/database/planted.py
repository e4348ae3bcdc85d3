"""Sessions and writers of SQLite that watch, wait, or leave out what a rule demands."""

import threading
from pathlib import Path
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.database.group_commit import GroupCommit
from configuration.kit.database.sqlite import SqliteSession, driver
from configuration.kit.database.tickets import Ticket, deliver


class Recording(SqliteSession):
    """Remembers the commands of transactions, and can hold the next COMMIT back."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.commands: list[str] = []
        self.may_commit = threading.Event()
        self.may_commit.set()
        self.commits = threading.Event()
        super().__init__(path, **options)

    def command(self, sql: str) -> None:
        self.commands.append(sql)
        if sql == "COMMIT":
            self.commits.set()
            assert self.may_commit.wait(5)
        super().command(sql)


class WithoutSavepoints(SqliteSession):
    """The planted fault: a refused unit is not undone alone."""

    def command(self, sql: str) -> None:
        if sql in {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"}:
            super().command(sql)


class FailingCommit(SqliteSession):
    """A disk that is full when the first batch is committed."""

    failures = 1

    def command(self, sql: str) -> None:
        if sql == "COMMIT" and self.failures:
            self.failures -= 1
            raise driver.OperationalError("database or disk is full")
        super().command(sql)


class DyingSession(SqliteSession):
    """Kills the writer thread between two units."""

    def command(self, sql: str) -> None:
        if sql == "SAVEPOINT unit":
            raise SystemExit("the thread dies here")
        super().command(sql)


class Eager(GroupCommit):
    """The planted fault: outcomes are delivered before the COMMIT."""

    def _run_unit(self, ticket: Ticket) -> bool:
        goes_on = super()._run_unit(ticket)
        deliver(self._batch)
        return goes_on


class Gate:
    """A unit that holds the writer until it is opened, so that the units after it make one batch."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self._open = threading.Event()

    def unit(self, _: Transaction) -> None:
        """Wait inside a unit."""
        self.entered.set()
        assert self._open.wait(5)

    def open(self) -> None:
        """Let the writer go on."""
        self._open.set()
