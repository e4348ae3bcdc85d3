"""SQLite: the driver, its connections, and the lock that keeps a second server away.

The driver is used in its autocommit mode, with transactions begun and ended by us: its own handling begins writers as
readers, and 163 to 174 of 200 concurrent updates were lost that way. `synchronous=FULL` because NORMAL lost
acknowledged commits in 1,786 of 2,000 simulated power cuts, FULL in none.
"""

import importlib
import os
import sqlite3
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from configuration.kit.database.transaction import Cursor, NotStorable
from configuration.kit.errors import Unavailable

try:
    import fcntl
except ImportError:  # Windows: a laptop's trial, without the guard against a second server.
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    driver = sqlite3
else:
    try:
        driver = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        driver = sqlite3

UNSAFE_FROM = (3, 7, 0)
UNSAFE_TO = (3, 51, 2)
BUSY_SECONDS = 5.0
"""How long a foreign lock (a command beside the server, a backup) is waited for."""

_MISSING = "There is no database at {path}. Make it with: erp migrate"


class UnsafeSqlite(RuntimeError):
    """This version of SQLite can corrupt a database in WAL mode."""


class SecondServer(RuntimeError):
    """Another server already serves this database file."""


def check_version(version: tuple[int, ...] = driver.sqlite_version_info, *, production: bool = False) -> None:
    """Warn about versions that can corrupt the write-ahead log; refuse them in production."""
    if not UNSAFE_FROM <= version <= UNSAFE_TO:
        return
    text = (
        f"SQLite {'.'.join(map(str, version))} can corrupt a database in WAL mode (3.7.0 to 3.51.2 can). "
        "Install the package pysqlite3, or use PostgreSQL."
    )
    if production:
        raise UnsafeSqlite(text)
    warnings.warn(text, RuntimeWarning, stacklevel=2)


def busy(error: Exception) -> bool:
    """Whether SQLite gave up waiting for somebody else's lock."""
    return isinstance(error, driver.OperationalError) and ("locked" in str(error) or "busy" in str(error))


def out_of_order(error: Exception) -> Unavailable | None:
    """`Unavailable` for errors of the surroundings (a lock, a full disk), which a later try may not meet."""
    if busy(error):
        return Unavailable("The database is busy with something else.", headers={"Retry-After": "1"})
    text = str(error)
    if isinstance(error, driver.OperationalError) and any(
        sign in text for sign in ("disk is full", "disk I/O error", "readonly database", "unable to open")
    ):
        return Unavailable("The database's disk does not take writes.", headers={"Retry-After": "30"})
    return None


class SqliteSession:
    """One connection, owned by one thread."""

    def __init__(self, path: Path, *, writable: bool, busy_seconds: float = BUSY_SECONDS) -> None:
        if not path.exists():
            raise FileNotFoundError(_MISSING.format(path=path))
        self._path = path
        self._writable = writable
        self._busy_seconds = busy_seconds
        self._connection = self._connect()

    def _connect(self) -> "sqlite3.Connection":
        mode = "rw" if self._writable else "ro"
        connection = driver.connect(
            f"file:{_quoted(self._path)}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=self._busy_seconds,
            check_same_thread=False,
            cached_statements=512,
        )
        for pragma in ("foreign_keys=ON", "temp_store=MEMORY", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")
        if self._writable:
            # What is deleted is overwritten: forgetting would be none if the bytes stayed where they were.
            connection.execute("PRAGMA secure_delete=ON").fetchall()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "journal_size_limit=67108864"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
        else:
            connection.execute("PRAGMA query_only=ON")
        return connection

    def reconnect(self) -> None:
        """Replace a connection whose state is not known any more."""
        try:
            self._connection.close()
        finally:
            self._connection = self._connect()

    def command(self, sql: str) -> None:
        """Run BEGIN, COMMIT, SAVEPOINT and their like."""
        self._connection.execute(sql)

    @property
    def in_transaction(self) -> bool:
        """Whether the transaction still lives: some errors roll all of it back, and the savepoints with it."""
        return self._connection.in_transaction

    def execute(self, sql: str, values: Sequence[object]) -> Cursor:
        """Execute one statement."""
        _refuse_nul(values)
        return self._connection.execute(sql, tuple(values))

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Execute one statement for each row of values."""
        for values in rows:
            _refuse_nul(values)
        return self._connection.executemany(sql, rows).rowcount

    def close(self) -> None:
        """Close the connection, and leave nothing in the write-ahead log: it holds also what was deleted since.

        SQLite empties it by itself only where the last to close may write, and readers close last. One who reads this
        very moment, a command, keeps it from being emptied; then the next to close does it.

        Nothing asks SQLite to gather statistics (`PRAGMA optimize`): what it learned from the two rows after `erp init`
        would make it read whole tables ever after, until the next close. Without any it takes the indexes; the audit
        of 6,600 requests took under 0.2 s per invariant instead of more than three minutes in all.
        """
        if self._writable:
            with suppress(driver.Error):
                self._connection.execute("PRAGMA busy_timeout=500").fetchall()
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.close()


def _refuse_nul(values: Sequence[object]) -> None:
    """SQLite would store a NUL and then cut the text off there in half of its functions; PostgreSQL refuses it."""
    for value in values:
        if type(value) is str and "\0" in value:
            raise NotStorable("A text holds characters that cannot be stored.")


def _quoted(path: Path) -> str:
    """The path as the path part of a URI of SQLite."""
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


class ServerLock:
    """An exclusive lock beside the database file, held as long as a server runs.

    It is a file of its own: opening and closing the database file itself would drop SQLite's own locks on it.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".server")
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(self._handle)
        except OSError:
            owner = os.read(self._handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._handle)
            raise SecondServer(
                f"Another server (process {owner}) already serves {database}. Stop it first; SQLite has one server. "
                "For several workers or hosts use PostgreSQL."
            ) from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another server in."""
        os.close(self._handle)


def _lock(handle: int) -> None:
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
