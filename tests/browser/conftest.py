"""A real server, a real Chromium. Without a chromium on the machine these tests are skipped, and say so."""

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from configuration.kit.clock import utc_now
from configuration.kit.database import Database, open_database
from configuration.kit.features import accounts
from configuration.settings import SERVICES
from tests.apps import serve
from tests.browser.university import University, furnish
from tests.browser.visitor import NewVisitor, Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They need a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


def open_service(service: str, path: Path) -> Database:
    """A service's database in a file."""
    data = import_module(f"{service}_mgt.models.data")
    errors = import_module(f"{service}_mgt.errors")
    refusals = {**accounts.REFUSALS, **errors.REFUSALS}
    return open_database(f"sqlite:///{path}", metadata=data.ALL_METADATA, refusals=refusals)


@pytest.fixture(scope="session")
def university(
    tmp_path_factory: pytest.TempPathFactory, sqlite_templates: Callable[[str], Path]
) -> Iterator[University]:
    """A running university with people, titles and copies."""
    var = tmp_path_factory.mktemp("browser")
    databases: dict[str, Database] = {}
    for service in SERVICES:
        path = var / f"{service}.db"
        shutil.copy(sqlite_templates(f"{service}_mgt"), path)
        databases[service] = open_service(service, path)
    furnish(databases, utc_now())
    for database in databases.values():
        database.close_sync()
    with serve(var, university="University of Westmere", zone="Europe/London") as server:
        yield University(server.url, server.log)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(university: University, chromium: object) -> Iterator[NewVisitor]:
    """Makes visitors, each with a browser profile of its own; at the end none may have complained."""
    made: list[Visitor] = []

    def make(width: int = 1280, theme: str = "light", *, scripts: bool = True) -> Visitor:
        made.append(Visitor(chromium, university.url, width, theme, scripts=scripts))
        return made[-1]

    yield make
    complaints = [complaint for one in made for complaint in one.leave()]
    assert complaints == []
