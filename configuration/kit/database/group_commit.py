"""SQLite's one writer: units of work share a COMMIT, and each is undone alone when it fails.

A batch ends at `max_units` units, at `max_seconds` of work, or when nothing waits. The first unit needs no savepoint:
when it fails, there is nothing else to keep. Every outcome that rests on the batch, a refusal too, is delivered after
the COMMIT, because a refusal may rest on what another unit of the batch has written.
"""

import threading
import time

from configuration.kit.database.constraints import Edge
from configuration.kit.database.sqlite import SqliteSession, busy, driver, out_of_order
from configuration.kit.database.tickets import THREADS, Inbox, Outcome, Ticket, carried, deliver
from configuration.kit.database.transaction import Transaction
from configuration.kit.errors import Unavailable

_LOST = "The transaction was lost; nothing of it happened."


class GroupCommit:
    """The writer thread of one database file."""

    def __init__(
        self,
        session: SqliteSession,
        edge: Edge,
        *,
        max_units: int = 64,
        max_seconds: float = 0.020,
        queue_limit: int = 2_000,
    ) -> None:
        self.inbox = Inbox("writer", queue_limit)
        self._session = session
        self._edge = edge
        self._max_units = max_units
        self._max_seconds = max_seconds
        self._batch: list[Outcome] = []
        self.batches = 0
        self.units = 0
        self._thread = threading.Thread(target=self._serve, name=f"{THREADS}writer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Do what is queued, then end the thread and close the connection."""
        self.inbox.close()
        self._thread.join()
        self._session.close()

    def _serve(self) -> None:
        ticket: Ticket | None = None
        try:
            while (ticket := self.inbox.take()) is not None:
                self._run_batch(ticket)
        except BaseException as death:
            died = Unavailable("The database's writer thread has died.", headers={"Retry-After": "10"})
            self.inbox.breaks(death)
            lost = [Outcome(outcome.ticket, None, died) for outcome in self._batch]
            if ticket is not None and all(outcome.ticket is not ticket for outcome in lost):
                lost.append(Outcome(ticket, None, died))
            deliver(lost)
            raise

    def _run_batch(self, ticket: Ticket) -> None:
        """Run units in one transaction, starting with the given one, and commit them together."""
        self._batch = []
        try:
            self._session.command("BEGIN IMMEDIATE")
        except driver.Error as error:
            self._refuse_all(ticket, error)
            return
        until = time.monotonic() + self._max_seconds
        following: Ticket | None = ticket
        try:
            while following is not None:
                if not self._run_unit(following):
                    return
                if len(self._batch) >= self._max_units or time.monotonic() >= until:
                    break
                following = self.inbox.take(wait=False)
            self._session.command("COMMIT")
        except driver.Error as error:
            self._reset()
            self._fail_batch(out_of_order(error) or error)
        self._finish()

    def _run_unit(self, ticket: Ticket) -> bool:
        """Run one unit; whether the batch may go on."""
        protected = bool(self._batch)
        # In the batch from the start: should this thread die, the unit's waiter must hear of it.
        self._batch.append(Outcome(ticket, None, None))
        if protected:
            self._session.command("SAVEPOINT unit")
        value, error = None, None
        try:
            value = ticket.run(Transaction(self._session, "sqlite"))
        except BaseException as raised:  # noqa: BLE001 - every outcome goes to its waiter
            error = self._translated(raised)
        self._batch[-1] = Outcome(ticket, value, error)
        if not self._session.in_transaction:
            self._lose_batch(error)
            return False
        if error is None:
            if protected:
                self._session.command("RELEASE unit")
            return True
        if protected:
            self._session.command("ROLLBACK TO unit")
            self._session.command("RELEASE unit")
            return True
        self._session.command("ROLLBACK")
        self._finish()
        return False

    def _finish(self) -> None:
        self.batches += 1
        self.units += len(self._batch)
        batch, self._batch = self._batch, []
        deliver(batch)

    def _fail_batch(self, error: Exception) -> None:
        self._batch = [Outcome(outcome.ticket, None, error) for outcome in self._batch]

    def _lose_batch(self, error: Exception | None) -> None:
        """The unit just run took the whole transaction with it: nobody's work happened."""
        culprit = self._batch[-1].ticket
        self._fail_batch(Unavailable(_LOST, headers={"Retry-After": "1"}))
        if error is not None:
            self._batch[-1] = Outcome(culprit, None, error)
        self._finish()

    def _reset(self) -> None:
        """After a failed COMMIT or SAVEPOINT: no transaction may be left open."""
        try:
            if self._session.in_transaction:
                self._session.command("ROLLBACK")
        except driver.Error:
            self._session.reconnect()

    def _refuse_all(self, ticket: Ticket, error: Exception) -> None:
        """The transaction could not begin. Whoever queued meanwhile would only wait as long again."""
        refusal = out_of_order(error) or error
        deliver([Outcome(ticket, None, refusal)])
        if busy(error):
            self.inbox.fail_waiting(refusal)
        else:
            self._session.reconnect()

    def _translated(self, raised: BaseException) -> Exception:
        if isinstance(raised, driver.IntegrityError):
            refusal = self._edge.from_sqlite(str(raised))
            if refusal is not None:
                refusal.__cause__ = raised
                return refusal
        if isinstance(raised, driver.Error):
            return out_of_order(raised) or raised
        return carried(raised)
