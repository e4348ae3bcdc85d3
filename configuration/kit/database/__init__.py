"""The data layer: units of work as plain functions over a transaction, on SQLite and on PostgreSQL."""

from configuration.kit.database.database import Database, open_database
from configuration.kit.database.schema import (
    NAMING,
    Encoded,
    Hundredths,
    Instant,
    JsonText,
    encoded,
    id_column,
    insert_into,
    one_of,
    unique_where,
)
from configuration.kit.database.sqlite import SecondServer, UnsafeSqlite
from configuration.kit.database.statement import Dialect, Statement
from configuration.kit.database.tickets import UnitFailed
from configuration.kit.database.transaction import NotStorable, Transaction

__all__ = [
    "NAMING",
    "Database",
    "Dialect",
    "Encoded",
    "Hundredths",
    "Instant",
    "JsonText",
    "NotStorable",
    "SecondServer",
    "Statement",
    "Transaction",
    "UnitFailed",
    "UnsafeSqlite",
    "encoded",
    "id_column",
    "insert_into",
    "one_of",
    "open_database",
    "unique_where",
]
