"""The book's portal-ID gateway: a dependency looks at the id and raises, a handler redirects to the portal."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from configuration.kit.security.access import public
from gateway.directory import PORTALS


class PortalChosen(Exception):
    """The id names a portal; not a failure, but the way to it."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class Message(BaseModel):
    """What the book answers to an id that names no portal."""

    message: str


def choose_portal(portal_id: int) -> int:
    """Raise `PortalChosen` for an id that names a portal; any other integer goes through."""
    if service := PORTALS.get(portal_id):
        raise PortalChosen(service)
    return portal_id


async def to_portal(request: Request, chosen: Exception) -> Response:
    """Lead to the portal by a path alone: the host is whatever the client used."""
    assert isinstance(chosen, PortalChosen)
    return RedirectResponse(f"{request.app.state.settings.prefix}/{chosen.service}/index")


router = APIRouter(tags=["portals"], dependencies=[Depends(public("It leads to public pages."))])


@router.get(
    "/university/{portal_id}",
    name="portal",
    response_model=Message,
    responses={307: {"description": "The way to the portal: 1 student, 2 faculty, 3 library."}},
)
async def access_portal(_: Annotated[int, Depends(choose_portal)]) -> Message:
    """Lead to a portal by its id."""
    return Message(message="University ERP Systems")
