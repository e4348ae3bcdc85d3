"""The book's addresses about books. A book is a title with copies; `book_id` is the librarians' number."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import Page, cut, set_next_link
from configuration.kit.versions import etag
from library_mgt.dependencies import (
    OPEN_CATALOGUE,
    After,
    DatabaseDep,
    KeyDep,
    LibrarianDep,
    LimitDep,
    Now,
    Version,
    VersionOrNot,
    Zone,
)
from library_mgt.models.data.catalogue import TitleRecord, TitleSummary
from library_mgt.models.request.book import BookChange, BookCreate
from library_mgt.models.response.title import BookRead
from library_mgt.services import books, catalogue

router = APIRouter(prefix="/book", tags=["the book's addresses"])
NumberQuery = Annotated[int, Query(ge=0, le=2**63 - 1)]
NumberPath = Annotated[int, Path(ge=0, le=2**63 - 1)]


@router.post("/add", name="library:book_add", status_code=201, response_model=BookRead)
async def add_book(
    book: BookCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Add a book: a title with one copy. A number that is taken is a conflict."""
    return await act(
        db, key, books.add_book, book, zone=zone, about="title:new", by=librarian, now=now, answer=BookRead, etag=etag
    )


@router.get("/list", name="library:book_list", response_model=Page[BookRead], dependencies=[OPEN_CATALOGUE])
async def list_books(
    request: Request,
    response: Response,
    db: DatabaseDep,
    after: After,
    limit: LimitDep,
    q: Annotated[str | None, Query(max_length=200, description="Words to find books by.")] = None,
) -> dict[str, list[TitleSummary] | str | None]:
    """The books of the library, page by page."""
    found = await db.read(catalogue.find_titles, query=q, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda title: (title.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.get("/{book_id}", name="library:book", response_model=BookRead, dependencies=[OPEN_CATALOGUE])
async def book(book_id: NumberPath, response: Response, db: DatabaseDep) -> TitleRecord:
    """One book; its ETag is what an update needs."""
    record = await db.read(books.book_found, book_id)
    response.headers["ETag"] = etag(record)
    return record


@router.patch("/update", name="library:book_update", response_model=BookRead)
async def update_book(
    book_id: NumberQuery, change: BookChange, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: Version
) -> Answer:
    """Change a book; what is left out stays."""
    return await act(
        db,
        None,
        books.change_book,
        book_id,
        change,
        version=version,
        about=f"book:{book_id}",
        by=librarian,
        now=now,
        answer=BookRead,
        status=200,
        etag=etag,
    )


@router.delete("/delete/{book_id}", name="library:book_delete", status_code=204)
async def delete_book(
    book_id: NumberPath, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: VersionOrNot
) -> Answer:
    """Remove a book; not while it is on loan or requested."""
    return await _delete(book_id, db, librarian, now, version)


@router.delete("/list", name="library:book_delete_listed", status_code=204)
async def delete_listed_book(
    book_id: NumberQuery, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: VersionOrNot
) -> Answer:
    """Remove a book: the book's other address for the same."""
    return await _delete(book_id, db, librarian, now, version)


async def _delete(book_id: int, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: VersionOrNot) -> Answer:
    return await act(
        db,
        None,
        books.delete_book,
        book_id,
        version=version,
        about=f"book:{book_id}",
        by=librarian,
        now=now,
        answer=None,
        status=204,
    )
