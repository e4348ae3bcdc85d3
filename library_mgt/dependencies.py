"""What the library's controllers ask for by annotation."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import Request

from configuration.kit.dependencies import DatabaseDep, Now, PathId, Zone
from configuration.kit.features.idempotency import KeyDep
from configuration.kit.pagination import After, LimitDep
from configuration.kit.security.access import public, roles, signed_in
from configuration.kit.security.actor import Actor
from configuration.kit.versions import Version, VersionOrNot
from library_mgt.clients.standing import HomesDep
from library_mgt.services import catalogue

__all__ = [
    "OPEN_CATALOGUE",
    "After",
    "DatabaseDep",
    "DeskDep",
    "HomesDep",
    "Id",
    "JournalAge",
    "KeyDep",
    "LibrarianDep",
    "LimitDep",
    "Now",
    "ReaderDep",
    "TitleRef",
    "Version",
    "VersionOrNot",
    "Zone",
]  # fmt: skip

OPEN_CATALOGUE = Depends(public("The catalogue is open to everybody, as a library's shelves are."))
ReaderDep = Annotated[Actor, Depends(signed_in("any signed-in person, for their own requests and loans"))]
DeskDep = Annotated[Actor, Depends(roles("librarian", "library_assistant", everywhere=True))]
LibrarianDep = Annotated[Actor, Depends(roles("librarian", everywhere=True))]
Id = PathId


async def _journal_age(request: Request) -> timedelta:
    return timedelta(days=request.app.state.settings.journal_days)


JournalAge = Annotated[timedelta, Depends(_journal_age)]
"""How old a line of the offline journal may be."""


async def _title(
    db: DatabaseDep,
    title: Annotated[
        str, Path(max_length=220, description="An id, `number:` and the librarians' number, or `external:` and an id.")
    ],
) -> int:
    return await db.read(catalogue.title_id_of, title)


TitleRef = Annotated[int, Depends(_title)]
"""A title by id, `number:258027` or `external:source:12`."""
