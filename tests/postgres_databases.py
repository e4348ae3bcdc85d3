"""Databases on the PostgreSQL server of a test run, cleaned and used again.

Making a migrated database from a template and dropping it costs some 100 ms, cleaning one 10 ms. So a database that a
test has used is emptied, filled with what its migrations had put there, and kept for the next test of that service,
unless its schema was changed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from configuration.migrate import upgrade

BIG = 1 << 20
"""A table that grew beyond this many bytes is truncated, so that its dead rows do not slow later tests."""

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SEQUENCES = (
    "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences "
    "WHERE schemaname = 'public'"
)
_SCHEMA = """
SELECT md5(coalesce(string_agg(line, ';' ORDER BY line), '')) FROM (
  SELECT concat(c.oid, c.relname, c.relkind, a.attname, a.atttypid, a.atttypmod, a.attnotnull) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
   WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat(oid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat(t.oid, t.tgname, t.tgenabled) FROM pg_trigger t
) AS lines
"""


@dataclass
class Seeds:
    """What the migrations of a package have put into a database: rows as COPY gives them, and sequences."""

    rows: dict[str, bytes]
    sequences: list[tuple[str, int, bool]]


@dataclass
class Kept:
    """A database that can be used again, and what its schema looked like."""

    url: str
    schema: str


@dataclass
class Shelf:
    """The databases of one package that nobody uses at the moment."""

    template: str
    seeds: Seeds
    free: list[Kept] = field(default_factory=list)
    lent: dict[str, Kept] = field(default_factory=dict)


class PostgresServer:
    """A server on which every test worker makes databases with names of its own."""

    def __init__(self, admin_url: str, worker: str) -> None:
        self._admin = make_url(admin_url).set(drivername="postgresql")
        self._worker = worker
        self._numbers = count(1)
        self._shelves: dict[str, Shelf] = {}
        self._made: set[str] = set()
        self._connection = psycopg.connect(self.url(self._admin.database or "postgres"), autocommit=True)

    def url(self, database: str) -> str:
        """The URL of a database of this server."""
        return self._admin.set(database=database).render_as_string(hide_password=False)

    def create(self, label: str, *, template: str | None = None) -> str:
        """Make a database; answers its URL."""
        name = f"test_{os.getpid()}_{self._worker}_{next(self._numbers)}_{label}"[:63].lower().replace("-", "_")
        command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            command += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._connection.execute(command)
        self._made.add(self.url(name))
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database with whoever is still connected."""
        name = sql.Identifier(make_url(url).database or "")
        self._connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        self._made.discard(url)

    def template(self, package: str) -> str:
        """The name of a database at the newest revision of the package, for `create` to copy."""
        return self._shelf(package).template

    def _shelf(self, package: str) -> Shelf:
        if package not in self._shelves:
            url = self.create(f"template_{package}")
            upgrade(package, url)
            self._shelves[package] = Shelf(make_url(url).database or "", _seeds(url))
        return self._shelves[package]

    def lend(self, package: str) -> str:
        """A database at the newest revision of the package, as its migrations leave it; answers its URL."""
        shelf = self._shelf(package)
        if shelf.free:
            kept = shelf.free.pop()
        else:
            url = self.create(package, template=shelf.template)
            with psycopg.connect(url) as connection:
                kept = Kept(url, _schema(connection))
        shelf.lent[kept.url] = kept
        return kept.url

    def take_back(self, package: str, url: str) -> None:
        """Clean a database that was lent, or drop it when its schema was changed."""
        shelf = self._shelves[package]
        kept = shelf.lent.pop(url)
        self._end_sessions(url)
        try:
            with psycopg.connect(url) as connection:
                clean = _schema(connection) == kept.schema
                if clean:
                    _clean(connection, shelf.seeds)
        except psycopg.errors.InsufficientPrivilege:
            clean = False  # Only a superuser may leave triggers and references aside.
        if clean:
            shelf.free.append(kept)
        else:
            self.drop(url)

    def _end_sessions(self, url: str) -> None:
        self._connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            (make_url(url).database,),
        )

    def close(self) -> None:
        """Remove what is left; the server itself ends with the test run."""
        for url in list(self._made):
            self.drop(url)
        self._connection.close()


def _schema(connection: "psycopg.Connection[tuple[str]]") -> str:
    row = connection.execute(_SCHEMA).fetchone()
    assert row is not None
    return row[0]


def _seeds(url: str) -> Seeds:
    rows = {}
    with psycopg.connect(url) as connection:
        for (table,) in connection.execute(_TABLES).fetchall():
            with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                if content := b"".join(bytes(part) for part in copy):
                    rows[table] = content
        return Seeds(rows, connection.execute(_SEQUENCES).fetchall())


@contextmanager
def _without_triggers(connection: "psycopg.Connection[tuple[str]]") -> Iterator[None]:
    connection.execute("SET session_replication_role = replica")
    yield
    connection.execute("SET session_replication_role = DEFAULT")


def _clean(connection: "psycopg.Connection[tuple[str]]", seeds: Seeds) -> None:
    """Empty every table, and put back what the migrations had put there."""
    tables = [table for (table,) in connection.execute(_TABLES).fetchall()]
    big = {
        row[0]
        for row in connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND pg_relation_size(oid) > %s",
            (BIG,),
        )
    }
    with _without_triggers(connection):
        if big:
            names = sql.SQL(", ").join(sql.Identifier(table) for table in sorted(big))
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        connection.execute(
            sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables)
        )
        for table, content in seeds.rows.items():
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(content)
    for name, value, used in seeds.sequences:
        connection.execute("SELECT setval(%s::regclass, %s, %s)", (f'public."{name}"', value, used))
