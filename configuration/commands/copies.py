"""Whole copies of a database, out of it while people write, and back into its place."""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from configuration.kit.database.sqlite import driver

_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'r' ORDER BY c.relname
"""
_COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
_IDENTITIES = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_identity = 'YES'
"""
_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = current_schema() AND p.proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
"""
_CONTINUE = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), greatest((SELECT max({}) FROM {}), 1))")
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""


class Busy(Exception):
    """Somebody uses the database that is to be replaced."""


class Damaged(Exception):
    """The copy does not hold together."""


def sqlite_out(source: Path, target: Path) -> int:
    """Copy a SQLite database, whole and of one moment; answers how many rows it has."""
    reading = driver.connect(f"file:{source}?mode=ro", uri=True, timeout=30)
    writing = driver.connect(target)
    try:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE").fetchall()
        return _checked(writing, str(source))
    finally:
        writing.close()
        reading.close()


def sqlite_in(copy: Path, target: Path, now: datetime) -> Path | None:
    """Put a copy into the place of a database; what was there is kept beside it under another name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.restored")
    shutil.copyfile(copy, fresh)
    fresh.chmod(0o600)
    connection = driver.connect(fresh)
    try:
        _checked(connection, str(copy))
    finally:
        connection.close()
    aside = None
    if target.exists():
        # Whatever still stands in the write-ahead log belongs to the database that is set aside.
        before = driver.connect(target)
        before.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        before.execute("PRAGMA journal_mode=DELETE").fetchall()
        before.close()
        aside = target.with_name(f"{target.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
        target.replace(aside)
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    fresh.replace(target)
    return aside


def _checked(connection: "driver.Connection", name: str) -> int:
    """Refuse a database that is damaged; answers how many rows it has."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise Damaged(f"{name} is damaged: {'; '.join(found)}")
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return sum(
        connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - the database's own names
        for (name,) in tables.fetchall()
        if "_fts" not in name
    )


def postgresql_out(url: str, folder: Path, service: str) -> dict[str, list[str]]:
    """Copy every table of a PostgreSQL database from one snapshot; answers the columns of each."""
    described: dict[str, list[str]] = {}
    with psycopg.connect(_plain(url), autocommit=False) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for (table,) in connection.execute(_TABLES).fetchall():
            columns = [row[0] for row in connection.execute(_COLUMNS, [table]).fetchall()]
            copying = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _listed(columns))
            target = folder / f"{service}.{table}.copy"
            with target.open("wb") as file, connection.cursor() as cursor, cursor.copy(copying) as parts:
                for part in parts:
                    file.write(part)
            described[table] = columns
    return described


def postgresql_in(
    folder: Path,
    service: str,
    url: str,
    *,
    described: Mapping[str, Sequence[str]],
    order: Sequence[str],
    make_tables: Callable[[], None],
) -> None:
    """Fill a PostgreSQL database with a copy after its tables were made anew, parents before children.

    The triggers rest meanwhile: what they would write is in the copy already.
    """
    with psycopg.connect(_plain(url), autocommit=False) as connection:
        others = connection.execute(_OTHERS).fetchone()
        if others is not None and others[0]:
            raise Busy(f"{others[0]} connections use the database of the {service} service; stop the servers first.")
        for (table,) in connection.execute(_TABLES).fetchall():
            connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
        for (function,) in connection.execute(_FUNCTIONS).fetchall():
            connection.execute(sql.SQL("DROP FUNCTION {} CASCADE").format(sql.SQL(function)))
    make_tables()
    ranks = {table: rank for rank, table in enumerate(order)}
    tables = sorted(described, key=lambda table: ranks.get(table, -1))
    with psycopg.connect(_plain(url), autocommit=False) as connection:
        for table in tables:
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        connection.execute(sql.SQL("TRUNCATE {}").format(_listed(tables)))
        for table in tables:
            _fill(connection, folder / f"{service}.{table}.copy", table, described[table])
        for table, column in connection.execute(_IDENTITIES).fetchall():
            named = sql.Identifier(column), sql.Identifier(table)
            connection.execute(_CONTINUE.format(sql.Literal(table), sql.Literal(column), *named))
        for table in tables:
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


def _fill(connection: "psycopg.Connection[Any]", copied: Path, table: str, columns: Sequence[str]) -> None:
    copying = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(columns))
    with copied.open("rb") as file, connection.cursor() as cursor, cursor.copy(copying) as copy:
        while part := file.read(1 << 16):
            copy.write(part)


def _listed(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
