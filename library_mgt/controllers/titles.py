"""Titles and their copies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
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
    TitleRef,
    Version,
    VersionOrNot,
    Zone,
)
from library_mgt.models.data.catalogue import TitleRecord, TitleSummary
from library_mgt.models.data.copies import CopyView
from library_mgt.models.request.title import CopyCreate, TitleChange, TitleCreate
from library_mgt.models.response.title import CopyRead, DeskCopyRead, TitleRead, TitleSummaryRead
from library_mgt.services import catalogue, copies

router = APIRouter(prefix="/titles", tags=["titles"])
Words = Annotated[str | None, Query(max_length=200, description="Words; a star after one asks for a beginning.")]
IsbnText = Annotated[str | None, Query(max_length=40, description="An ISBN of 10 or 13 digits.")]


@router.get("", name="library:find_titles", response_model=Page[TitleSummaryRead], dependencies=[OPEN_CATALOGUE])
async def find_titles(
    request: Request,
    response: Response,
    db: DatabaseDep,
    after: After,
    limit: LimitDep,
    q: Words = None,
    isbn: IsbnText = None,
) -> dict[str, list[TitleSummary] | str | None]:
    """Find titles by words, beginnings of words, or ISBN; all of them without either. In order of their ids."""
    found = await db.read(catalogue.find_titles, query=q, isbn=isbn, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda title: (title.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("", name="library:add_title", status_code=201, response_model=TitleRead)
async def add_title(new: TitleCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep) -> Answer:
    """Catalogue a title."""
    return await act(
        db, key, catalogue.add_title, new, about="title:new", by=librarian, now=now, answer=TitleRead, etag=etag
    )


@router.get("/{title}", name="library:title", response_model=TitleRead, dependencies=[OPEN_CATALOGUE])
async def title_record(response: Response, db: DatabaseDep, title_id: TitleRef) -> TitleRecord:
    """A title with everything that belongs to it."""
    record = await db.read(catalogue.title_record, title_id)
    response.headers["ETag"] = etag(record)
    return record


@router.patch("/{title}", name="library:edit_title", response_model=TitleRead)
async def edit_title(
    change: TitleChange, db: DatabaseDep, librarian: LibrarianDep, now: Now, title_id: TitleRef, version: Version
) -> Answer:
    """Change a title; what is left out stays."""
    return await act(
        db,
        None,
        catalogue.edit_title,
        title_id,
        change,
        version=version,
        about=f"title:{title_id}",
        by=librarian,
        now=now,
        answer=TitleRead,
        status=200,
        etag=etag,
    )


@router.delete("/{title}", name="library:delete_title", status_code=204)
async def delete_title(
    db: DatabaseDep, librarian: LibrarianDep, now: Now, title_id: TitleRef, version: VersionOrNot
) -> Answer:
    """Remove a title with its copies; not while it is on loan or requested."""
    return await act(
        db,
        None,
        catalogue.delete_title,
        title_id,
        version=version,
        about=f"title:{title_id}",
        by=librarian,
        now=now,
        answer=None,
        status=204,
    )


@router.get("/{title}/copies", name="library:copies", response_model=Page[CopyRead], dependencies=[OPEN_CATALOGUE])
async def copies_of(
    request: Request, response: Response, db: DatabaseDep, title_id: TitleRef, after: After, limit: LimitDep
) -> dict[str, list[CopyView] | str | None]:
    """The copies of a title."""
    found = await db.read(copies.copies_of, title_id, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda copy: (copy.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("/{title}/copies", name="library:add_copy", status_code=201, response_model=DeskCopyRead)
async def add_copy(
    new: CopyCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, key: KeyDep, title_id: TitleRef
) -> Answer:
    """Put a copy on the shelf."""
    return await act(
        db,
        key,
        copies.add_copy,
        title_id,
        new,
        zone=zone,
        about=f"title:{title_id}",
        by=librarian,
        now=now,
        answer=DeskCopyRead,
        etag=etag,
    )
