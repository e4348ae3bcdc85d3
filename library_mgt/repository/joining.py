"""SQL by which one patron's rows become another's: whatever refers to a patron, whichever table it stands in."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Table, and_, bindparam, delete, exists, literal_column, or_, select, update
from sqlalchemy.sql.selectable import CompoundSelect

from configuration.kit.database import Statement, Transaction
from library_mgt.domain.states import LIVE_LOAN, OPEN_REQUEST
from library_mgt.models.data.base import metadata, words
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.loans import loan
from library_mgt.models.data.patrons import patron
from library_mgt.models.data.requests import request

_FROM, _TO = bindparam("other", type_=patron.c.id.type), bindparam("patron_id", type_=patron.c.id.type)
# In the order of their ids, so that two that are joined crosswise do not wait for one another.
_LOCK = Statement(
    select(patron.c.id).where(or_(patron.c.id == _TO, patron.c.id == _FROM)).order_by(patron.c.id).with_for_update()
)


def _has(patron_id: Any, name: str) -> Any:
    """The titles and parts that a patron has on loan or waits for."""
    lent = select(loan.c.title_id, loan.c.part, literal_column("1").label("lent")).where(
        loan.c.patron_id == patron_id, loan.c.state.in_(words(LIVE_LOAN))
    )
    wished = select(request.c.title_id, request.c.part, literal_column("0").label("lent")).where(
        request.c.patron_id == patron_id, request.c.state.in_(words(OPEN_REQUEST))
    )
    both: CompoundSelect[Any] = lent.union_all(wished)
    return both.subquery(name)


_here, _there = _has(_TO, "here"), _has(_FROM, "there")
_TITLES = Statement(
    select(_here.c.title_id, title.c.title, _here.c.lent, _there.c.lent.label("other_lent"))
    .select_from(
        _here.join(_there, and_(_there.c.title_id == _here.c.title_id, _there.c.part == _here.c.part)).join(
            title, title.c.id == _here.c.title_id
        )
    )
    .order_by(_here.c.title_id)
)
_POLICIES = Statement(
    select(loan.c.policy).where(
        or_(loan.c.patron_id == _TO, loan.c.patron_id == _FROM),
        loan.c.state.in_(words(LIVE_LOAN)),
        loan.c.overrides.is_(None),
    )
)


def _references() -> Iterable[tuple[Table, Column[Any]]]:
    return [
        (table, column)
        for table in metadata.sorted_tables
        for column in table.c
        if any(key.column is patron.c.id for key in column.foreign_keys)
    ]


def _moves(table: Table, column: Column[Any]) -> list[Statement[Any]]:
    """A row of which a patron has only one goes where the other has one as well."""
    moved: list[Statement[Any]] = [Statement(update(table).values({column.name: _TO}).where(column == _FROM))]
    if [each.name for each in table.primary_key] == [column.name]:
        theirs = table.alias("theirs")
        both = exists().where(theirs.c[column.name] == _TO)
        moved.insert(0, Statement(delete(table).where(column == _FROM, both)))
    return moved


_MOVES = [statement for reference in _references() for statement in _moves(*reference)]
_END = Statement(delete(patron).where(patron.c.id == _FROM))


def lock(tx: Transaction, patron_id: int, other: int) -> int:
    """Lock both patrons; how many of them there are."""
    return len(tx.all(_LOCK, patron_id=patron_id, other=other))


def titles_of_both(tx: Transaction, patron_id: int, other: int) -> list[Any]:
    """Titles that both have on loan or wait for: `title_id`, `title`, and which of it each has."""
    return tx.all(_TITLES, patron_id=patron_id, other=other)


def kept_limits(tx: Transaction, patron_id: int, other: int) -> list[int]:
    """How many loans were allowed by the rules that the live loans of both keep, where nobody overruled them."""
    return [row.policy["max_loans"] for row in tx.all(_POLICIES, patron_id=patron_id, other=other)]


def move(tx: Transaction, other: int, patron_id: int) -> None:
    """Let everything of one patron be the other's, and the one be gone: nothing can refer to it any more."""
    for statement in _MOVES:
        tx.run(statement, other=other, patron_id=patron_id)
    tx.run(_END, other=other)
