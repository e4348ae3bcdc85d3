"""PostgreSQL: sessions that each serve one thread, retried and reconnected.

Writers run READ COMMITTED: use cases lock the rows they decide on first and ask in a second statement. Readers run in
a read-only snapshot, so that all a unit reads belongs together, as on SQLite.
"""

import random
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import psycopg
from psycopg import errors
from psycopg.pq import ExecStatus
from psycopg.types.numeric import Int8Dumper

from configuration.kit.database.constraints import Edge
from configuration.kit.database.tickets import Outcome, Ticket, UnitFailed, carried
from configuration.kit.database.transaction import Cursor, NotStorable, Transaction
from configuration.kit.errors import Refusal, Unavailable

RETRIES = 3
PAUSE_SECONDS = 0.5
"""How long after a failed attempt to connect the next one is made; until then units are refused at once."""

_OPTIONS = (
    "-c timezone=UTC -c statement_timeout={statement} -c lock_timeout={lock} "
    "-c idle_in_transaction_session_timeout=60000 -c default_transaction_isolation=read\\ committed"
)
_chance = random.SystemRandom()
_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected)


class PostgresSession:
    """One connection of one thread; it reconnects when the server comes back."""

    def __init__(self, url: str, *, readonly: bool, statement_seconds: float = 30, lock_seconds: float = 5) -> None:
        self._url = url
        self._begin = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if readonly else b"BEGIN"
        self._away_until = 0.0
        self._options = _OPTIONS.format(statement=int(statement_seconds * 1000), lock=int(lock_seconds * 1000))
        self._connection: psycopg.Connection[Any] | None = None

    def connect(self) -> None:
        """Open the connection unless it is open."""
        if self._connection is not None and not self._connection.closed:
            return
        self._connection = psycopg.connect(
            self._url,
            autocommit=True,
            options=self._options,
            connect_timeout=3,
            keepalives_idle=30,
            tcp_user_timeout=15_000,
            application_name="university-erp",
        )
        self._connection.prepared_max = 1_000
        # Every int is sent as bigint, so that a statement is prepared once and not once per magnitude of its values.
        self._connection.adapters.register_dumper(int, Int8Dumper)

    def begin(self) -> None:
        """Begin a transaction, on a new connection where the old one has gone while nothing was under way."""
        if self.alive:
            try:
                self._command(self._begin)
                return
            except psycopg.OperationalError:
                self.drop()
        if time.monotonic() < self._away_until:
            raise psycopg.OperationalError("the server was away a moment ago")
        try:
            self.connect()
        except psycopg.OperationalError:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            raise
        self._command(self._begin)

    def commit(self) -> None:
        """Commit. A transaction in which a statement failed answers ROLLBACK instead, which must not pass for it."""
        if self._command(b"COMMIT") != b"COMMIT":
            raise UnitFailed("a database error was caught inside a unit of work, so that all of it was rolled back")

    def rollback(self) -> None:
        """Undo; a connection that cannot even do that is given up."""
        try:
            if self.alive:
                self._command(b"ROLLBACK")
        except psycopg.Error:
            self.drop()

    def _command(self, sql: bytes) -> bytes | None:
        """Run BEGIN, COMMIT or ROLLBACK right on libpq: half the processor time of a cursor's execution."""
        assert self._connection is not None
        result = self._connection.pgconn.exec_(sql)
        if result.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result) if self.alive else psycopg.OperationalError("connection lost")
        return result.command_status

    def execute(self, sql: str, values: Sequence[object]) -> Cursor:
        """Execute one statement, prepared on the server."""
        assert self._connection is not None
        try:
            return self._connection.execute(cast(Any, sql), values, prepare=True)
        except psycopg.DataError as error:
            raise _not_storable(error) from error

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Execute one statement for each row of values."""
        assert self._connection is not None
        with self._connection.cursor() as cursor:
            try:
                cursor.executemany(cast(Any, sql), rows)
            except psycopg.DataError as error:
                raise _not_storable(error) from error
            return cursor.rowcount

    @property
    def alive(self) -> bool:
        """Whether the connection can be used on."""
        return self._connection is not None and not self._connection.closed

    def drop(self) -> None:
        """Close the connection; the next `begin` opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _not_storable(error: psycopg.DataError) -> Exception:
    """A value out of range or with a NUL is the sender's fault; other data errors are the program's."""
    if isinstance(error, errors.StringDataRightTruncation):
        return NotStorable("A text is longer than its field.")
    if isinstance(error, errors.NumericValueOutOfRange):
        return NotStorable("A number is larger than the database can hold.")
    if "NUL" in str(error) or isinstance(error, errors.CharacterNotInRepertoire | errors.UntranslatableCharacter):
        return NotStorable("A text holds characters that cannot be stored.")
    return error


class PostgresWorker:
    """Runs units of work, one transaction each."""

    def __init__(self, session: PostgresSession, edge: Edge, *, retries: int = RETRIES) -> None:
        self._session = session
        self._edge = edge
        self._retries = retries

    def prepare(self) -> None:
        """Connect ahead of the first unit; a server that is away now may be there then."""
        with suppress(psycopg.OperationalError):
            self._session.connect()

    def run(self, ticket: Ticket) -> Outcome:
        """Run the unit; serialisation failures and deadlocks are tried again, with growing random pauses."""
        for attempt in range(self._retries + 1):
            try:
                return Outcome(ticket, self._once(ticket), None)
            except _AGAIN as error:
                if attempt == self._retries:
                    busy = Unavailable("Too many people change the same thing.", headers={"Retry-After": "1"})
                    busy.__cause__ = error
                    return Outcome(ticket, None, busy)
                time.sleep(_chance.uniform(0.002, 0.010) * 3**attempt)
            except errors.FeatureNotSupported as error:
                # "cached plan must not change result type": a migration changed a column under a prepared statement.
                self._session.drop()
                if attempt:
                    return Outcome(ticket, None, error)
            except BaseException as raised:  # noqa: BLE001 - every outcome goes to its waiter
                return Outcome(ticket, None, self._translated(raised))
        raise AssertionError("unreachable")

    def _once(self, ticket: Ticket) -> Any:
        self._session.begin()
        try:
            value = ticket.run(Transaction(self._session, "postgresql"))
            self._session.commit()
        except BaseException:
            self._session.rollback()
            raise
        return value

    def _translated(self, raised: BaseException) -> Exception:
        if isinstance(raised, psycopg.IntegrityError):
            foreign = isinstance(raised, errors.ForeignKeyViolation)
            refusal: Refusal | None = self._edge.refusal(raised.diag.constraint_name, foreign_key=foreign)
            if refusal is not None:
                refusal.__cause__ = raised
                return refusal
        if isinstance(raised, psycopg.OperationalError | psycopg.InterfaceError):
            return _unavailable(raised)
        return carried(raised)

    def close(self) -> None:
        """Close the connection."""
        self._session.drop()


def _unavailable(error: psycopg.Error) -> Exception:
    if isinstance(error, errors.LockNotAvailable):
        away = Unavailable("Somebody else holds this for too long.", headers={"Retry-After": "1"})
    elif isinstance(error, errors.QueryCanceled):
        away = Unavailable("The database took too long.", headers={"Retry-After": "2"})
    else:
        away = Unavailable("The database server is away.", headers={"Retry-After": "2"})
    away.__cause__ = error
    return away
