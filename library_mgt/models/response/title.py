"""Titles and copies as they go out."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import Field, model_validator

from configuration.kit.bodies import Outbound
from library_mgt.domain.states import CopyStatus
from library_mgt.models.data.catalogue import TitleRecord


class ContributorRead(Outbound):
    """Somebody with a part in the title."""

    name: str
    role: str


class IdentifierRead(Outbound):
    """An ISBN or the like; `normalised` is there when the check digit proves it."""

    scheme: str
    raw: str
    normalised: str | None
    valid: bool
    state: str
    qualifier: str | None


class CopyRead(Outbound):
    """A copy; `available` is derived: in service, not out, not set aside."""

    id: int
    version: int
    title_id: int
    part: str
    barcode: str | None
    call_number: str | None
    location: str
    item_type: str
    status: CopyStatus
    available: bool


class DeskCopyRead(CopyRead):
    """A copy as staff see it."""

    title: str
    price_minor: int | None
    external_id: str | None
    loan_id: int | None
    request_id: int | None


class TitleSummaryRead(Outbound):
    """A title in a list. `copies` counts those that are or will be there to lend, `available` those on the shelf."""

    id: int
    version: int
    number: int | None
    external_id: str | None
    title: str
    subtitle: str | None
    contributors: str | None = Field(description="Names in order, parted by semicolons.")
    isbn: str | None
    classification: str | None
    publisher: str | None
    year: int | None
    edition: str | None
    language: str | None
    copies: int
    available: int


class TitleRead(Outbound):
    """A title with everything that belongs to it, and its first 200 copies."""

    id: int
    version: int
    number: int | None
    external_id: str | None
    title: str
    subtitle: str | None
    contributors: list[ContributorRead]
    identifiers: list[IdentifierRead]
    publisher: str | None
    year: int | None
    edition: str | None
    language: str | None
    classifications: list[str]
    subjects: list[str]
    material_type: str
    copies: list[CopyRead]
    created_at: datetime
    changed_at: datetime

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        """The record keeps the title's own row apart."""
        if not isinstance(value, TitleRecord):
            return value
        parts = ("contributors", "identifiers", "classifications", "subjects", "copies")
        return {**asdict(value.title), **{name: list(getattr(value, name)) for name in parts}}


class BookRead(Outbound):
    """A title in the book's words; `book_id` is the librarians' number, `title_id` the id."""

    book_id: int | None
    title_id: int
    title: str
    author: str | None
    classification: str | None
    year_published: int | None
    edition: str | None
    publisher: str | None
    isbn: str | None
    copies: int
    available: int
    version: int

    @model_validator(mode="before")
    @classmethod
    def _in_the_words_of_the_book(cls, value: Any) -> Any:
        """From a record or from a summary."""
        if isinstance(value, dict):
            return value
        row: Any = value.title if isinstance(value, TitleRecord) else value
        named: dict[str, Any] = {
            "book_id": row.number,
            "title_id": row.id,
            "title": row.title,
            "year_published": row.year,
            "edition": row.edition,
            "publisher": row.publisher,
            "version": row.version,
        }
        return named | (_of_record(value) if isinstance(value, TitleRecord) else _of_summary(value))


def _of_record(record: TitleRecord) -> dict[str, Any]:
    return {
        "author": "; ".join(one.name for one in record.contributors) or None,
        "classification": next(iter(record.classifications), None),
        "isbn": next((one.normalised for one in record.identifiers if one.normalised), None),
        "copies": sum(copy.lendable for copy in record.copies),
        "available": sum(copy.available for copy in record.copies),
    }


def _of_summary(row: Any) -> dict[str, Any]:
    names = {"author": "contributors", "classification": "classification", "isbn": "isbn"}
    return {
        **{mine: getattr(row, theirs) for mine, theirs in names.items()},
        "copies": row.copies,
        "available": row.available,
    }
