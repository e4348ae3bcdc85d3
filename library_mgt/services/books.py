"""What the book does in one act and the library in two: a book is a title with a copy."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.security.actor import Actor
from library_mgt.models.data.catalogue import TitleRecord
from library_mgt.models.request.book import BookChange, BookCreate
from library_mgt.models.request.title import ContributorIn, CopyCreate, TitleChange, TitleCreate
from library_mgt.services import catalogue, copies


def add_book(tx: Transaction, book: BookCreate, *, by: Actor, now: datetime, zone: tzinfo) -> TitleRecord:
    """Catalogue a title with the number `book_id`, and put one copy of it on the shelf."""
    title = TitleCreate(
        title=book.title,
        number=book.book_id,
        contributors=_people(book.author),
        isbns=[book.isbn] if book.isbn else [],
        publisher=book.publisher,
        year=book.year_published,
        edition=book.edition,
        classifications=[book.classification],
    )
    added = catalogue.add_title(tx, title, by=by, now=now)
    copies.add_copy(tx, added.id, CopyCreate(barcode=book.barcode), by=by, now=now, zone=zone)
    return catalogue.title_record(tx, added.id)


def change_book(
    tx: Transaction, number: int, change: BookChange, *, version: int, by: Actor, now: datetime
) -> TitleRecord:
    """Change the title with the number; what is left out stays."""
    given = change.model_fields_set
    named = {"title": "title", "publisher": "publisher", "edition": "edition", "year_published": "year"}
    values = {named[name]: getattr(change, name) for name in given if name in named}
    if "author" in given:
        values["contributors"] = _people(change.author)
    if "isbn" in given:
        values["isbns"] = [change.isbn] if change.isbn else []
    if "classification" in given:
        values["classifications"] = [change.classification] if change.classification else []
    title_id = catalogue.title_id_of_number(tx, number)
    return catalogue.edit_title(tx, title_id, TitleChange(**values), version=version, by=by, now=now)


def delete_book(tx: Transaction, number: int, *, version: int | None = None, by: Actor, now: datetime) -> None:
    """Remove the title with the number."""
    catalogue.delete_title(tx, catalogue.title_id_of_number(tx, number), version=version, by=by, now=now)


def _people(author: str | None) -> list[ContributorIn]:
    """Several authors are parted by semicolons."""
    return [ContributorIn(name=name.strip()) for name in (author or "").split(";") if name.strip()]


def book_found(tx: Transaction, number: int) -> TitleRecord:
    """The title with the number."""
    return catalogue.title_record(tx, catalogue.title_id_of_number(tx, number))
