"""The whole university in one process, served as `erp serve` serves it, with the faults it is told to have.

`ERP_TEST_FAULTS` names faults, separated by blanks: `no_row_locks` takes FOR UPDATE out of every statement;
`before_commit:40` and `after_commit:40` end the process, as kill -9 would, around its fortieth COMMIT.
"""

import os
import re
import signal
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from configuration.kit.database import statement
from configuration.kit.database.postgresql import PostgresSession
from configuration.kit.database.sqlite import SqliteSession
from configuration.server import serve
from configuration.settings import load_settings

ROW_LOCK = re.compile(r" FOR UPDATE( OF [a-z_\", ]+)?( SKIP LOCKED)?")


def no_row_locks(_: str) -> None:
    """Compile every statement without its row lock."""
    compiled: Callable[..., None] = statement.Plan.__init__

    def unlocked(self: statement.Plan, *args: Any) -> None:
        compiled(self, *args)
        self.sql = ROW_LOCK.sub("", self.sql)

    setattr(statement.Plan, "__init__", unlocked)  # noqa: B010 - a planted fault


def _die_around_commit(number: int, *, before: bool) -> None:
    commits = count(1)

    def plant(session: type, method: str, is_commit: Callable[..., bool]) -> None:
        original = getattr(session, method)

        def failing(self: Any, *args: Any) -> Any:
            last = is_commit(self, *args) and next(commits) >= number
            if last and before:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = original(self, *args)
            if last:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        setattr(session, method, failing)

    plant(SqliteSession, "command", lambda _, sql: sql == "COMMIT")
    plant(PostgresSession, "commit", lambda self: self._begin == b"BEGIN")  # readers commit too


def before_commit(number: str) -> None:
    """Die when everything is written and nothing is durable."""
    _die_around_commit(int(number), before=True)


def after_commit(number: str) -> None:
    """Die when everything is durable and nobody knows."""
    _die_around_commit(int(number), before=False)


FAULTS: Mapping[str, Callable[[str], None]] = {
    "no_row_locks": no_row_locks,
    "before_commit": before_commit,
    "after_commit": after_commit,
}

if __name__ == "__main__":
    for fault in os.environ.get("ERP_TEST_FAULTS", "").split():
        name, _, argument = fault.partition(":")
        FAULTS[name](argument)
    settings = load_settings(serving=True)
    serve("main:app", settings, port=settings.port)
