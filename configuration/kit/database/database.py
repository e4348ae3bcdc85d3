"""A service's database: units of work go in, durable outcomes come out."""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import MetaData, literal, make_url, select

from configuration.kit.database.constraints import Edge
from configuration.kit.database.crew import Crew
from configuration.kit.database.group_commit import GroupCommit
from configuration.kit.database.postgresql import PostgresSession, PostgresWorker
from configuration.kit.database.sqlite import BUSY_SECONDS, ServerLock, SqliteSession, check_version
from configuration.kit.database.sqlite_reader import SqliteReader
from configuration.kit.database.statement import Dialect, Statement
from configuration.kit.database.tickets import THREADS, Inbox, Ticket
from configuration.kit.database.transaction import Transaction
from configuration.kit.errors import Refusal

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 500
"""How many units are handed in before their outcomes are waited for: far fewer than the queue takes."""


class Database:
    """Runs units of work, plain functions over a `Transaction`, in threads of its own.

    A unit may run twice on PostgreSQL (after a deadlock), so it touches nothing but its transaction. A unit that is
    cancelled before it starts is skipped; one that runs already is committed.
    """

    def __init__(
        self,
        dialect: Dialect,
        writers: GroupCommit | Crew,
        readers: Crew,
        *,
        location: str,
        server_lock: ServerLock | None = None,
    ) -> None:
        self.dialect: Dialect = dialect
        self.location = location
        self._writers = writers
        self._readers = readers
        self._server_lock = server_lock

    async def write(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the unit in a transaction; what it did is durable when this returns. A refusal undoes all of it."""
        return cast(T, await self._submit(self._writers.inbox, fn, args, kwargs))

    async def read(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the unit on one snapshot of the database. It cannot write."""
        return cast(T, await self._submit(self._readers.inbox, fn, args, kwargs))

    def write_sync(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as `write`, for command lines and worker threads."""
        return cast(T, self._wait(self._writers.inbox, fn, args, kwargs))

    def write_each_sync(self, units: Sequence[Callable[[Transaction], T]]) -> list[T | Refusal]:
        """Hand in many units at once, as many clients would, and answer what became of each: its value or its refusal.

        They begin in their order, on SQLite and wherever there is one writer; there they share COMMITs. A refusal
        undoes its own unit alone. Anything else that goes wrong is raised, after all of them have ended.
        """
        became: list[T | Refusal] = []
        for start in range(0, len(units), AT_ONCE):
            futures: list[Future[Any]] = [Future() for _ in units[start : start + AT_ONCE]]
            for future, unit in zip(futures, units[start : start + AT_ONCE], strict=True):
                self._writers.inbox.put(Ticket(future, None, unit, (), {}))
            faults = [future.exception() for future in futures]
            wrong = next((fault for fault in faults if fault is not None and not isinstance(fault, Refusal)), None)
            if wrong is not None:
                raise wrong
            became += [
                fault if isinstance(fault, Refusal) else future.result()
                for fault, future in zip(faults, futures, strict=True)
            ]
        return became

    def read_sync(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as `read`, for command lines and worker threads."""
        return cast(T, self._wait(self._readers.inbox, fn, args, kwargs))

    @staticmethod
    async def _submit(inbox: Inbox, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        inbox.put(Ticket(future, loop, fn, args, kwargs))
        return await future

    @staticmethod
    def _wait(inbox: Inbox, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if threading.current_thread().name.startswith(THREADS):
            raise RuntimeError("a unit of work must not wait for another one: pass on its transaction")
        future: Future[Any] = Future()
        inbox.put(Ticket(future, None, fn, args, kwargs))
        return future.result()

    def check(self) -> None:
        """Raise `Unavailable` when units of work cannot be taken: the health check asks this."""
        self._writers.inbox.check()
        self._readers.inbox.check()

    async def ping(self) -> None:
        """Ask the database itself for an answer; `Unavailable` when there is none."""
        self.check()
        await self.read(_answer)

    def describe(self) -> dict[str, Any]:
        """What `doctor` tells: dialect, place without a password, connections, and work that waits."""
        told = {
            "dialect": self.dialect,
            "location": self.location,
            "write_connections": getattr(self._writers, "size", 1),
            "read_connections": self._readers.size,
            "writes_waiting": self._writers.inbox.depth(),
            "reads_waiting": self._readers.inbox.depth(),
        }
        if isinstance(self._writers, GroupCommit):
            told |= {"units_written": self._writers.units, "commits": self._writers.batches}
        return told

    async def close(self) -> None:
        """Do what is queued, then close every connection."""
        await asyncio.to_thread(self.close_sync)

    def close_sync(self) -> None:
        """The same as `close`, for command lines."""
        self._writers.close()
        self._readers.close()
        if self._server_lock is not None:
            self._server_lock.release()
            self._server_lock = None


_PING = Statement(select(literal(1).label("one")))


def _answer(tx: Transaction) -> None:
    tx.scalar(_PING)


def open_database(
    url: str,
    *,
    metadata: Sequence[MetaData],
    refusals: Mapping[str, Callable[[], Refusal]] | None = None,
    server: bool = False,
    production: bool = False,
    write_connections: int = 4,
    read_connections: int | None = None,
    busy_seconds: float = BUSY_SECONDS,
) -> Database:
    """Open a migrated database.

    `url` is `sqlite:///folder/file.db` or `postgresql://user:password@host:port/database`. `refusals` maps names of
    constraints to what a person is told. `server` keeps a second server off the same SQLite file; `production`
    refuses a SQLite that can corrupt its log. `write_connections` counts for PostgreSQL alone: SQLite has one writer.
    """
    parsed = make_url(url)
    edge = Edge(metadata, refusals or {})
    if parsed.get_backend_name() == "postgresql":
        plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        return Database(
            "postgresql",
            Crew(
                "writer",
                [PostgresWorker(PostgresSession(plain, readonly=False), edge) for _ in range(write_connections)],
            ),
            Crew(
                "reader",
                [PostgresWorker(PostgresSession(plain, readonly=True), edge) for _ in range(read_connections or 4)],
            ),
            location=parsed.set(drivername="postgresql").render_as_string(hide_password=True),
        )
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise ValueError(f"not the URL of a SQLite file or a PostgreSQL database: {parsed!r}")
    check_version(production=production)
    path = Path(parsed.database)
    lock = ServerLock(path) if server and path.parent.exists() else None
    try:
        writer = SqliteSession(path, writable=True, busy_seconds=busy_seconds)
        readers = [SqliteReader(SqliteSession(path, writable=False)) for _ in range(read_connections or 2)]
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return Database(
        "sqlite", GroupCommit(writer, edge), Crew("reader", list(readers)), location=str(path), server_lock=lock
    )
