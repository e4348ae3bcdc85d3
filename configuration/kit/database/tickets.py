"""Units of work on their way to a database thread, and their outcomes on the way back."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Any, NamedTuple

from configuration.kit.database.transaction import Transaction
from configuration.kit.errors import Unavailable

THREADS = "database-"
"""How the names of all database threads begin."""


class UnitFailed(RuntimeError):
    """A unit of work raised what a future cannot carry (`SystemExit`, `StopIteration`, ...); see `__cause__`."""


class Ticket:
    """One unit of work: the call, the caller's context variables, and where its outcome is awaited.

    The context is copied so that, for instance, the log id of a request is known inside the database's thread.
    """

    __slots__ = ("_args", "_context", "_fn", "_kwargs", "future", "loop", "submitted")

    def __init__(
        self,
        future: "asyncio.Future[Any] | Future[Any]",
        loop: asyncio.AbstractEventLoop | None,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        self.future = future
        self.loop = loop
        self.submitted = time.monotonic()
        self._context = copy_context()
        self._fn = fn
        self._args = args
        self._kwargs = kwargs

    def run(self, tx: Transaction) -> Any:
        """Run the unit in the caller's context."""
        return self._context.run(self._fn, tx, *self._args, **self._kwargs)


class Outcome(NamedTuple):
    """What became of a unit: a value, or an error."""

    ticket: Ticket
    value: Any
    error: Exception | None


def carried(error: BaseException) -> Exception:
    """The error as a future can carry it to another thread."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration | StopAsyncIteration):
        return error
    failed = UnitFailed(f"{type(error).__name__} inside a unit of work: {error}")
    failed.__cause__ = error
    return failed


def _settle(outcomes: Iterable[Outcome]) -> None:
    for ticket, value, error in outcomes:
        if ticket.future.done():
            continue  # The waiter was cancelled after its unit had started.
        if error is None:
            ticket.future.set_result(value)
        else:
            ticket.future.set_exception(error)


def deliver(outcomes: Iterable[Outcome]) -> None:
    """Hand every outcome to its waiter, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[Outcome]] = {}
    for outcome in outcomes:
        by_loop.setdefault(outcome.ticket.loop, []).append(outcome)
    for loop, group in by_loop.items():
        if loop is None:
            _settle(group)
            continue
        try:
            loop.call_soon_threadsafe(_settle, group)
        except RuntimeError:
            continue  # The loop is closed: nobody waits any more.


class Inbox:
    """The queue in front of database threads. Closed, it is drained first; broken, it refuses at once."""

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self._limit = limit
        self._queue: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._broken: BaseException | None = None

    def put(self, ticket: Ticket) -> None:
        """Queue a unit; `Unavailable` when the queue is full, closed or broken."""
        with self._lock:
            self.check()
            if self._queue.qsize() >= self._limit:
                raise Unavailable("Too much work is waiting for the database.", headers={"Retry-After": "1"})
            self._queue.put(ticket)

    def take(self, *, wait: bool = True) -> Ticket | None:
        """The next unit somebody still waits for; `None` when the inbox is closed (or empty, without `wait`)."""
        while True:
            try:
                ticket = self._queue.get(block=wait)
            except queue.Empty:
                return None
            if ticket is None:
                self._queue.put(None)  # The next thread must see it too.
                return None
            if not ticket.future.cancelled():
                return ticket

    def check(self) -> None:
        """Raise `Unavailable` when no unit can be taken."""
        if self._broken is not None:
            raise Unavailable(f"The database's {self.name} thread has died.", headers={"Retry-After": "10"})
        if self._closed:
            raise Unavailable("The database is closed.", headers={"Retry-After": "10"})

    def depth(self) -> int:
        """How many units wait."""
        return self._queue.qsize()

    def close(self) -> None:
        """Take no more; what is queued is still done."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)

    def fail_waiting(self, error: Exception) -> None:
        """Give every queued unit the error; go on taking new ones."""
        waiting: list[Outcome] = []
        while (ticket := self.take(wait=False)) is not None:
            waiting.append(Outcome(ticket, None, error))
        deliver(waiting)

    def breaks(self, error: BaseException) -> None:
        """The thread behind the inbox is dying: refuse from now on, and fail what is queued."""
        with self._lock:
            self._broken = error
        self.fail_waiting(Unavailable(f"The database's {self.name} thread has died.", headers={"Retry-After": "10"}))
