"""Every table of every service has its migration, on both databases, down to each constraint and partial index."""

import importlib
import re
from importlib.util import find_spec

import pytest
from sqlalchemy import Engine, MetaData, Table, create_engine, make_url, text

from configuration.kit.database.sqlite import driver
from configuration.migrate import current, differences, head
from tests.conftest import MigratedUrl, NewDatabaseUrl

SERVICES = [
    name for name in ("student_mgt", "faculty_mgt", "library_mgt") if find_spec(f"{name}.models.data") is not None
]


def tables_of(package: str) -> list[Table]:
    """The tables a service describes."""
    described: list[MetaData] = importlib.import_module(f"{package}.models.data").ALL_METADATA
    return [table for metadata in described for table in metadata.tables.values()]


def engine_for(url: str) -> Engine:
    """An engine with the application's driver."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return create_engine(parsed, module=driver)
    return create_engine(parsed.set(drivername="postgresql+psycopg"))


_POSTGRESQL = """
SELECT c.conrelid::regclass::text || ': ' || c.conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c
 WHERE c.connamespace = 'public'::regnamespace AND c.contype <> 'n'
UNION ALL SELECT tablename || ': ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT table_name || ': ' || column_name || ' ' || udt_name
 || coalesce('(' || character_maximum_length || ')', '') || ' ' || is_nullable || ' ' || coalesce(column_default, '')
 || ' ' || is_identity
 FROM information_schema.columns WHERE table_schema = 'public'
"""
_SQLITE = "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"


def as_the_database_sees_it(url: str, tables: set[str]) -> set[str]:
    """One line per column, constraint and index of the tables."""
    engine = engine_for(url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            lines = {row[0] for row in connection.execute(text(_POSTGRESQL))}
        else:
            found = [(row[0], row[1]) for row in connection.execute(text(_SQLITE))]
            lines = {f"{name}: {line}" for name, sql in found for line in _lines_of(sql)}
    engine.dispose()
    return {line for line in lines if line.partition(":")[0].strip('"') in tables}


def _lines_of(sql: str) -> list[str]:
    """A CREATE statement line by line, without commas, quotes and doubled spaces."""
    plain = [re.sub(r"\s+", " ", line).strip().rstrip(",").replace('"', "") for line in sql.splitlines()]
    return [line for line in plain if line]


@pytest.mark.parametrize("package", SERVICES)
class TestMigrations:
    """What the migrations build is what the tables say."""

    def test_autogenerate_finds_no_difference(self, package: str, migrated_url: MigratedUrl) -> None:
        url = migrated_url(package)

        found = differences(package, url)

        assert found == []

    def test_the_database_holds_the_same_constraints_and_indexes_as_one_made_from_the_tables(
        self, package: str, migrated_url: MigratedUrl, new_database_url: NewDatabaseUrl
    ) -> None:
        described = tables_of(package)
        url = new_database_url("described")
        engine = engine_for(url)
        for metadata in dict.fromkeys(table.metadata for table in described):
            metadata.create_all(engine)
        engine.dispose()
        names = {table.name for table in described}

        migrated, wanted = (as_the_database_sees_it(each, names) for each in (migrated_url(package), url))

        assert sorted(migrated - wanted) == [], "only in the migrations"
        assert sorted(wanted - migrated) == [], "only in the tables"

    def test_a_migrated_database_is_at_the_head(self, package: str, migrated_url: MigratedUrl) -> None:
        url = migrated_url(package)

        revision = current(package, url)

        assert revision is not None
        assert revision == head(package)

    def test_a_table_without_a_migration_is_found(self, package: str, migrated_url: MigratedUrl) -> None:
        url = migrated_url(package)
        forgotten = tables_of(package)[-1].name
        engine = engine_for(url)
        with engine.begin() as connection:
            cascade = " CASCADE" if engine.dialect.name == "postgresql" else ""
            connection.execute(text(f'DROP TABLE "{forgotten}"{cascade}'))
        engine.dispose()

        found = differences(package, url)

        assert any(change[0] == "add_table" and change[1].name == forgotten for change in found)
