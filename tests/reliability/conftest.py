"""Lengths of the runs, a university to run them on, and the tables at the end."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.reliability.installation import SERVICES, Installation
from tests.reliability.report import print_tables

ROUNDS = int(os.environ.get("ERP_TEST_ROUNDS", "2"))
CYCLES = int(os.environ.get("ERP_TEST_CYCLES", "2"))
"""Short in `make test`, long in `make reliability`."""

RACES = os.environ.get("ERP_TEST_RACES", "")
"""Words that the names of races hold; all of them where it is empty."""

Advance = Callable[[], None]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the races and kills gave."""
    terminalreporter.write_line("")
    print_tables(Console(width=140))


@pytest.fixture
def installation(tmp_path: Path, migrated_url: Callable[[str], str]) -> Installation:
    """A university with empty databases."""
    return Installation(tmp_path, {service: migrated_url(f"{service}_mgt") for service in SERVICES})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL they belong to the long form, but for the races: there the databases differ most."""
    here = Path(__file__).parent
    for item in items:
        told = getattr(item, "callspec", None)
        raced = item.path.name == "test_races.py"
        if here in item.path.parents and told and told.params.get("backend") == "postgresql" and not raced:
            item.add_marker(pytest.mark.long)


def ignored() -> None:
    """Show no progress."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Advance]:
    """A bar for the long form; the short form is over before one could look at it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, disable=total <= 20) as shown:
        task = shown.add_task(label, total=total)
        yield lambda: shown.advance(task)
