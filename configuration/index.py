"""A portal's index, as in the book: what runs here, for a client; the portal's home page, for a browser."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from configuration.kit.security.access import anyone
from configuration.kit.security.actor import Actor
from configuration.kit.urls import wants_page
from configuration.settings import ServiceSettings

Home = Callable[[Request, Actor | None], Awaitable[Response]]
"""Renders a service's home page for a browser."""
Visitor = Annotated[Actor | None, Depends(anyone("The first page; who is signed in sees their own tasks on it."))]


class PortalIndex(BaseModel):
    """What the book's index says of a portal; the servers only where the portal shows them."""

    project_name: str
    webmaster: str
    created: date
    production_server: str | None = None
    prod_port: int | None = None
    development_server: str | None = None
    dev_port: int | None = None


def index_router(servers: Sequence[str], home: Home | None) -> APIRouter:
    """The router of `/index`; `servers` names the fields of `ServerSettings` that the portal shows."""
    router = APIRouter(tags=["portal"])

    @router.get("/index", name="index", response_model=PortalIndex, response_model_exclude_none=True)
    async def index(request: Request, actor: Visitor) -> PortalIndex | Response:
        """Say which portal this is."""
        if home is not None and wants_page(request):
            return await home(request, actor)
        settings: ServiceSettings = request.app.state.settings
        shown = {name: getattr(settings.server, name) for name in servers}
        return PortalIndex(
            project_name=settings.application, webmaster=settings.webmaster, created=settings.created, **shown
        )

    @router.get("/", name="start", include_in_schema=False)
    async def start(request: Request, _: Visitor) -> Response:
        """The way to the index."""
        return RedirectResponse(f"{request.app.state.settings.prefix}/index")

    return router
