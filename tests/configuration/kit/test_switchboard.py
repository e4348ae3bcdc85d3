"""Finding routes by the first part of the address."""

from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.routing import Mount

from configuration.app_factory import bare_application
from configuration.kit.switchboard import Switchboard


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
