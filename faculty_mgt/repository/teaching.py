"""SQL about teaching lists."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from configuration.kit.database import Instant, Statement, Transaction
from configuration.kit.database.rows import Pages, Rows
from faculty_mgt.models.data.offer import TeachingRow, TeachingView, teaching
from faculty_mgt.models.data.person import person

rows = Rows(teaching, TeachingRow)
_VIEW = select(
    teaching.c.id,
    teaching.c.section_id,
    person.c.number.label("person"),
    person.c.display_name,
    teaching.c.role,
    teaching.c.valid_from,
    teaching.c.valid_until,
).select_from(teaching.join(person, person.c.id == teaching.c.person_id))
_of_section = Pages(_VIEW.where(teaching.c.section_id == bindparam("section_id")), teaching.c.id, TeachingView)
_BY_ID = Statement(_VIEW.where(teaching.c.id == bindparam("id")), TeachingView)
_END: Statement[Any] = Statement(
    update(teaching).values(valid_until=bindparam("until", type_=Instant)).where(teaching.c.id == bindparam("id"))
)


def find(tx: Transaction, line_id: int) -> TeachingView:
    """A line of a teaching list that is known to be there."""
    return tx.one(_BY_ID, id=line_id)


def of_section(tx: Transaction, section_id: int, *, after: int, limit: int) -> list[TeachingView]:
    """A section's teaching list, with what has ended and what is to come."""
    return _of_section.page(tx, after=after, limit=limit, section_id=section_id)


def end(tx: Transaction, line_id: int, *, until: datetime) -> None:
    """Let somebody teach only until then."""
    tx.run(_END, id=line_id, until=until)
