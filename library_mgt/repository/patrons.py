"""SQL about readers."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.domain.blocking import ENDLESS
from library_mgt.domain.states import LIVE_LOAN, OPEN_REQUEST
from library_mgt.models.data.base import labelled, word, words
from library_mgt.models.data.loans import loan
from library_mgt.models.data.patrons import (
    PatronView,
    group_choice,
    patron,
    patron_block,
    patron_card,
    patron_person,
    patron_word,
)
from library_mgt.models.data.requests import request

SERVICES = ("student", "faculty", "library")
_other = patron_person.alias("other_person")


def first_hat(patron_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Joins `patron_person` to a patron by one of the hats, always the same one: it is what is shown of a reader."""
    mine = select(func.min(_other.c.person)).where(_other.c.patron_id == patron_id).scalar_subquery()
    return (patron_person.c.patron_id == patron_id) & (patron_person.c.person == mine)


def typed(text: ColumnElement[str]) -> Select[tuple[int]] | Any:
    """The patrons that a typed or scanned text means: a person reference, the number in one, or an active card."""
    numbers = [literal_column(f"'{service}:'").op("||")(text) for service in SERVICES]
    return union(
        select(patron_person.c.patron_id).where(patron_person.c.person.in_([text, *numbers])),
        select(patron_card.c.patron_id).where(patron_card.c.number == text, patron_card.c.state == word("active")),
    )


BLOCKED_UNTIL: ColumnElement[Any] = (
    select(func.max(func.coalesce(patron_block.c.until, literal_column(f"'{ENDLESS}'", patron_block.c.until.type))))
    .where(patron_block.c.patron_id == patron.c.id, patron_block.c.lifted_at.is_(None))
    .correlate(patron)
    .scalar_subquery()
)
"""The last day of a patron's longest block that was not lifted."""

_DERIVED: dict[str, ColumnElement[Any]] = {
    "person": patron_person.c.person,
    "display_name": patron_person.c.display_name,
    "blocked_until": BLOCKED_UNTIL,
    "live_loans": select(func.count())
    .select_from(loan)
    .where(loan.c.patron_id == patron.c.id, loan.c.state.in_(words(LIVE_LOAN)))
    .correlate(patron)
    .scalar_subquery(),
    "open_requests": select(func.count())
    .select_from(request)
    .where(request.c.patron_id == patron.c.id, request.c.state.in_(words(OPEN_REQUEST)))
    .correlate(patron)
    .scalar_subquery(),
}
_VIEW = select(*labelled(PatronView.__dataclass_fields__, patron, _DERIVED)).select_from(
    patron.outerjoin(patron_person, first_hat(patron.c.id))
)
_TEXT = bindparam("text", type_=patron_person.c.person.type)
_BY_ID = Statement(_VIEW.where(patron.c.id == bindparam("id")), PatronView)
_TYPED = Statement(_VIEW.where(patron.c.id.in_(typed(_TEXT))).order_by(patron.c.id).limit(20), PatronView)
_BY_PERSON = Statement(select(patron_person.c.patron_id).where(patron_person.c.person == bindparam("person")))
_LOCK = Statement(select(patron.c.id).where(patron.c.id == bindparam("id")).with_for_update(key_share=True))
_PERSONS = Statement(
    select(patron_person.c.person).where(patron_person.c.patron_id == bindparam("id")).order_by(patron_person.c.person)
)
_INSERT = Statement(insert_into(patron, returning=("id",)))
_STANDING = Statement(
    update(patron)
    .values(
        group_code=case(
            (exists().where(group_choice.c.patron_id == patron.c.id), patron.c.group_code),
            else_=bindparam("new_group", type_=patron.c.group_code.type),
        ),
        active=bindparam("new_active", type_=patron.c.active.type),
        until=bindparam("new_until", type_=patron.c.until.type),
        as_of=bindparam("new_as_of", type_=Instant),
    )
    .where(patron.c.id == bindparam("id"), patron.c.as_of <= bindparam("new_as_of", type_=Instant))
)
_EXTEND = Statement(
    update(patron)
    .values(
        until=bindparam("new_until", type_=patron.c.until.type),
        as_of=bindparam("now", type_=Instant),
        version=patron.c.version + 1,
    )
    .where(patron.c.id == bindparam("id"))
)
_GUARANTEE = Statement(
    update(patron_person)
    .values(guarantor=bindparam("new_guarantor"))
    .where(patron_person.c.patron_id == bindparam("id"), patron_person.c.person.startswith("library:"))
)
_ADD_PERSON = Statement(insert_into(patron_person))
_CLAIM_PERSON = Statement(
    postgresql_insert(patron_person)
    .values({column.name: bindparam(column.name, type_=column.type) for column in patron_person.c})
    .on_conflict_do_nothing()
    .inline()
)
_REMOVE = Statement(delete(patron).where(patron.c.id == bindparam("id")))
_RENAME = Statement(
    update(patron_person)
    .values(display_name=bindparam("new_name"))
    .where(patron_person.c.person == bindparam("person"), patron_person.c.display_name != bindparam("new_name"))
)
_ADD_WORD = Statement(insert_into(patron_word, omit=()))
_CLEAR_WORDS = Statement(delete(patron_word).where(patron_word.c.person == bindparam("person")))


@cache
def _named(count: int) -> Statement[PatronView]:
    """Patrons with a hat whose name has, for each of `count` words, one that begins with it."""
    found = patron_word.alias("found")
    wanted = select(found.c.person).where(_begins(found.c.word, 0))
    for place in range(1, count):
        more = patron_word.alias(f"more_{place}")
        wanted = wanted.where(
            select(more.c.word).where(more.c.person == found.c.person, _begins(more.c.word, place)).exists()
        )
    hat = patron_person.alias("hat")
    ids = select(hat.c.patron_id).where(hat.c.person.in_(wanted))
    return Statement(_VIEW.where(patron.c.id.in_(ids)).order_by(patron.c.id).limit(20), PatronView)


def _begins(word: ColumnElement[str], place: int) -> ColumnElement[bool]:
    """A range instead of LIKE: it uses the index under any collation of bytes."""
    return (word >= bindparam(f"from_{place}")) & (word < bindparam(f"to_{place}"))


def by_id(tx: Transaction, patron_id: int) -> PatronView | None:
    """A patron with the counts that limits are about."""
    return tx.first(_BY_ID, id=patron_id)


def by_typed(tx: Transaction, text: str) -> list[PatronView]:
    """The patrons that a typed or scanned text means, usually one."""
    return tx.all(_TYPED, text=text)


def by_name(tx: Transaction, beginnings: Sequence[str]) -> list[PatronView]:
    """At most twenty patrons in whose name each of the beginnings begins a word; four of them count."""
    wanted = beginnings[:4]
    if not wanted:
        return []
    lower = {f"from_{place}": beginning for place, beginning in enumerate(wanted)}
    upper = {f"to_{place}": beginning + "\U0010ffff" for place, beginning in enumerate(wanted)}
    return tx.all(_named(len(wanted)), **lower, **upper)


def id_of(tx: Transaction, person: str) -> int | None:
    """The patron behind a person reference."""
    found: int | None = tx.scalar(_BY_PERSON, person=person)
    return found


def lock(tx: Transaction, patron_id: int) -> bool:
    """Lock the row that every limit hangs on; whether there is one."""
    return tx.scalar(_LOCK, id=patron_id) is not None


def persons(tx: Transaction, patron_id: int) -> list[str]:
    """All hats of a patron."""
    return [row.person for row in tx.all(_PERSONS, id=patron_id)]


def add(
    tx: Transaction,
    *,
    group: str,
    active: bool,
    until: date | None,
    as_of: datetime,
    local: bool,
    now: datetime,
) -> int:
    """Insert a patron without a person yet; answers the id."""
    new_id: int = tx.scalar(
        _INSERT,
        version=1,
        group_code=group,
        active=active,
        until=until,
        as_of=as_of,
        local=local,
        created_at=now,
    )
    return new_id


def set_standing(
    tx: Transaction, patron_id: int, *, group: str, active: bool, until: date | None, as_of: datetime
) -> None:
    """Keep what the home service says, unless something newer is known."""
    tx.run(_STANDING, id=patron_id, new_group=group, new_active=active, new_until=until, new_as_of=as_of)


def extend(tx: Transaction, patron_id: int, *, until: date, guarantor: str | None, now: datetime) -> None:
    """Let a local patron's membership last until another day; a guarantor that is not given stays."""
    tx.run(_EXTEND, id=patron_id, new_until=until, now=now)
    if guarantor is not None:
        tx.run(_GUARANTEE, id=patron_id, new_guarantor=guarantor)


def add_person(
    tx: Transaction,
    patron_id: int,
    person: str,
    display_name: str,
    name_words: Iterable[str],
    *,
    now: datetime,
    guarantor: str | None = None,
) -> None:
    """Put a hat on a patron, to be found by the words of its name."""
    values = {"person": person, "patron_id": patron_id, "display_name": display_name, "guarantor": guarantor}
    tx.run(_ADD_PERSON, **values, since=now)
    _index_name(tx, person, name_words)


def add_first_person(
    tx: Transaction, patron_id: int, person: str, display_name: str, name_words: Iterable[str], *, now: datetime
) -> int:
    """Put the first hat on a new patron; answers the patron that has it.

    When another transaction made a patron of the same person meanwhile, the new one goes again and that one is it.
    """
    values = {"person": person, "patron_id": patron_id, "display_name": display_name, "guarantor": None, "since": now}
    if tx.dialect == "postgresql" and not tx.run(_CLAIM_PERSON, **values):
        tx.run(_REMOVE, id=patron_id)
        made = id_of(tx, person)
        assert made is not None
        return made
    if tx.dialect == "sqlite":
        tx.run(_ADD_PERSON, **values)
    _index_name(tx, person, name_words)
    return patron_id


def _index_name(tx: Transaction, person: str, name_words: Iterable[str]) -> None:
    tx.run_many(_ADD_WORD, [{"word": word, "person": person} for word in sorted(set(name_words))])


def rename(tx: Transaction, person: str, display_name: str, name_words: Iterable[str]) -> None:
    """Follow a change of name."""
    if tx.run(_RENAME, person=person, new_name=display_name):
        tx.run(_CLEAR_WORDS, person=person)
        _index_name(tx, person, name_words)
