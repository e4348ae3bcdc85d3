"""Alembic for each service, configured in code.

A service's revisions lie in `<package>/migrations/versions`. All revisions that are due run in one transaction, on
SQLite too, so that a crash in the middle leaves the database as it was. On PostgreSQL an advisory lock keeps two
migrating processes apart; on SQLite `BEGIN IMMEDIATE` does.
"""

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url, pool, text

from configuration.kit.database.schema import NAMING
from configuration.kit.database.sqlite import driver

_LOCK = 0x4D494752
"""The advisory lock of migrations on PostgreSQL: the letters MIGR."""


def upgrade(package: str, url: str, revision: str = "head") -> None:
    """Bring the database of a service up to a revision, making the SQLite file where there is none."""
    script = _scripts(package)
    with _connection(url, create=True) as connection:

        def steps(present: Any, _: MigrationContext) -> Any:
            return script._upgrade_revs(revision, present)

        with EnvironmentContext(Config(), script, fn=steps, destination_rev=revision) as environment:
            environment.configure(
                connection=connection, transactional_ddl=True, target_metadata=MetaData(naming_convention=NAMING)
            )
            environment.run_migrations()
        if connection.dialect.name == "sqlite" and (broken := _broken_references(connection)):
            raise RuntimeError(f"the migration left broken references: {broken[:5]}")


def current(package: str, url: str) -> str | None:
    """The revision a database is at; `None` when it was never migrated or is not there.

    A revision that the package does not know, because the database is newer or another service's, is an error.
    """
    if (path := _sqlite_file(url)) is not None and not path.exists():
        return None
    with _connection(url) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in {each.revision for each in _scripts(package).walk_revisions()}:
        raise RuntimeError(f"{package} knows no revision {revision}: the database is newer, or another service's")
    return revision


def head(package: str) -> str | None:
    """The newest revision of a service."""
    return _scripts(package).get_current_head()


def is_current(package: str, url: str) -> bool:
    """Whether the database stands at the newest revision."""
    return current(package, url) == head(package)


def differences(package: str, url: str) -> list[Any]:
    """What Alembic's autogenerate would change in a migrated database; empty when every table has its migration."""
    metadata: Sequence[MetaData] = importlib.import_module(f"{package}.models.data").ALL_METADATA
    described = {table.name for each in metadata for table in each.tables.values()}
    with _connection(url) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "target_metadata": list(metadata),
                "compare_type": True,
                "include_object": lambda item, _name, kind, *_: _compared(item, kind, described),
            },
        )
        found: list[Any] = compare_metadata(context, list(metadata))  # type: ignore[arg-type]
        return found


_SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")
"""The endings of the tables that FTS5 keeps behind a search table."""


def _compared(item: Any, kind: str, described: set[str]) -> bool:
    """Leave out SQLite's search tables and their shadows, which the MetaData cannot describe."""
    if kind != "table" or item.name in described:
        return True
    stem = next((item.name.removesuffix(end) for end in _SHADOWS if item.name.endswith(end)), item.name)
    return not stem.endswith("_fts")


def _scripts(package: str) -> ScriptDirectory:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"there is no package {package}")
    folder = Path(spec.submodule_search_locations[0]) / "migrations"
    return ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


@contextmanager
def _connection(url: str, *, create: bool = False) -> Iterator[Connection]:
    """A connection inside one transaction, with the driver that the application uses."""
    path = _sqlite_file(url)
    if path is not None and create:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=pool.NullPool)
    engine = create_engine(parsed, module=driver, poolclass=pool.NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        # Rebuilding a table drops it for a moment; references are checked as a whole at the end.
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _broken_references(connection: Connection) -> list[Any]:
    return list(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
