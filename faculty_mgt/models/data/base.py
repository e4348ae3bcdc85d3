"""The service's own MetaData, and what its tables have in common."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, Index, MetaData, text

from configuration.kit.database import NAMING

metadata = MetaData(naming_convention=NAMING)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A check that a text column holds one of a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def unique_where(name: str, *columns: str, where: str) -> Index:
    """Unique among the rows for which `where` holds."""
    condition = text(where)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)
