"""Calling routes by steps worked out beforehand: what FastAPI itself would answer, without its labour."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Form, Header, Path, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from configuration.app_factory import bare_application
from configuration.kit.bodies import Body
from configuration.kit.calling import call_directly
from configuration.kit.errors import NotSignedIn


class Wish(Body):
    name: str
    number: int = 1


class Told(BaseModel):
    name: str
    times: list[int] = []
    asked: int | None = None


class Row:
    """What a repository answers: more than the model shows."""

    name, times, asked, secret = "row", [1], None, "hidden"


async def rule(request: Request) -> str:
    if "authorization" not in request.headers:
        raise NotSignedIn("Sign in.")
    request.state.calls = getattr(request.state, "calls", 0) + 1
    return "reader"


Rule = Annotated[str, Depends(rule)]


async def page(
    _: Rule, limit: Annotated[int, Query(ge=1, le=100)] = 20, tag: Annotated[list[str] | None, Query()] = None
) -> str:
    return f"{limit} {tag}"


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/things/{thing_id}", response_model=Told, response_model_exclude_none=True)
    async def thing(
        thing_id: Annotated[int, Path(ge=1)],
        response: Response,
        request: Request,
        _: Rule,
        limit: Annotated[str, Depends(page)],
        x_who: Annotated[str | None, Header()] = None,
        strict: bool = False,
        must: Annotated[int, Query()] = ...,  # type: ignore[assignment]
    ) -> Any:
        response.headers["ETag"] = '"7"'
        response.status_code = 203
        return {"name": f"{thing_id} {limit} {x_who} {strict} {must}", "times": [request.state.calls]}

    @router.post("/things", status_code=201, response_model=Told, dependencies=[Depends(rule)])
    async def make(wish: Wish) -> Told:
        return Told(name=wish.name, asked=wish.number)

    @router.get("/row", response_model=Told)
    async def row() -> Any:
        return Row()

    @router.get("/own")
    async def own() -> Response:
        return PlainTextResponse("own")

    @router.delete("/things", status_code=204)
    async def nothing() -> None:
        return None

    @router.get("/loose")
    async def loose() -> Any:
        return {"a": 1}

    return router


SIGNED = {"authorization": "x"}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/things/3?must=1", {"headers": {**SIGNED, "x-who": "me"}}),
    ("GET", "/things/3?must=1&limit=5&tag=a&tag=b&strict=yes", {"headers": SIGNED}),
    ("GET", "/things/0?must=x&limit=500&strict=perhaps", {"headers": SIGNED}),
    ("GET", "/things/three", {"headers": SIGNED}),
    ("GET", "/things/three", {}),
    ("POST", "/things", {"headers": SIGNED, "json": {"name": "n", "number": 4}}),
    ("POST", "/things", {"headers": SIGNED, "json": {"number": "x", "more": 1}}),
    ("POST", "/things", {"headers": SIGNED, "json": [1]}),
    ("POST", "/things", {"headers": SIGNED, "json": None}),
    ("POST", "/things", {"headers": SIGNED}),
    ("POST", "/things", {"headers": SIGNED, "content": b'{"name": "n"}'}),
    ("POST", "/things", {"headers": {**SIGNED, "content-type": "text/plain"}, "content": b'{"name": "n"}'}),
    ("POST", "/things", {"headers": {**SIGNED, "content-type": "application/merge+json"}, "content": b'{"name": "n"}'}),
    ("POST", "/things", {"headers": {**SIGNED, "content-type": "application/json; charset=utf-8"}, "content": b"{"}),
    ("POST", "/things", {"headers": {**SIGNED, "content-type": "application/json"}, "content": b"\xff\xfe{"}),
    ("POST", "/things", {"headers": {**SIGNED, "content-type": "application/json"}, "content": b"[" * 100_000}),
    ("POST", "/things", {"json": {"number": "x"}}),
    ("POST", "/things", {"content": b"{", "headers": {"content-type": "application/json"}}),
    ("GET", "/row", {}),
    ("GET", "/own", {}),
    ("DELETE", "/things", {}),
    ("GET", "/loose", {}),
]


def application(router: APIRouter) -> FastAPI:
    app = bare_application()
    app.router.routes.extend(router.routes)
    return app


async def said(app: FastAPI, method: str, path: str, options: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://erp.test") as client:
        answer = await client.request(method, path, **options)
    return answer.status_code, dict(answer.headers), answer.content


class TestTheSameAnswer:
    @pytest.mark.parametrize(("method", "path", "options"), CALLS)
    async def test_as_fastapi_gives(self, method: str, path: str, options: dict[str, Any]) -> None:
        theirs, ours = application(routes()), application(routes())
        before = [route.app for route in ours.router.routes if isinstance(route, APIRoute)]

        call_directly(ours.router.routes)

        assert not set(before) & {route.app for route in ours.router.routes if isinstance(route, APIRoute)}
        assert await said(ours, method, path, options) == await said(theirs, method, path, options)


class TestWhatIsLeftAlone:
    def test_what_only_fastapi_does(self) -> None:
        router = APIRouter()

        async def opened() -> AsyncIterator[int]:
            yield 1

        def plain() -> int:
            return 1

        @router.post("/form")
        async def form(name: Annotated[str, Form()]) -> Response:
            return Response()

        @router.get("/later")
        async def later(tasks: BackgroundTasks) -> Response:
            return Response()

        @router.get("/opened")
        async def held(_: Annotated[int, Depends(opened)]) -> Response:
            return Response()

        @router.get("/thread")
        async def threaded(_: Annotated[int, Depends(plain)]) -> Response:
            return Response()

        @router.get("/text", response_class=PlainTextResponse)
        async def text() -> str:
            return ""

        before = [route.app for route in router.routes if isinstance(route, APIRoute)]

        call_directly(router.routes)

        assert [route.app for route in router.routes if isinstance(route, APIRoute)] == before
