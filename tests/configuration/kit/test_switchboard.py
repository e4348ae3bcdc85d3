"""Finding routes by the first part of the address."""

from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from configuration.app_factory import bare_application
from configuration.kit.switchboard import Doors, Switchboard


def application(*, switchboard: bool = True) -> FastAPI:
    router, inner = APIRouter(), APIRouter()

    for path in ("/", "/loans/mine", "/loans/{loan_id}", "/{anything}/last", "/last"):

        async def answer(request: Request, path: str = path) -> str:
            return f"{path} {request.scope['router'] is app.router} {request.app.url_path_for('last')}"

        router.add_api_route(path, answer, name=path.rpartition("/")[2])

    @inner.get("/inner/{name}")
    async def included(name: str) -> str:
        return f"inner {name}"

    app = bare_application()
    app.router.routes.extend(router.routes)
    app.include_router(inner)
    app.router.routes.append(Mount("/static", Served()))
    if switchboard:
        app.router.middleware_stack = Switchboard(app.router)
    return app


class Served:
    """A mounted application."""

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["root_path"].encode()})


PATHS = [
    "/",
    "/loans/mine",
    "/loans/7",
    "/loans/last",
    "/last",
    "/x/last",
    "/inner/a",
    "/static/a.css",
    "/none",
    "//",
    "/loans",
]


class TestSwitchboard:
    async def test_leads_where_trying_one_after_the_other_leads(self) -> None:
        for path in PATHS:
            for method in ("GET", "POST"):
                found = []
                for app in (application(), application(switchboard=False)):
                    async with httpx.AsyncClient(
                        transport=httpx.ASGITransport(app), base_url="http://x.test"
                    ) as client:
                        answer = await client.request(method, path)
                    found.append((answer.status_code, answer.headers.get("allow"), answer.text))

                assert found[0] == found[1], path

    async def test_does_not_try_the_routes_of_other_addresses(self) -> None:
        app = application()
        tried: list[Any] = []
        for route in app.router.routes:
            if getattr(route, "path", "").startswith("/loans"):
                route.matches = tried.append  # type: ignore[method-assign, assignment]

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x.test") as client:
            answer = await client.get("/last")

        assert answer.status_code == 200
        assert not tried


class TestDoors:
    async def test_lead_into_a_mounted_application_as_the_router_does_and_past_what_surrounds_it(self) -> None:
        asked: list[str] = []
        seen: list[tuple[Any, ...]] = []

        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            seen.append((scope["root_path"], scope["path"], scope["router"], scope["endpoint"]))
            await Served()(scope, receive, send)

        class Around:
            def __init__(self, app: ASGIApp) -> None:
                self.app = app

            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                asked.append(scope["path"])
                await self.app(scope, receive, send)

        for doors in (True, False):
            app = bare_application()
            mount = Mount("/ch04/library", inner)
            app.router.routes.append(mount)
            app.add_middleware(Around)
            if doors:
                app.add_middleware(Doors, mounts=[mount], router=app.router)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x.test") as client:
                inside = await client.get("/ch04/library/loans")
                beside = await client.get("/ch04/libraryloans")

            assert (inside.status_code, beside.status_code) == (200, 404)
            assert asked == (
                ["/ch04/libraryloans"] if doors else ["/ch04/libraryloans", "/ch04/library/loans", "/ch04/libraryloans"]
            )
            assert seen[-1] == ("/ch04/library", "/ch04/library/loans", app.router, inner)
