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

import psycopg
import pytest
from sqlalchemy import MetaData, make_url

from configuration.kit.database import Database, open_database
from configuration.kit.errors import Refusal
from configuration.migrate import upgrade
from tests.postgres import server_url

BACKENDS = tuple(os.environ.get("ERP_TEST_BACKENDS", "sqlite,postgresql").split(","))

NewDatabaseUrl = Callable[[str], str]
MigratedUrl = Callable[[str], str]
OpenMigrated = Callable[..., Database]


class PostgresServer:
    """A server on which every test worker makes databases with names of its own."""

    def __init__(self, admin_url: str, worker: str) -> None:
        self._admin = make_url(admin_url).set(drivername="postgresql")
        self._worker = worker
        self._numbers = count(1)
        self._templates: dict[str, str] = {}
        self._connection = psycopg.connect(self.url(self._admin.database or "postgres"), autocommit=True)

    def url(self, database: str) -> str:
        """The URL of a database of this server."""
        return self._admin.set(database=database).render_as_string(hide_password=False)

    def create(self, label: str, *, template: str | None = None) -> str:
        """Make a database; answers its URL."""
        name = f"test_{os.getpid()}_{self._worker}_{next(self._numbers)}_{label}"[:63].lower().replace("-", "_")
        copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self._connection.execute(f'CREATE DATABASE "{name}"{copied}')
        return self.url(name)

    def template(self, package: str) -> str:
        """The name of a database migrated for the package, to be copied."""
        if package not in self._templates:
            url = self.create(f"template_{package}")
            upgrade(package, url)
            self._templates[package] = make_url(url).database or ""
        return self._templates[package]

    def drop(self, url: str) -> None:
        """Remove a database with whoever is still connected."""
        self._connection.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        """Remove the templates; the server itself ends with the test run."""
        for name in self._templates.values():
            self.drop(self.url(name))
        self._connection.close()


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
    made: list[str] = []
    numbers = count(1)

    def make(package: str) -> str:
        if backend == "sqlite":
            path = tmp_path / f"{package}-{next(numbers)}.db"
            shutil.copy(sqlite_templates(package), path)
            return f"sqlite:///{path}"
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made.append(server.create(package, template=server.template(package)))
        return made[-1]

    yield make
    for url in made:
        request.getfixturevalue("postgres_server").drop(url)


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
