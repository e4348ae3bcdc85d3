"""Databases for tests: each test gets its own, on SQLite and on PostgreSQL.

`ERP_TEST_BACKENDS=sqlite` leaves PostgreSQL out. `ERP_TEST_POSTGRES` names a server to use instead of starting one, as
a URL of a database from which others may be created.
"""

import importlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import MetaData

from configuration.kit.database import Database, open_database
from configuration.kit.errors import Refusal
from configuration.migrate import upgrade
from tests.postgres import server_url
from tests.postgres_databases import PostgresServer as PostgresServer  # noqa: PLC0414 - other conftest files take it from here

# Machines are shared: how long an example takes says nothing about it.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

BACKENDS = tuple(os.environ.get("ERP_TEST_BACKENDS", "sqlite,postgresql").split(","))


HERE = Path(__file__).parent
IN_TURNS = tuple(
    HERE / place
    for place in (
        "configuration/commands",
        "configuration/features",
        "faculty_mgt/controllers",
        "faculty_mgt/test_teaching_http.py",
        "journeys/test_prototype_faults.py",
        "library_mgt/controllers",
        "library_mgt/test_imports_resuming.py",
        "student_mgt",
    )
)
"""Where `make test` runs each test on one of the databases, in turns, and `make test-long` on the other.

What stands there reaches the database through use cases, statements and a kit that are tested on both.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the other database to the long form; begin with the files that hold slow tests.

    So at the end no worker is left alone with a slow one.
    """
    for item in items:
        told = getattr(item, "callspec", None)
        here = any(place in (item.path, *item.path.parents) for place in IN_TURNS)
        if here and told and len(BACKENDS) > 1 and told.params.get("backend") not in (None, _turn(item)):
            item.add_marker(pytest.mark.long)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def _turn(item: pytest.Item) -> str:
    """Whose turn it is: the same for a test at each run."""
    name = f"{item.path.name}::{getattr(item, 'originalname', item.name)}"
    return BACKENDS[crc32(name.encode()) % len(BACKENDS)]


NewDatabaseUrl = Callable[[str], str]
MigratedUrl = Callable[[str], str]
OpenMigrated = Callable[..., Database]


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`: the test runs on both."""
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this test run, shared by its workers."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    run = os.getpid() if worker is None else os.getppid()
    server = PostgresServer(os.environ.get("ERP_TEST_POSTGRES") or server_url(run), worker or "main")
    yield server
    server.close()


@pytest.fixture
def new_database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewDatabaseUrl]:
    """Make empty databases on the backend: `new_database_url("library")` answers a URL."""
    made: list[str] = []

    def make(name: str) -> str:
        if backend == "sqlite":
            return f"sqlite:///{tmp_path / name}-{len(made)}.db"
        made.append(request.getfixturevalue("postgres_server").create(name))
        return made[-1]

    yield make
    for url in made:
        request.getfixturevalue("postgres_server").drop(url)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """SQLite files migrated once per run, to be copied."""
    folder = tmp_path_factory.mktemp("templates")

    def template(package: str) -> Path:
        path = folder / f"{package}.db"
        if not path.exists():
            upgrade(package, f"sqlite:///{path}")
        return path

    return template


@pytest.fixture
def migrated_url(
    backend: str, tmp_path: Path, sqlite_templates: Callable[[str], Path], request: pytest.FixtureRequest
) -> Iterator[MigratedUrl]:
    """Databases at the newest revision of a service: `migrated_url("library_mgt")` answers a URL."""
    lent: list[tuple[str, str]] = []
    numbers = count(1)

    def make(package: str) -> str:
        if backend == "sqlite":
            path = tmp_path / f"{package}-{next(numbers)}.db"
            shutil.copy(sqlite_templates(package), path)
            path.chmod(0o600)  # As `erp migrate` leaves it.
            return f"sqlite:///{path}"
        server: PostgresServer = request.getfixturevalue("postgres_server")
        lent.append((package, server.lend(package)))
        return lent[-1][1]

    yield make
    for package, url in lent:
        request.getfixturevalue("postgres_server").take_back(package, url)


@pytest.fixture
def open_migrated(migrated_url: MigratedUrl) -> Iterator[OpenMigrated]:
    """Open a fresh, migrated database of a service; closed at the end of the test."""
    opened: list[Database] = []

    def make(package: str, refusals: Mapping[str, Callable[[], Refusal]] | None = None) -> Database:
        metadata: list[MetaData] = importlib.import_module(f"{package}.models.data").ALL_METADATA
        opened.append(open_database(migrated_url(package), metadata=metadata, refusals=refusals or {}))
        return opened[-1]

    yield make
    for database in opened:
        database.close_sync()
