"""The statements that every table with an id needs, and lists in the order of ids, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, literal_column, select, tuple_, update

from configuration.kit.database.schema import insert_into
from configuration.kit.database.statement import Statement
from configuration.kit.database.transaction import Transaction

R = TypeVar("R")


class Rows(Generic[R]):
    """Rows of one table, by id. `into` is a dataclass whose fields are columns of the table.

    `changeable` names the columns that `change` writes; it raises the row's `version` by one.
    """

    def __init__(self, table: Table, into: type[R], *, changeable: Iterable[str] = ()) -> None:
        self._changeable = frozenset(changeable)
        own = select(*(table.c[field.name] for field in fields(into))).where(  # type: ignore[arg-type]
            table.c.id == bindparam("id")
        )
        self._find = Statement(own, into)
        self._locked = Statement(own.with_for_update(), into)
        self._add: Statement[Any] = Statement(insert_into(table, returning=("id",)))
        self._remove: Statement[Any] = Statement(delete(table).where(table.c.id == bindparam("id")))
        if self._changeable:
            values: dict[str, Any] = {
                name: bindparam(f"new_{name}", type_=table.c[name].type) for name in self._changeable
            }
            self._change: Statement[Any] = Statement(
                update(table).values({**values, "version": table.c.version + 1}).where(table.c.id == bindparam("id"))
            )

    def find(self, tx: Transaction, row_id: int) -> R | None:
        """The row with the id."""
        return tx.first(self._find, id=row_id)

    def locked(self, tx: Transaction, row_id: int) -> R | None:
        """The row with the id, locked until the unit of work ends."""
        return tx.first(self._locked, id=row_id)

    def add(self, tx: Transaction, **values: Any) -> int:
        """A new row, every column but its id given; answers the id."""
        made: int = tx.scalar(self._add, **values)
        return made

    def remove(self, tx: Transaction, row_id: int) -> None:
        """Delete the row."""
        tx.run(self._remove, id=row_id)

    def change(self, tx: Transaction, row_id: int, values: Mapping[str, Any]) -> None:
        """Write every changeable column anew."""
        tx.run(self._change, id=row_id, **{f"new_{name}": values[name] for name in self._changeable})


class Pages(Generic[R]):
    """A list in the order of its ids, for `configuration.kit.pagination`.

    Instead of the id there may be several columns, which together are unique; `after` is then a tuple.

    `filters` are conditions that hold only where their parameter is given; each is named like its parameter. LIMIT
    stands in the statement as a number, since a database plans better for a limit it can see: there is one statement
    per limit and set of filters.
    """

    def __init__(
        self,
        view: Select[Any],
        by: ColumnElement[int] | Sequence[ColumnElement[int]],
        into: type[R],
        *,
        filters: Mapping[str, ColumnElement[bool]] | None = None,
    ) -> None:
        self._filters = dict(filters or {})
        order = [by] if isinstance(by, ColumnElement) else list(by)
        places = [bindparam(f"after_{place}", type_=column.type) for place, column in enumerate(order)]
        beyond = tuple_(*order) > tuple_(*places) if len(order) > 1 else order[0] > places[0]

        @cache
        def limited(limit: int, chosen: tuple[str, ...]) -> Statement[R]:
            following = view.where(beyond, *(self._filters[name] for name in chosen))
            return Statement(following.order_by(*order).limit(literal_column(str(limit))), into)

        self._limited = limited

    def page(self, tx: Transaction, /, *, after: int | Sequence[Any], limit: int, **params: Any) -> list[R]:
        """At most `limit` rows beyond `after`; a filter whose parameter is `None` is left out."""
        chosen = tuple(name for name in self._filters if params.get(name) is not None)
        wanted = {name: value for name, value in params.items() if name not in self._filters or value is not None}
        places = (after,) if isinstance(after, int) else after
        beyond = {f"after_{place}": value for place, value in enumerate(places)}
        return tx.all(self._limited(limit, chosen), **beyond, **wanted)
