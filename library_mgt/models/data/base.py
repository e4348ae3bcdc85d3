"""The service's own MetaData, and what its tables have in common."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Label, MetaData, Table, Text, literal_column

from configuration.kit.database import NAMING, one_of

metadata = MetaData(naming_convention=NAMING)

__all__ = ["labelled", "listed", "metadata", "one_of", "word", "words"]


def listed(values: Iterable[str]) -> str:
    """Words as an SQL list, for checks and partial indexes."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def word(value: str) -> ColumnElement[str]:
    """A fixed word of a statement, written out: a database uses a partial index only for words that it can see."""
    if not value.replace("_", "").isalnum():
        raise ValueError(f"{value!r} is not a plain word")
    return literal_column(f"'{value}'", Text)


def words(values: Iterable[str]) -> list[ColumnElement[str]]:
    """Fixed words for an IN list."""
    return [word(value) for value in values]


def labelled(names: Iterable[str], own: Table, derived: Mapping[str, ColumnElement[Any]]) -> list[Label[Any]]:
    """The columns of a view in the order of its dataclass: derived where said so, else the table's own."""
    return [(derived[name] if name in derived else own.c[name]).label(name) for name in names]
