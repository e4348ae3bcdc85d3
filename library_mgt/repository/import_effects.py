"""What an import does to the catalogue, a thousand titles at a time, and how it is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Integer,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
)

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.features.jobs.tables import job_row
from library_mgt.domain import barcodes
from library_mgt.models.data.catalogue import (
    Identifier,
    title,
    title_contributor,
    title_identifier,
    title_search,
    title_subject,
)
from library_mgt.models.data.copies import copy, copy_barcode
from library_mgt.models.data.loans import loan
from library_mgt.models.data.requests import request
from library_mgt.repository.imports import Span


@dataclass(frozen=True, slots=True)
class Description:
    """A title as an import writes it, with everything that is derived from its description."""

    external_id: str | None
    title: str
    subtitle: str | None
    sort_key: str
    match_key: str
    publisher: str | None
    year: int | None
    edition: str | None
    language: str | None
    authors: tuple[str, ...]
    subjects: tuple[str, ...]
    identifier: Identifier | None
    call_number: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the copies of an import go, and what they and their titles are."""

    location: str
    item_type: str
    material_type: str


_LAST_ID = Statement(text("SELECT seq FROM sqlite_sequence WHERE name = :name").columns(seq=BigInteger))
_NEXT_IDS = Statement(
    text(
        "SELECT nextval(pg_get_serial_sequence(CAST(:name AS TEXT), 'id')) AS id "
        "FROM generate_series(1, CAST(:number AS INTEGER))"
    ).columns(id=BigInteger)
)
ADD_TITLES = Statement(insert_into(title, omit=()))
ADD_NAMES = Statement(insert_into(title_contributor, omit=()))
ADD_ISBNS = Statement(insert_into(title_identifier, omit=()))
ADD_SUBJECTS = Statement(insert_into(title_subject, omit=()))
ADD_WORDS = Statement(insert_into(title_search, omit=()))
_first, _last = bindparam("first", type_=BigInteger()), bindparam("last", type_=BigInteger())
ADD_COPIES = Statement(
    insert(copy)
    .from_select(
        [
            "version", "title_id", "part", "location", "item_type", "status", "import_job", "created_at", "changed_at",
        ],
        select(
            literal_column("1"),
            title.c.id,
            literal_column("''"),
            bindparam("location", type_=copy.c.location.type),
            bindparam("item_type", type_=copy.c.item_type.type),
            literal_column("'IN_SERVICE'"),
            title.c.import_job,
            title.c.created_at,
            title.c.changed_at,
        )
        .where(title.c.id >= _first, title.c.id <= _last, title.c.import_job == bindparam("job_id", type_=BigInteger()))
        .order_by(title.c.id),
    )
    .returning(copy.c.id, copy.c.title_id)
    .inline()
)  # fmt: skip
SET_CALL_NUMBER = Statement(
    update(copy)
    .where(copy.c.id == bindparam("copy_id", type_=BigInteger()))
    .values(call_number=bindparam("new_number", type_=copy.c.call_number.type))
)
ADD_BARCODES = Statement(insert_into(copy_barcode, omit=()))

_DESCRIBED = ("title", "subtitle", "sort_key", "match_key", "publisher", "year", "edition", "language")
LOCK_TITLE = Statement(
    select(title.c.version).where(title.c.id == bindparam("title_id", type_=BigInteger())).with_for_update()
)
CHANGE_TITLE = Statement(
    update(title)
    .where(title.c.id == bindparam("title_id", type_=BigInteger()))
    .values(
        {name: bindparam(f"new_{name}", type_=title.c[name].type) for name in _DESCRIBED}
        | {"version": title.c.version + 1, "changed_at": bindparam("now", type_=title.c.changed_at.type)}
    )
)
_of_title = bindparam("title_id", type_=BigInteger())
CHANGE_WORDS = Statement(
    update(title_search)
    .where(title_search.c.title_id == _of_title)
    .values(words=bindparam("new_words", type_=title_search.c.words.type))
)
DROP_NAMES = Statement(delete(title_contributor).where(title_contributor.c.title_id == _of_title))
DROP_SUBJECTS = Statement(delete(title_subject).where(title_subject.c.title_id == _of_title))
DROP_ISBNS = Statement(
    delete(title_identifier).where(title_identifier.c.title_id == _of_title, title_identifier.c.scheme == "isbn")
)

_here = (
    job_row.c.job_id == bindparam("job_id", type_=BigInteger()),
    job_row.c.row_no > bindparam("after", type_=Integer()),
    job_row.c.row_no <= bindparam("upto", type_=Integer()),
)
_made = select(job_row.c.subject_id).where(*_here, job_row.c.applied == "created", job_row.c.undone.is_(None))
LOCK_MADE = Statement(select(title.c.id).where(title.c.id.in_(_made)).order_by(title.c.id).with_for_update())
DECIDE = Statement(
    update(job_row)
    .where(*_here, job_row.c.applied == "created", job_row.c.undone.is_(None))
    .values(
        undone=case(
            (~exists().where(title.c.id == job_row.c.subject_id), literal("gone")),
            (
                exists().where(loan.c.title_id == job_row.c.subject_id)
                | exists().where(request.c.title_id == job_row.c.subject_id),
                literal("kept: lent or requested since"),
            ),
            (
                exists().where(
                    copy.c.title_id == job_row.c.subject_id,
                    copy.c.import_job.is_distinct_from(job_row.c.job_id) | (copy.c.version > 1),
                ),
                literal("kept: its copies were changed since"),
            ),
            (
                exists().where(title.c.id == job_row.c.subject_id, title.c.version > 1),
                literal("kept: changed since"),
            ),
            else_=literal("undone"),
        )
    )
)
_removed = select(job_row.c.subject_id).where(*_here, job_row.c.applied == "created", job_row.c.undone == "undone")
DROP_COPIES = Statement(delete(copy).where(copy.c.title_id.in_(_removed)))
DROP_TITLES = Statement(delete(title).where(title.c.id.in_(_removed)))
SETTLE = Statement(
    update(job_row)
    .where(job_row.c.job_id == bindparam("of_job"), job_row.c.row_no == bindparam("at_row"))
    .values(undone=bindparam("outcome", type_=job_row.c.undone.type))
)
UNDONE = Statement(
    select(job_row.c.undone, func.count().label("number"))
    .where(*_here, job_row.c.undone.is_not(None))
    .group_by(job_row.c.undone)
)


def create_titles(
    tx: Transaction, described: Sequence[Description], shelf: Shelf, *, job_id: int, now: datetime
) -> list[int]:
    """Add the titles, each with one copy under a generated barcode, and answer their ids in order."""
    ids = _ids(tx, "title", len(described))
    pairs = list(zip(ids, described, strict=True))
    since = {"created_at": now, "changed_at": now, "version": 1, "import_job": job_id}
    tx.run_many(
        ADD_TITLES,
        [
            {
                "id": id_,
                "number": None,
                "external_id": book.external_id,
                "material_type": shelf.material_type,
                **{name: getattr(book, name) for name in _DESCRIBED},
                **since,
            }
            for id_, book in pairs
        ],
    )
    _add_parts(tx, pairs)
    tx.run_many(ADD_WORDS, [{"title_id": id_, "words": book.words} for id_, book in pairs])
    if not ids:
        return ids
    copies = tx.all(
        ADD_COPIES, first=ids[0], last=ids[-1], job_id=job_id, location=shelf.location, item_type=shelf.item_type
    )
    tx.run_many(
        ADD_BARCODES,
        [{"barcode": barcodes.generated(row.id), "copy_id": row.id, "in_use": True, "since": now} for row in copies],
    )
    numbers = {id_: book.call_number for id_, book in pairs if book.call_number}
    tx.run_many(
        SET_CALL_NUMBER,
        [{"copy_id": row.id, "new_number": numbers[row.title_id]} for row in copies if row.title_id in numbers],
    )
    return ids


def change_title(tx: Transaction, title_id: int, book: Description, *, now: datetime) -> None:
    """Give a title another description."""
    changed = {f"new_{name}": getattr(book, name) for name in _DESCRIBED}
    tx.run(CHANGE_TITLE, title_id=title_id, now=now, **changed)
    for statement in (DROP_NAMES, DROP_SUBJECTS, DROP_ISBNS):
        tx.run(statement, title_id=title_id)
    _add_parts(tx, [(title_id, book)])
    tx.run(CHANGE_WORDS, title_id=title_id, new_words=book.words)


def version_of(tx: Transaction, title_id: int) -> int | None:
    """The title's version, its row locked; `None` when it is gone."""
    found: int | None = tx.scalar(LOCK_TITLE, title_id=title_id)
    return found


def remove_unused(tx: Transaction, span: Span) -> None:
    """Take the created titles of the span away again; those used or changed since stay, and their rows say why."""
    tx.all(LOCK_MADE, **span.bounds)
    tx.run(DECIDE, **span.bounds)
    tx.run(DROP_COPIES, **span.bounds)
    tx.run(DROP_TITLES, **span.bounds)


def settle(tx: Transaction, job_id: int, outcomes: Sequence[tuple[int, str]]) -> None:
    """Write down how the undoing of updated rows went."""
    if outcomes:
        tx.run_many(SETTLE, [{"of_job": job_id, "at_row": row_no, "outcome": outcome} for row_no, outcome in outcomes])


def undone_counts(tx: Transaction, span: Span) -> dict[str, int]:
    """How many rows of the span were undone, and how many kept for which reason."""
    return {row.undone: row.number for row in tx.all(UNDONE, **span.bounds)}


def _add_parts(tx: Transaction, pairs: Sequence[tuple[int, Description]]) -> None:
    names = [
        {"title_id": id_, "position": position, "name": name, "role": "author"}
        for id_, book in pairs
        for position, name in enumerate(book.authors, 1)
    ]
    subjects = [
        {"title_id": id_, "position": position, "subject": subject}
        for id_, book in pairs
        for position, subject in enumerate(book.subjects, 1)
    ]
    identifiers = [
        {
            "title_id": id_,
            "position": 1,
            "scheme": book.identifier.scheme,
            "raw": book.identifier.raw,
            "normalised": book.identifier.normalised,
            "state": book.identifier.state,
            "qualifier": book.identifier.qualifier,
        }
        for id_, book in pairs
        if book.identifier is not None
    ]
    for statement, rows in ((ADD_NAMES, names), (ADD_SUBJECTS, subjects), (ADD_ISBNS, identifiers)):
        if rows:
            tx.run_many(statement, rows)


def _ids(tx: Transaction, table: str, number: int) -> list[int]:
    """Ids that were never used, taken beforehand so that many rows and what hangs on them go in at once."""
    if not number:
        return []
    if tx.dialect == "postgresql":
        return [row.id for row in tx.all(_NEXT_IDS, name=table, number=number)]
    first = int(tx.scalar(_LAST_ID, name=table) or 0) + 1
    return list(range(first, first + number))
