"""The real library that walks beside the oracle: a database of its own, that fails, dies and starts again."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import make_url

from configuration.kit.database import Database, Transaction, open_database
from configuration.kit.errors import Refusal
from library_mgt.errors import REFUSALS
from library_mgt.models.data import ALL_METADATA
from tests.library_mgt.model.oracle import Refused

T = TypeVar("T")
Lent = Callable[[], Any]
"""Answers a context with the URL of a database that is as the migrations leave it."""


class Stumble(Exception):
    """The unit fails after all that it wrote."""


class Stage:
    """A database under the use cases."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self._lives = 0
        self.database = self._open()

    def _open(self) -> Database:
        return open_database(
            self.url, metadata=ALL_METADATA, refusals=REFUSALS, write_connections=1, read_connections=1
        )

    def write(self, use_case: Callable[..., T], *args: Any, **options: Any) -> T:
        """One durable unit; a refusal becomes the oracle's word for it."""
        try:
            return self.database.write_sync(use_case, *args, **options)
        except Refusal as refusal:
            raise Refused(*reasons(refusal)) from refusal

    def read(self, question: Callable[..., T], *args: Any, **options: Any) -> T:
        """One question."""
        return self.database.read_sync(question, *args, **options)

    def restart(self) -> None:
        """Close in order, and open again."""
        self.database.close_sync()
        self.database = self._open()

    def crash(self) -> None:
        """Go on with what kill -9 leaves at this moment."""
        died = self._leave_behind()
        self.database.close_sync()
        self.url = died
        self.database = self._open()

    def fail(self, fate: str, use_case: Callable[..., Any], *args: Any, **options: Any) -> None:
        """Run a unit that does not get as far as its COMMIT: it `stumbles`, or the process `dies` in it."""
        died = self.url

        def unit(tx: Transaction) -> None:
            nonlocal died
            try:
                use_case(tx, *args, **options)
            except Refusal as refusal:
                raise Stumble from refusal
            if fate == "dies":
                died = self._leave_behind()
            raise Stumble

        try:
            self.database.write_sync(unit)
        except Stumble:
            pass
        else:
            raise AssertionError("the unit was to fail")
        if fate == "dies":
            self.database.close_sync()
            self.url = died
            self.database = self._open()

    def close(self) -> None:
        """The end."""
        self.database.close_sync()

    def _leave_behind(self) -> str:
        """The URL of what would be found if the process ended now: every byte that it wrote, and no goodbye.

        SQLite's file is copied with its log, as they lie there. PostgreSQL outlives its clients: their sessions end.
        """
        parsed = make_url(self.url)
        if parsed.get_backend_name() == "postgresql":
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            return self.url
        self._lives += 1
        file, heir = Path(parsed.database or ""), self.folder / f"life-{self._lives}.db"
        for suffix in ("", "-wal"):
            if (part := file.with_name(file.name + suffix)).exists():
                shutil.copyfile(part, heir.with_name(heir.name + suffix))
        return f"sqlite:///{heir}"


def reasons(refusal: Refusal) -> Iterator[tuple[str, str | None]]:
    """What a refusal tells: every code, with the role that may overrule it."""
    blockers = {(one.code, one.override) for one in refusal.blockers}
    yield from blockers
    if refusal.code not in {code for code, _ in blockers}:
        yield refusal.code, None


@contextmanager
def staged(lent: Lent, folder: Path) -> Iterator[Stage]:
    """A stage, and what it leaves cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    with lent() as url:
        stage = Stage(url, folder)
        try:
            yield stage
        finally:
            stage.close()
            shutil.rmtree(folder)
