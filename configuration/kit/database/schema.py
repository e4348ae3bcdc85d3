"""What tables are made of, alike on SQLite and PostgreSQL: names, ids, instants, JSON, inserts."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    event,
    insert,
    text,
)
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}
"""The `naming_convention` of every MetaData: refusals are found by these names."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC with microseconds.

    On SQLite it is text of one length (`2026-03-01T09:30:00.000000Z`), so that comparing text compares time; on
    PostgreSQL it is `timestamptz`. A naive datetime is refused: nobody can say which instant it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, `timestamptz` on PostgreSQL."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """UTC on the way in, without SQLAlchemy's hops: a checkout binds ten instants."""
        return _instant_text if dialect.name == "sqlite" else _aware

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """UTC on the way out."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        stored: datetime = value
        return stored if stored.tzinfo is UTC else stored.astimezone(UTC)


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value


def _instant_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is not UTC:
        value = cast(datetime, _aware(value)).astimezone(UTC)
    return f"{value.isoformat(timespec='microseconds')[:-6]}Z"  # Less the +00:00 of UTC.


# Made once: `json.dumps` with options builds an encoder at each call, which costs more than the encoding.
_compact = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


class JsonText(TypeDecorator[Any]):
    """Any JSON value as compact text. Nothing asks into it in SQL, so it is the same on both databases."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Compact JSON with its keys in order; `None` is NULL."""
        return _json_text

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The value that was stored."""
        return None if value is None else json.loads(value)


class Encoded(str):
    """A value that is JSON text already, since many rows get the same."""

    __slots__ = ()


def encoded(value: Any) -> Encoded:
    """The value as it is stored."""
    return Encoded(_compact(value))


def _json_text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value) if type(value) is Encoded else _compact(value)  # Drivers know plain text best.


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places, kept as a whole number of hundredths: exact, and alike on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Hundredths; a third decimal place is an error of the program, never rounded in passing."""
        if value is None:
            return None
        scaled = Decimal(value) * 100
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than two decimal places")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The decimal, with two places."""
        return None if value is None else Decimal(value).scaleb(-2)


def id_column(name: str = "id") -> Column[int]:
    """The primary key of a table: an integer made by the database and never used twice."""
    column = Column(name, BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True)

    def never_reuse(_: Column[int], table: Table) -> None:
        table.dialect_options["sqlite"]["autoincrement"] = True

    event.listen(column, "after_parent_attach", never_reuse)
    return column


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A check that a text column holds one of a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def unique_where(name: str, *columns: str, where: str) -> Index:
    """Unique among the rows for which `where` holds."""
    condition = text(where)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def insert_into(
    table: Table, *, returning: Iterable[str] = (), omit: Iterable[str] = ("id",)
) -> ReturningInsert[Any] | Any:
    """An insert with one parameter per column, named like it. `omit` names columns that the database fills itself."""
    left_out = set(omit)
    statement = insert(table).values(
        {column.name: bindparam(column.name, type_=column.type) for column in table.c if column.name not in left_out}
    )
    wanted = [table.c[name] for name in returning]
    return statement.returning(*wanted).inline() if wanted else statement.inline()
