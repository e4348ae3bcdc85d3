"""Databases for one walk after the other."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from rich.console import Console

from tests.conftest import PostgresServer
from tests.library_mgt.model.stage import Lent
from tests.reliability.report import CAUGHT, print_tables


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which planted faults were caught, unless it was done beside the races."""
    if CAUGHT:
        terminalreporter.write_line("")
        print_tables(Console(width=140))
        CAUGHT.clear()


@pytest.fixture
def lent(backend: str, tmp_path: Path, sqlite_templates: Callable[[str], Path], request: pytest.FixtureRequest) -> Lent:
    """Lends the URL of a library's database as its migrations leave it, and takes it back."""
    numbers = count(1)

    @contextmanager
    def on_sqlite() -> Iterator[str]:
        folder = tmp_path / f"walk-{next(numbers)}"
        folder.mkdir()
        shutil.copy(sqlite_templates("library_mgt"), folder / "library.db")
        yield f"sqlite:///{folder / 'library.db'}"
        shutil.rmtree(folder)

    @contextmanager
    def on_postgresql() -> Iterator[str]:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.lend("library_mgt")
        yield url
        server.take_back("library_mgt", url)

    return on_sqlite if backend == "sqlite" else on_postgresql
