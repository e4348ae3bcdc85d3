"""Small years to look at, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from configuration.commands import Demo
from configuration.commands.demo_people import people_of
from configuration.kit.database import Database, Statement, open_database
from configuration.kit.security.actor import UNIVERSITY, Actor
from configuration.settings import Settings
from library_mgt.commands.year.figures import Figures, figures
from library_mgt.commands.year.living import Year, furnish, live
from library_mgt.errors import REFUSALS
from library_mgt.models.data import ALL_METADATA
from tests.conftest import MigratedUrl

OPERATOR = Actor("operator:test", "library", "test", {"librarian": frozenset({UNIVERSITY})}, via="command")
FIRST = date(2025, 10, 20)
"""A Monday, shortly after the beginning of a term."""


@dataclass
class Lived:
    """A year that was lived, and where."""

    database: Database
    figures: Figures

    def rows(self, statement: Any) -> list[Any]:
        """What a statement of the test's own finds."""
        found: list[Any] = self.database.read_sync(lambda tx: tx.all(Statement(statement)))
        return found


LiveYear = Callable[..., Lived]


@pytest.fixture
def live_year(migrated_url: MigratedUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveYear]:
    """Let a library of made-up books live; each call in a database of its own."""
    monkeypatch.setenv("ERP_SAMPLE_DATA", str(tmp_path / "nowhere"))
    opened: list[Database] = []

    def make(*, weeks: int, seed: int = 1, titles: int = 60, patrons: int = 30) -> Lived:
        url = migrated_url("library_mgt")
        opened.append(open_database(url, metadata=ALL_METADATA, refusals=REFUSALS, write_connections=1))
        settings = Settings(var=tmp_path, zone="Europe/Berlin")
        demo = Demo(opened[-1], settings, people_of(20), OPERATOR, lambda: datetime(2030, 1, 1, tzinfo=UTC), print)
        lived = furnish(demo, Year(titles, patrons, seed, FIRST, weeks))
        for reader in lived.library.readers:
            reader.appetite = 0.18  # So few of them would have little to show in so few weeks.
        for _ in live(lived):
            pass
        return Lived(opened[-1], opened[-1].read_sync(figures, lived))

    yield make
    for database in opened:
        database.close_sync()
