"""What the library's controllers ask for by annotation."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Header, Path
from starlette.requests import Request

from configuration.kit.dependencies import DatabaseDep, Now
from configuration.kit.errors import VersionMismatch, VersionRequired
from configuration.kit.features.idempotency import KeyDep
from configuration.kit.pagination import CursorDep, LimitDep, decode_cursor
from configuration.kit.security.access import public, roles, signed_in
from configuration.kit.security.actor import Actor
from library_mgt.clients.standing import HomeServices
from library_mgt.services import catalogue

__all__ = [
    "OPEN_CATALOGUE",
    "After",
    "DatabaseDep",
    "DeskDep",
    "HomesDep",
    "Id",
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
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]

_TAG = re.compile(r'(?:W/)?"([0-9]{1,18})"')


async def _zone(request: Request) -> ZoneInfo:
    zone: ZoneInfo = request.app.state.settings.zone_info
    return zone


Zone = Annotated[ZoneInfo, Depends(_zone)]
"""The library's time zone: days begin and end there."""


async def _after(cursor: CursorDep) -> int:
    """The id after which a page begins."""
    return int(decode_cursor(cursor, int)[0]) if cursor else 0


After = Annotated[int, Depends(_after)]


async def _version_or_not(
    if_match: Annotated[str | None, Header(max_length=200, description="The ETag of what you saw.")] = None,
) -> int | None:
    if if_match is None:
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise VersionMismatch("If-Match has to be the ETag as it was given, in quotes.")
    return int(found[1])


VersionOrNot = Annotated[int | None, Depends(_version_or_not)]


async def _version(version: VersionOrNot) -> int:
    if version is None:
        raise VersionRequired("Send the ETag you saw as If-Match, so that nobody's change is lost.")
    return version


Version = Annotated[int, Depends(_version)]


async def _title(
    db: DatabaseDep,
    title: Annotated[
        str, Path(max_length=220, description="An id, `number:` and the librarians' number, or `external:` and an id.")
    ],
) -> int:
    return await db.read(catalogue.title_id_of, title)


TitleRef = Annotated[int, Depends(_title)]
"""A title by id, `number:258027` or `external:source:12`."""


async def _homes(request: Request) -> HomeServices:
    state = request.app.state
    return HomeServices(state.peers, state.keyring, state.settings.root_prefix, state.clock)


HomesDep = Annotated[HomeServices, Depends(_homes)]
"""What the other services say of readers."""
