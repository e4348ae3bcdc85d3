"""Short ways through the applications: straight into a mounted service, and there to the routes that can be meant.

A service has more than a hundred routes, and trying one costs about two microseconds: the last ones would take longer
to find than to answer.
"""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send


class Switchboard:
    """Hands a request to those routes of a router that can match it, in the router's own order.

    The routes are looked at once: a router whose routes change later needs another one.
    """

    def __init__(self, router: APIRouter) -> None:
        self.router = router
        firsts = [_first_of(route) for route in router.routes]
        self._anywhere = _part(router, firsts, None)
        self._parts = {first: _part(router, firsts, first) for first in firsts if first is not None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope.setdefault("router", self.router)
        if scope["type"] == "lifespan":
            await self.router.app(scope, receive, send)
            return
        first = get_route_path(scope)[1:].partition("/")[0]
        await self._parts.get(first, self._anywhere).app(scope, receive, send)


class Doors:
    """Leads into a mounted application before anything else of the outer one is asked.

    The outer router's own way to the same `mounts` adds handlers of failures and a stack for files, both of which a
    mounted application has itself.
    """

    def __init__(self, app: ASGIApp, *, mounts: Sequence[Mount], router: APIRouter) -> None:
        self.app = app
        self.mounts = mounts
        self.router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            for mount in self.mounts:
                match, found = mount.matches(scope)
                if match is Match.FULL:
                    scope.update({"router": self.router, **found})
                    await mount.handle(scope, receive, send)
                    return
        await self.app(scope, receive, send)


def _part(router: APIRouter, firsts: Sequence[str | None], first: str | None) -> APIRouter:
    """A router with the routes that begin so, or in a way that cannot be told."""
    routes = [route for route, own in zip(router.routes, firsts, strict=True) if own is None or own == first]
    return APIRouter(routes=routes, redirect_slashes=router.redirect_slashes, default=router.default)


def _first_of(route: BaseRoute) -> str | None:
    """The first part of a route's address; nothing if it is a parameter, or the route a group of others."""
    path: str | None = getattr(route, "path", None)
    if path is None:
        return None
    first = path[1:].partition("/")[0]
    return None if "{" in first or not path.startswith("/") else first
