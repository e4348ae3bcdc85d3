"""Finding titles: pages by key, whole, by ISBN, or by words.

Each statement first finds the ids of one page and only then what is shown of them, so that a page costs the same
wherever it lies. LIMITs are literals and thus statements of their own, made when first asked for.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)

from configuration.kit.database import Dialect, Statement, Transaction
from library_mgt.domain.states import REQUESTABLE
from library_mgt.domain.words import Asked
from library_mgt.models.data.base import labelled, word, words
from library_mgt.models.data.catalogue import (
    TitleSummary,
    title,
    title_classification,
    title_contributor,
    title_identifier,
)
from library_mgt.models.data.copies import copy, copy_claim
from library_mgt.models.data.reference import classification, item_type

_AFTER: BindParameter[int] = bindparam("after", type_=BigInteger)
_fts = table("title_fts", column("rowid"))


def _names() -> ScalarSelect[str]:
    ordered = (
        select(title_contributor.c.name)
        .where(title_contributor.c.title_id == title.c.id)
        .order_by(title_contributor.c.position)
        .correlate(title)
        .subquery()
    )
    return select(func.aggregate_strings(ordered.c.name, "; ")).scalar_subquery()


def _isbn() -> ScalarSelect[str | None]:
    return (
        select(title_identifier.c.normalised)
        .where(title_identifier.c.title_id == title.c.id, title_identifier.c.normalised.is_not(None))
        .order_by(title_identifier.c.position)
        .limit(literal_column("1"))
        .correlate(title)
        .scalar_subquery()
    )


def _category() -> ScalarSelect[str]:
    return (
        select(classification.c.value)
        .join(title_classification, title_classification.c.classification_id == classification.c.id)
        .where(title_classification.c.title_id == title.c.id)
        .order_by(classification.c.scheme, classification.c.position)
        .limit(literal_column("1"))
        .correlate(title)
        .scalar_subquery()
    )


_COPIES = (
    select(func.count())
    .select_from(copy)
    .where(copy.c.title_id == title.c.id, copy.c.status.in_(words(REQUESTABLE)))
    .correlate(title)
    .scalar_subquery()
)
_AVAILABLE = (
    select(func.count())
    .select_from(
        copy.join(item_type, item_type.c.code == copy.c.item_type).outerjoin(
            copy_claim, copy_claim.c.copy_id == copy.c.id
        )
    )
    .where(
        copy.c.title_id == title.c.id,
        copy.c.status == word("IN_SERVICE"),
        item_type.c.loanable,
        copy_claim.c.copy_id.is_(None),
    )
    .correlate(title)
    .scalar_subquery()
)


def _shown(ids: Select[tuple[int]]) -> Statement[TitleSummary]:
    page = ids.subquery("page")
    derived: dict[str, ColumnElement[Any]] = {
        "contributors": _names(),
        "isbn": _isbn(),
        "classification": _category(),
        "copies": _COPIES,
        "available": _AVAILABLE,
    }
    columns = labelled(TitleSummary.__dataclass_fields__, title, derived)
    return Statement(select(*columns).join(page, page.c.id == title.c.id).order_by(title.c.id), TitleSummary)


@cache
def _all(limit: int) -> Statement[TitleSummary]:
    return _shown(select(title.c.id).where(title.c.id > _AFTER).order_by(title.c.id).limit(literal_column(str(limit))))


@cache
def _with_isbn(limit: int) -> Statement[TitleSummary]:
    own = title_identifier.c
    return _shown(
        select(own.title_id.label("id"))
        .where(own.normalised == bindparam("isbn"), own.title_id > _AFTER)
        .distinct()
        .order_by(own.title_id)
        .limit(literal_column(str(limit)))
    )


@cache
def _with_words(limit: int, dialect: Dialect) -> Statement[TitleSummary]:
    if dialect == "sqlite":
        ids = select(_fts.c.rowid.label("id")).where(
            literal_column("title_fts", Text).bool_op("MATCH")(bindparam("wanted")), _fts.c.rowid > _AFTER
        )
        return _shown(ids.order_by(_fts.c.rowid).limit(literal_column(str(limit))))
    found = func.title_ids_with_words(
        bindparam("wanted", type_=Text), _AFTER, literal_column(str(limit)), type_=BigInteger
    ).column_valued("id")
    return _shown(select(found.label("id")))


def page(tx: Transaction, *, after: int, limit: int) -> list[TitleSummary]:
    """Titles with ids above `after`, in order of ids."""
    return tx.all(_all(limit), after=after)


def page_with_isbn(tx: Transaction, isbn13: str, *, after: int, limit: int) -> list[TitleSummary]:
    """Titles with the ISBN, thirteen digits; there may be several."""
    return tx.all(_with_isbn(limit), isbn=isbn13, after=after)


def page_with_words(tx: Transaction, words: Sequence[Asked], *, after: int, limit: int) -> list[TitleSummary]:
    """Titles in which each of the words stands, or begins a word."""
    if tx.dialect == "sqlite":
        wanted = " ".join(f'"{one.word}"{"*" if one.prefix else ""}' for one in words)
    else:
        wanted = " & ".join(f"'{one.word}'{':*' if one.prefix else ''}" for one in words)
    return tx.all(_with_words(limit, tx.dialect), wanted=wanted, after=after)
