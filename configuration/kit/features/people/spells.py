"""The statements about a service's table of spells: studies, or appointments."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, Table, bindparam, func, or_, select, update

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.features.people.model import SpellOnRecord, Summary
from configuration.kit.features.people.tables import department, major, person

S = TypeVar("S", bound=SpellOnRecord)
_REFERENCES = (
    major.c.code.label("major"),
    major.c.name.label("major_name"),
    department.c.code.label("department"),
    department.c.name.label("department_name"),
)


class SpellTable(Generic[S]):
    """One table of spells, with `kind`, `major_id`, `department_id`, `valid_from`, `valid_until` and `external_id`.

    `owner` is its column that says whose spell it is, `owners` what leads from there to `person`.
    """

    def __init__(self, table: Table, into: type[S], *, owner: str, owners: FromClause) -> None:
        sorted_by = owners.outerjoin(major, major.c.id == table.c.major_id).outerjoin(
            department, department.c.id == table.c.department_id
        )
        own = [table.c[name] for name in into.__dataclass_fields__ if name in table.c]
        self._columns = tuple(column.name for column in table.c if column.name != "id")
        self._owner = owner
        self._of = Statement(
            select(*own, table.c[owner].label("owner_id"), *_REFERENCES)
            .select_from(sorted_by)
            .where(person.c.id == bindparam("of_person"))
            .order_by(table.c.valid_from, table.c.id),
            into,
        )
        self._insert: Statement[Any] = Statement(insert_into(table))
        last = bindparam("last", type_=table.c.valid_until.type)
        ended = update(table).where(table.c.id == bindparam("spell")).values(valid_until=last)
        self._end: Statement[Any] = Statement(ended)
        self._conclude: Statement[Any] | None = (
            Statement(ended.values(status=bindparam("new_status"))) if "status" in table.c else None
        )
        self._sort: Statement[Any] = Statement(
            update(table)
            .where(table.c.id == bindparam("spell"))
            .values(major_id=bindparam("new_major"), department_id=bindparam("new_department"))
        )
        latest = table.alias("latest")
        newest = select(func.max(latest.c.id)).where(latest.c[owner] == table.c[owner]).scalar_subquery()
        page = (
            select(person.c.id, person.c.number, person.c.display_name, table.c.kind, *_REFERENCES, table.c.valid_until)
            .select_from(sorted_by)
            .where(table.c.id == newest, person.c.id > bindparam("after"), person.c.erased_at.is_(None))
            .order_by(person.c.id)
            .limit(bindparam("limit"))
        )
        self._page = Statement(page, Summary)
        self._found = Statement(page.where(_meant()), Summary)

    def of(self, tx: Transaction, person_id: int) -> list[S]:
        """A person's spells, oldest first."""
        return tx.all(self._of, of_person=person_id)

    def begin(self, tx: Transaction, owner_id: int, values: Mapping[str, Any]) -> None:
        """A new spell; what `values` leaves out is not known."""
        tx.run(self._insert, **{**dict.fromkeys(self._columns), **values, self._owner: owner_id})

    def end(self, tx: Transaction, spell_id: int, last: date, status: str | None = None) -> None:
        """Say which day was, or will be, the last, and how it ended where that is told."""
        if status is None or self._conclude is None:
            tx.run(self._end, spell=spell_id, last=last)
        else:
            tx.run(self._conclude, spell=spell_id, last=last, new_status=status)

    def sort(self, tx: Transaction, spell_id: int, *, major_id: int | None, department_id: int | None) -> None:
        """Put right, or fill in, what a spell is sorted by."""
        tx.run(self._sort, spell=spell_id, new_major=major_id, new_department=department_id)

    def follow(self, tx: Transaction, spell: S, since: date, **changed: Any) -> None:
        """A spell like this one but for what changed, from a day on. The earlier one is to be ended first."""
        same = {name: getattr(spell, name) for name in self._columns if hasattr(spell, name)}
        self.begin(tx, spell.owner_id, {**same, "valid_from": since, "valid_until": None, **changed})

    def page(self, tx: Transaction, *, query: str | None, after: int, limit: int) -> list[Summary]:
        """People in the order they came on record, each with their latest spell.

        `query` is a number, or a part of a name; finding by a part of a name looks at every name.
        """
        if query is None:
            return tx.all(self._page, after=after, limit=limit)
        part = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        number = int(query) if query.isascii() and query.isdigit() and len(query) < 19 else -1
        return tx.all(
            self._found, after=after, limit=limit, number=number, part=f"%{part}%", lowered=f"%{part.lower()}%"
        )


def _meant() -> ColumnElement[bool]:
    # SQLite lowers only the letters of English, so that a name is compared as it was typed, too.
    return or_(
        person.c.number == bindparam("number"),
        func.lower(person.c.display_name).like(bindparam("lowered"), escape="\\"),
        person.c.display_name.like(bindparam("part"), escape="\\"),
    )
