"""SQL about titles and what belongs to them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.models.data.catalogue import (
    Contributor,
    Identifier,
    TitleRow,
    title,
    title_classification,
    title_contributor,
    title_identifier,
    title_search,
    title_subject,
)
from library_mgt.models.data.reference import classification

CHANGEABLE = (
    "number", "external_id", "title", "subtitle", "sort_key", "match_key", "publisher", "year", "edition", "language",
    "material_type",
)  # fmt: skip
_ROW = select(*(title.c[name] for name in TitleRow.__dataclass_fields__))
_BY_ID = Statement(_ROW.where(title.c.id == bindparam("id")), TitleRow)
_LOCKED = Statement(_ROW.where(title.c.id == bindparam("id")).with_for_update(), TitleRow)
_ID_BY_NUMBER = Statement(select(title.c.id).where(title.c.number == bindparam("number")))
_ID_BY_EXTERNAL = Statement(select(title.c.id).where(title.c.external_id == bindparam("external_id")))
_INSERT = Statement(insert_into(title, returning=("id",)))
_UPDATE = Statement(
    update(title)
    .values(
        {
            **{name: bindparam(f"new_{name}", type_=title.c[name].type) for name in CHANGEABLE},
            "changed_at": bindparam("now", type_=Instant),
            "version": title.c.version + 1,
        }
    )
    .where(title.c.id == bindparam("id"))
)
_GIVE_NUMBERS = Statement(update(title).values(number=title.c.id).where(title.c.number.is_(None)))
_DELETE = Statement(delete(title).where(title.c.id == bindparam("id")))

_CONTRIBUTORS = Statement(
    select(title_contributor.c.name, title_contributor.c.role)
    .where(title_contributor.c.title_id == bindparam("id"))
    .order_by(title_contributor.c.position),
    Contributor,
)
_IDENTIFIERS = Statement(
    select(*(title_identifier.c[name] for name in Identifier.__dataclass_fields__))
    .where(title_identifier.c.title_id == bindparam("id"))
    .order_by(title_identifier.c.position),
    Identifier,
)
_CLASSES = Statement(
    select(classification.c.value)
    .join(title_classification, title_classification.c.classification_id == classification.c.id)
    .where(title_classification.c.title_id == bindparam("id"))
    .order_by(classification.c.scheme, classification.c.position)
)
_SUBJECTS = Statement(
    select(title_subject.c.subject)
    .where(title_subject.c.title_id == bindparam("id"))
    .order_by(title_subject.c.position)
)

_ADD_CONTRIBUTOR = Statement(insert_into(title_contributor))
_ADD_IDENTIFIER = Statement(insert_into(title_identifier))
_ADD_CLASS = Statement(insert_into(title_classification))
_ADD_SUBJECT = Statement(insert_into(title_subject))
_ADD_WORDS = Statement(insert_into(title_search))
_SET_WORDS = Statement(
    update(title_search)
    .values(words=bindparam("new_words", type_=title_search.c.words.type))
    .where(title_search.c.title_id == bindparam("id"))
)


def _clear(column: ColumnElement[Any]) -> Statement[Any]:
    return Statement(delete(column.table).where(column == bindparam("id")))


_CLEAR_CONTRIBUTORS = _clear(title_contributor.c.title_id)
_CLEAR_IDENTIFIERS = _clear(title_identifier.c.title_id)
_CLEAR_CLASSES = _clear(title_classification.c.title_id)
_CLEAR_SUBJECTS = _clear(title_subject.c.title_id)


def by_id(tx: Transaction, title_id: int) -> TitleRow | None:
    """The title's own row."""
    return tx.first(_BY_ID, id=title_id)


def locked(tx: Transaction, title_id: int) -> TitleRow | None:
    """The title's own row, locked: whoever touches the title's queue holds this first."""
    return tx.first(_LOCKED, id=title_id)


def id_by_number(tx: Transaction, number: int) -> int | None:
    """The id of the title with the librarian's number (the book's book_id)."""
    found: int | None = tx.scalar(_ID_BY_NUMBER, number=number)
    return found


def give_numbers(tx: Transaction) -> int:
    """Give each title without a number its id as one; how many got one."""
    return tx.run(_GIVE_NUMBERS)


def id_by_external(tx: Transaction, external_id: str) -> int | None:
    """The id of the title with an import's identity."""
    found: int | None = tx.scalar(_ID_BY_EXTERNAL, external_id=external_id)
    return found


def add(tx: Transaction, values: dict[str, Any], *, now: datetime, import_job: int | None = None) -> int:
    """Insert a title's row; `values` holds the columns of `CHANGEABLE`. Answers its id."""
    new_id: int = tx.scalar(_INSERT, version=1, import_job=import_job, created_at=now, changed_at=now, **values)
    return new_id


def change(tx: Transaction, title_id: int, values: dict[str, Any], *, now: datetime) -> None:
    """Write all columns of `CHANGEABLE` anew; the version goes up by one."""
    tx.run(_UPDATE, id=title_id, now=now, **{f"new_{name}": values[name] for name in CHANGEABLE})


def remove(tx: Transaction, title_id: int) -> None:
    """Delete the title's row; what describes it goes with it."""
    tx.run(_DELETE, id=title_id)


def contributors(tx: Transaction, title_id: int) -> list[Contributor]:
    """Who had a part in it, in order."""
    return tx.all(_CONTRIBUTORS, id=title_id)


def identifiers(tx: Transaction, title_id: int) -> list[Identifier]:
    """Its ISBNs, in order."""
    return tx.all(_IDENTIFIERS, id=title_id)


def classes(tx: Transaction, title_id: int) -> list[str]:
    """The values of its classes."""
    return [row.value for row in tx.all(_CLASSES, id=title_id)]


def subjects(tx: Transaction, title_id: int) -> list[str]:
    """Its subjects, in order."""
    return [row.subject for row in tx.all(_SUBJECTS, id=title_id)]


def set_contributors(tx: Transaction, title_id: int, people: Iterable[Contributor], *, new: bool) -> None:
    """Write the contributors; `new` says that there are none yet."""
    if not new:
        tx.run(_CLEAR_CONTRIBUTORS, id=title_id)
    tx.run_many(
        _ADD_CONTRIBUTOR,
        [
            {"title_id": title_id, "position": place, "name": person.name, "role": person.role}
            for place, person in enumerate(people, start=1)
        ],
    )


def set_identifiers(tx: Transaction, title_id: int, found: Iterable[Identifier], *, new: bool) -> None:
    """Write the ISBNs; `new` says that there are none yet."""
    if not new:
        tx.run(_CLEAR_IDENTIFIERS, id=title_id)
    rows = [
        {
            "title_id": title_id,
            "position": place,
            "scheme": one.scheme,
            "raw": one.raw,
            "normalised": one.normalised,
            "state": one.state,
            "qualifier": one.qualifier,
        }
        for place, one in enumerate(found, start=1)
    ]
    tx.run_many(_ADD_IDENTIFIER, rows)


def set_classes(tx: Transaction, title_id: int, class_ids: Iterable[int], *, new: bool) -> None:
    """Write the classes; `new` says that there are none yet."""
    if not new:
        tx.run(_CLEAR_CLASSES, id=title_id)
    tx.run_many(_ADD_CLASS, [{"title_id": title_id, "classification_id": one} for one in class_ids])


def set_subjects(tx: Transaction, title_id: int, texts: Iterable[str], *, new: bool) -> None:
    """Write the subjects; `new` says that there are none yet."""
    if not new:
        tx.run(_CLEAR_SUBJECTS, id=title_id)
    rows = [{"title_id": title_id, "position": place, "subject": text} for place, text in enumerate(texts, start=1)]
    tx.run_many(_ADD_SUBJECT, rows)


def set_words(tx: Transaction, title_id: int, words: str, *, new: bool) -> None:
    """Write what the search engines find the title by: the output of `domain.words.index_words`."""
    if new:
        tx.run(_ADD_WORDS, title_id=title_id, words=words)
    else:
        tx.run(_SET_WORDS, id=title_id, new_words=words)
