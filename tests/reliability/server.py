"""The whole university in one process, served as `erp serve` serves it, with the faults it is told to have.

`ERP_TEST_FAULTS` names faults, separated by blanks: `no_row_locks` takes FOR UPDATE out of every statement;
`late_locks` does the like on SQLite; `before_commit:40` and `after_commit:40` end the process, as kill -9 would, around
its fortieth COMMIT; `forgetful:7` undoes each seventh unit it acknowledges; `keyless` ignores Idempotency-Keys.
`no_lock_of:patron` takes it out for one table; `counted_first` looks at what decides a checkout before it locks.
`uncounted` numbers attempts and marks, and makes workbins, by what it has just seen; `late_files` answers before files
are at their place.
"""

import importlib
import os
import re
import signal
import threading
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from configuration.kit.database import database, insert_into, statement
from configuration.kit.database.postgresql import PostgresSession
from configuration.kit.database.sqlite import SqliteSession
from configuration.server import serve
from configuration.settings import settings_for_serving

ROW_LOCK = re.compile(r" FOR (?:NO KEY )?UPDATE( OF [a-z_\", ]+)?( SKIP LOCKED)?")
ROW_LOCKS_OF = re.compile(r" (FOR (?:NO KEY )?UPDATE) OF ([a-z_\", ]+?)(?= SKIP| NOWAIT|$)")

SIGNING_IN = 12
"""So many COMMITs may pass until the first people are signed in."""


def no_row_locks(_: str) -> None:
    """Compile every statement without its row lock."""
    compiled: Callable[..., None] = statement.Plan.__init__

    def unlocked(self: statement.Plan, *args: Any) -> None:
        compiled(self, *args)
        self.sql = ROW_LOCK.sub("", self.sql)
        assert " UPDATE OF " not in self.sql, "a lock is spelled otherwise, and the fault was not planted"

    setattr(statement.Plan, "__init__", unlocked)  # noqa: B010 - a planted fault


def no_lock_of(table: str) -> None:
    """Compile every statement without its lock on rows of this table; on others it stays."""
    compiled: Callable[..., None] = statement.Plan.__init__

    def less(found: re.Match[str]) -> str:
        locked = [name for name in found[2].split(", ") if name.strip('"') != table]
        return f" {found[1]} OF {', '.join(locked)}" if locked else ""

    def unlocked(self: statement.Plan, *args: Any) -> None:
        compiled(self, *args)
        self.sql = ROW_LOCKS_OF.sub(less, self.sql)
        if " OF " not in self.sql and re.search(rf'FROM "?{table}"?\s', self.sql):
            self.sql = ROW_LOCK.sub("", self.sql)

    setattr(statement.Plan, "__init__", unlocked)  # noqa: B010 - a planted fault


def counted_first(_: str) -> None:
    """Decide a checkout by what was seen before anything was locked."""
    circulation, facts = (
        importlib.import_module(f"library_mgt.{name}") for name in ("services.circulation", "repository.facts")
    )
    check_out, for_checkout = circulation.check_out, facts.for_checkout
    seen = threading.local()

    def looked_first(tx: Any, wish: Any, *, by: Any, now: Any, zone: Any) -> Any:
        rows = facts.find_copy(tx, wish.patron, wish.barcode)
        seen.facts = for_checkout(tx, rows[0].patron_id, rows[0].copy_id, now=now, zone=zone) if rows else None
        return check_out(tx, wish, by=by, now=now, zone=zone)

    def remembered(*args: Any, **options: Any) -> Any:
        return getattr(seen, "facts", None) or for_checkout(*args, **options)

    vars(circulation).update(check_out=looked_first)
    vars(facts).update(for_checkout=remembered)


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

    plant(SqliteSession, "command", lambda self, sql: sql == "COMMIT" and self._writable)
    plant(PostgresSession, "commit", lambda self: self._begin == b"BEGIN")  # readers commit too


def before_commit(number: str) -> None:
    """Die when everything is written and nothing is durable."""
    _die_around_commit(int(number), before=True)


def after_commit(number: str) -> None:
    """Die when everything is durable and nobody knows."""
    _die_around_commit(int(number), before=False)


def forgetful(every: str) -> None:
    """Answer as if it were done, and undo it: now and then a COMMIT is a ROLLBACK, once people are signed in."""
    commits = count(-SIGNING_IN)

    def forgets() -> bool:
        number = next(commits)
        return number > 0 and number % int(every) == 0

    sqlite_command, commit = SqliteSession.command, PostgresSession.commit

    def command(self: SqliteSession, sql: str) -> None:
        forgotten = sql == "COMMIT" and self._writable and forgets()
        sqlite_command(self, "ROLLBACK" if forgotten else sql)

    def commit_or_not(self: PostgresSession) -> None:
        if self._begin == b"BEGIN" and forgets():
            self.rollback()
        else:
            commit(self)

    setattr(SqliteSession, "command", command)  # noqa: B010 - a planted fault
    setattr(PostgresSession, "commit", commit_or_not)  # noqa: B010 - a planted fault


def keyless(_: str) -> None:
    """Take no notice of Idempotency-Keys."""
    once = importlib.import_module("configuration.kit.features.idempotency.once")
    vars(once).update(_earlier=lambda tx, key: None, _keep=lambda *_: None)


def late_locks(_: str) -> None:
    """Let a second server at the same SQLite file, and begin writers as if they only read."""
    command = SqliteSession.command

    def late(self: SqliteSession, sql: str) -> None:
        command(self, "BEGIN DEFERRED" if sql == "BEGIN IMMEDIATE" else sql)

    setattr(SqliteSession, "command", late)  # noqa: B010 - a planted fault
    vars(database).update(ServerLock=lambda path: None)


def uncounted(_: str) -> None:
    """Number attempts and marks, and make workbins, by what was seen before; who comes at the same time sees it too."""
    rows, marks, workbins = (
        importlib.import_module(f"faculty_mgt.repository.{name}") for name in ("submissions", "marks", "workbins")
    )
    counting = rows.next_attempt

    def by_looking(tx: Any, assignment: int, student: int) -> int:
        seen = rows.work_of(tx, assignment, student)
        return 1 + (seen.attempts if seen else 0) if counting(tx, assignment, student) else 0

    def mark_by_looking(tx: Any, assignment: int, student: int) -> int:
        return 1 + len(marks.of_work(tx, assignment, student))

    vars(rows).update(next_attempt=by_looking, next_mark=mark_by_looking)
    vars(workbins).update(_ADD=statement.Statement(insert_into(workbins.workbin)))


def late_files(_: str) -> None:
    """Say that a file is at its place, and bring it there a second later."""
    store = importlib.import_module("configuration.kit.features.files.store")

    def later(self: Any, arriving: Any) -> Any:
        aside = arriving.path.with_suffix(".late")
        os.link(arriving.path, aside)
        place = self.path(arriving.arrived.sha256)
        place.parent.mkdir(exist_ok=True)
        threading.Timer(1.0, lambda: aside.replace(place)).start()
        return arriving.arrived

    store.FileStore.keep = later


FAULTS: Mapping[str, Callable[[str], None]] = {
    "no_row_locks": no_row_locks,
    "no_lock_of": no_lock_of,
    "counted_first": counted_first,
    "before_commit": before_commit,
    "after_commit": after_commit,
    "forgetful": forgetful,
    "keyless": keyless,
    "late_locks": late_locks,
    "uncounted": uncounted,
    "late_files": late_files,
}

if __name__ == "__main__":
    for fault in os.environ.get("ERP_TEST_FAULTS", "").split():
        name, _, argument = fault.partition(":")
        FAULTS[name](argument)
    settings = settings_for_serving()
    serve("main:app", settings, port=settings.port)
