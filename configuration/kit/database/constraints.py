"""Constraint errors become refusals at the edge of a write, by the constraint's name.

PostgreSQL names the constraint. SQLite names it for CHECKs and for indexes on expressions; for other unique indexes it
names table and columns, so that the name is looked up in the MetaData. For foreign keys it names nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Constraint, Index, MetaData, PrimaryKeyConstraint, UniqueConstraint

from configuration.kit.errors import Conflict, Refusal

LONGEST_NAME = 63
"""PostgreSQL cuts longer identifiers off."""

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?!index )(.+)")
_SQLITE_INDEX = re.compile(r"UNIQUE constraint failed: index '(.+)'")
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (.+)")
_FOREIGN_KEY = "foreign key"

Refusals = Mapping[str, Callable[[], Refusal]]


class StillReferenced(Conflict):
    """A foreign key forbids it, and the database (or the service) does not say which one."""

    code = "HAS_DEPENDENTS"
    title = "Something refers to this, or what this refers to is gone"


def unique_names(metadata: Sequence[MetaData]) -> dict[tuple[str, frozenset[str]], list[str]]:
    """The names of all unique constraints and unique indexes by table and columns, as SQLite reports them."""
    found: dict[tuple[str, frozenset[str]], list[str]] = {}
    for table in (table for each in metadata for table in each.tables.values()):
        constraints: list[UniqueConstraint | PrimaryKeyConstraint | Index] = [
            c for c in table.constraints if isinstance(c, UniqueConstraint | PrimaryKeyConstraint)
        ]
        for unique in [*constraints, *(index for index in table.indexes if index.unique)]:
            columns = frozenset(column.name for column in unique.columns)
            found.setdefault((table.name, columns), []).append(str(unique.name))
    return found


def all_names(metadata: Sequence[MetaData]) -> set[str]:
    """The names of all constraints and indexes."""
    tables = [table for each in metadata for table in each.tables.values()]
    named: list[Constraint | Index] = []
    for table in tables:
        named += [*table.constraints, *table.indexes]
    return {str(item.name) for item in named if item.name}


class Edge:
    """Turns a driver's constraint error into the refusal that a service declared for the constraint."""

    def __init__(self, metadata: Sequence[MetaData], refusals: Refusals) -> None:
        known = all_names(metadata)
        if unknown := sorted(set(refusals) - known):
            raise ValueError(f"refusals for constraints that no table has: {unknown}")
        if too_long := sorted(name for name in known if len(name) > LONGEST_NAME):
            raise ValueError(f"names longer than {LONGEST_NAME} characters, which PostgreSQL cuts off: {too_long}")
        self._refusals = refusals
        self._by_columns: dict[tuple[str, frozenset[str]], str] = {}
        for key, names in unique_names(metadata).items():
            declared = [name for name in names if name in refusals]
            if len({refusals[name] for name in declared}) > 1:
                raise ValueError(f"SQLite cannot tell {declared} apart: same table, same columns")
            self._by_columns[key] = (declared or names)[0]

    def refusal(self, constraint: str | None, *, foreign_key: bool = False) -> Refusal | None:
        """The refusal declared for the constraint, or `None` where the error is a fault of the program."""
        make = self._refusals.get(constraint or "")
        if make is not None:
            return make()
        return StillReferenced() if foreign_key else None

    def from_sqlite(self, message: str) -> Refusal | None:
        """The refusal for the text of an IntegrityError of SQLite."""
        return self.refusal(self.sqlite_name(message), foreign_key=_FOREIGN_KEY in message.lower())

    def sqlite_name(self, message: str) -> str | None:
        """The name of the constraint that SQLite's message is about."""
        if named := (_SQLITE_CHECK.match(message) or _SQLITE_INDEX.match(message)):
            return named[1]
        if unique := _SQLITE_UNIQUE.match(message):
            columns = unique[1].split(", ")
            table = columns[0].partition(".")[0]
            return self._by_columns.get((table, frozenset(column.partition(".")[2] for column in columns)))
        return None
