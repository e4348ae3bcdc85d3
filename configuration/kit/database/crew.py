"""A few threads, each with its own connection, that work one queue: readers on SQLite, everything on PostgreSQL."""

import threading
from typing import Protocol

from configuration.kit.database.tickets import THREADS, Inbox, Outcome, Ticket, deliver
from configuration.kit.errors import Unavailable


class Worker(Protocol):
    """Runs one unit of work on a connection of its own."""

    def prepare(self) -> None:
        """Get ready, in the thread that will run the units."""

    def run(self, ticket: Ticket) -> Outcome:
        """Run one unit; nothing is raised."""

    def close(self) -> None:
        """Close the connection."""


class Crew:
    """Threads named after what they do."""

    def __init__(self, name: str, workers: list[Worker], *, queue_limit: int = 2_000) -> None:
        self.inbox = Inbox(name, queue_limit)
        self.size = len(workers)
        self._threads = [
            threading.Thread(target=self._serve, args=(worker,), name=f"{THREADS}{name}-{number}", daemon=True)
            for number, worker in enumerate(workers, 1)
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Do what is queued, then end the threads and close their connections."""
        self.inbox.close()
        for thread in self._threads:
            thread.join()

    def _serve(self, worker: Worker) -> None:
        ticket: Ticket | None = None
        try:
            worker.prepare()
            while (ticket := self.inbox.take()) is not None:
                deliver([worker.run(ticket)])
        except BaseException as death:
            self.inbox.breaks(death)
            if ticket is not None:
                died = Unavailable("The database's thread has died.", headers={"Retry-After": "10"})
                deliver([Outcome(ticket, None, died)])
            raise
        finally:
            worker.close()
