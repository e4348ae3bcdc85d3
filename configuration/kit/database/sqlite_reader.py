"""SQLite's readers: each unit of reading sees one snapshot of the database."""

from configuration.kit.database.sqlite import SqliteSession, busy, driver, out_of_order
from configuration.kit.database.tickets import Outcome, Ticket, carried
from configuration.kit.database.transaction import Transaction


class SqliteReader:
    """Runs units of reading on a read-only connection."""

    def __init__(self, session: SqliteSession) -> None:
        self._session = session

    def prepare(self) -> None:
        """The connection is open already."""

    def run(self, ticket: Ticket) -> Outcome:
        """Run the unit in one deferred transaction, so that all it reads belongs together."""
        try:
            self._session.command("BEGIN DEFERRED")
            try:
                value = ticket.run(Transaction(self._session, "sqlite"))
            finally:
                if self._session.in_transaction:
                    self._session.command("ROLLBACK")
        except BaseException as raised:  # noqa: BLE001 - every outcome goes to its waiter
            error = carried(raised)
            if isinstance(raised, driver.Error):
                error = (out_of_order(raised) if busy(raised) else None) or raised
            return Outcome(ticket, None, error)
        return Outcome(ticket, value, None)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()
