"""Majors and departments: rows that the office keeps."""

from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, or_, select, update

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.people.errors import UnknownReference
from configuration.kit.features.people.model import Reference
from configuration.kit.features.people.tables import department, major
from configuration.kit.security.actor import Actor

Kind = Literal["major", "department"]
MOST_NAMED = 30

_TABLES = {"major": major, "department": department}
_ROWS = {kind: select(table.c.id, table.c.code, table.c.name, table.c.retired) for kind, table in _TABLES.items()}
_PAGE = {
    kind: Statement(
        _ROWS[kind].where(table.c.id > bindparam("after")).order_by(table.c.id).limit(bindparam("limit")), Reference
    )
    for kind, table in _TABLES.items()
}
_OFFERED = {
    kind: Statement(_ROWS[kind].where(table.c.retired.is_(False)).order_by(table.c.name), Reference)
    for kind, table in _TABLES.items()
}
_NAMED = {
    kind: Statement(
        _ROWS[kind]
        .where(or_(table.c.code == bindparam("word"), table.c.name == bindparam("word")))
        .order_by(table.c.retired, table.c.id),
        Reference,
    )
    for kind, table in _TABLES.items()
}
_ADD = {kind: Statement(insert_into(table, returning=("id",))) for kind, table in _TABLES.items()}
_RETIRE = {
    kind: Statement(update(table).where(table.c.id == bindparam("row")).values(retired=bindparam("new_retired")))
    for kind, table in _TABLES.items()
}


def listed(tx: Transaction, kind: Kind, *, after: int, limit: int) -> list[Reference]:
    """The rows in the order they were made, retired ones too."""
    return tx.all(_PAGE[kind], after=after, limit=limit)


def offered(tx: Transaction, kind: Kind) -> list[Reference]:
    """The rows that may be chosen, by name."""
    return tx.all(_OFFERED[kind])


def named(tx: Transaction, kind: Kind, word: str) -> Reference:
    """The row with this code, or else this name; `UnknownReference` names those there are."""
    found = tx.first(_NAMED[kind], word=word)
    if found is None or found.retired:
        known = ", ".join(row.code for row in offered(tx, kind)[:MOST_NAMED])
        there_are = f"There are {known}." if known else f"No {kind} has been entered yet."
        detail = f"{word!r} is no {kind} that may be chosen. {there_are}"
        raise UnknownReference(detail, blockers=[Blocker(UnknownReference.code, detail, f"/{kind}")])
    return found


def add(tx: Transaction, kind: Kind, code: str, name: str, *, by: Actor, now: datetime) -> Reference:
    """A new row; its code is never another's."""
    made: int = tx.scalar(_ADD[kind], code=code, name=name, external_id=None, retired=False)
    audit.record(tx, f"{kind}.added", f"{kind}:{made}", by=by, now=now, facts={"code": code})
    return Reference(made, code, name, retired=False)


def retire(tx: Transaction, kind: Kind, code: str, *, retired: bool, by: Actor, now: datetime) -> Reference:
    """A row that may not be chosen any more, or may again; whoever was sorted by it stays so."""
    found = next((row for row in tx.all(_NAMED[kind], word=code) if row.code == code), None)
    if found is None:
        raise UnknownReference(f"There is no {kind} {code!r}.")
    tx.run(_RETIRE[kind], row=found.id, new_retired=retired)
    audit.record(tx, f"{kind}.{'retired' if retired else 'restored'}", f"{kind}:{found.id}", by=by, now=now)
    return Reference(found.id, found.code, found.name, retired=retired)
