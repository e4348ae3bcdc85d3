"""Refusals and failures as problem documents, everywhere alike."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from configuration.app_factory import bare_application
from configuration.kit.edge import RequestEdge
from configuration.kit.errors import Blocker, Conflict, NotFound, Refusal, Unavailable


class TitleCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=2, max_length=20)
    copies: int = Field(ge=1)
    password: str = Field(min_length=12)


class CopyOnLoan(Conflict):
    code = "COPY_ON_LOAN"
    title = "The copy is on loan"


class SlowDown(Refusal):
    status = 429
    code = "SLOW_DOWN"
    title = "Too often"


@pytest.fixture
def app() -> FastAPI:
    app = bare_application(title="t", max_body_size=1024 * 1024)

    @app.post("/titles")
    async def add(title: TitleCreate) -> TitleCreate:
        return title

    @app.post("/login")
    async def login(password: Annotated[str, Form(min_length=12)]) -> None:
        return None

    @app.get("/titles")
    async def find(limit: Annotated[int, Query(le=200)]) -> int:
        return limit

    @app.get("/refused/{kind}")
    async def refused(kind: str) -> None:
        blockers = [Blocker("A", "First.", pointer="/barcode", override="librarian"), Blocker("B", "Second.")]
        raise {
            "conflict": CopyOnLoan("Copy 7 is on loan.", blockers=blockers, due="2026-12-01"),
            "absent": NotFound(),
            "often": SlowDown(headers={"Retry-After": "30"}),
            "away": Unavailable(),
            "broken": RuntimeError("secret place"),
        }[kind]

    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(RequestEdge(app, service="t"), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://erp.test") as client:
        yield client


def document(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    assert found["request_id"] == answer.headers["x-request-id"]
    assert {"type", "title", "detail", "code", "errors"} <= found.keys()
    return found


class TestRefusals:
    async def test_all_blockers_are_told_at_once(self, client: httpx.AsyncClient) -> None:
        found = document(await client.get("/refused/conflict"))

        assert (found["status"], found["code"], found["detail"]) == (409, "COPY_ON_LOAN", "Copy 7 is on loan.")
        assert found["type"] == "urn:university-erp:problem:copy-on-loan"
        assert found["due"] == "2026-12-01"
        assert found["errors"] == [
            {"code": "A", "detail": "First.", "pointer": "/barcode", "override": "librarian"},
            {"code": "B", "detail": "Second."},
        ]

    async def test_who_may_come_again_is_told_when(self, client: httpx.AsyncClient) -> None:
        often, away = await client.get("/refused/often"), await client.get("/refused/away")

        assert (often.status_code, often.headers["retry-after"]) == (429, "30")
        assert (away.status_code, away.headers["retry-after"]) == (503, "1")

    async def test_an_unforeseen_failure_says_nothing_of_the_inside(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/refused/broken")

        assert document(answer)["code"] == "INTERNAL_ERROR"
        assert "secret place" not in answer.text

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [("GET", "/nowhere", 404), ("DELETE", "/titles", 405), ("GET", "/refused/absent", 404)],
    )
    async def test_what_the_framework_refuses_looks_the_same(
        self, client: httpx.AsyncClient, method: str, path: str, status: int
    ) -> None:
        answer = await client.request(method, path)

        assert document(answer)["status"] == status
        assert ("allow" in answer.headers) == (status == 405)


class TestMalformedRequests:
    async def test_every_fault_is_located_and_no_value_repeated(self, client: httpx.AsyncClient) -> None:
        answer = await client.post(
            "/titles", json={"name": "x", "copies": 0, "password": "hunter2", "a/b~c": 1, "rating": 5}
        )

        found = document(answer)
        assert (found["status"], found["code"]) == (422, "INVALID")
        assert {entry["pointer"] for entry in found["errors"]} == {
            "/name", "/copies", "/password", "/a~1b~0c", "/rating",
        }  # fmt: skip
        assert "hunter2" not in answer.text

    async def test_a_parameter_is_named_with_its_place(self, client: httpx.AsyncClient) -> None:
        found = document(await client.get("/titles?limit=201"))

        assert found["errors"][0] | {"detail": ""} == {
            "code": "LESS_THAN_EQUAL", "detail": "", "parameter": "limit", "in": "query",
        }  # fmt: skip

    async def test_a_form_s_password_is_not_repeated(self, client: httpx.AsyncClient) -> None:
        answer = await client.post("/login", data={"password": "hunter2"})

        assert document(answer)["status"] == 422
        assert "hunter2" not in answer.text

    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b'{"name": "\xff"}',
            b"[" * 100_000,
            b'{"copies": ' + b"9" * 5000 + b"}",
            b'{"name": "\\ud800", "copies": 1, "password": "correct horse battery"}',
            b'{"\\ud800": 1}',
            '{"über": 1}'.encode(),
            b'{"name": NaN}',
            b"null",
            b"",
        ],
        ids=["cut", "latin", "deep", "huge", "surrogate", "surrogate key", "foreign key", "nan", "null", "empty"],
    )
    async def test_no_body_however_strange_is_a_failure_of_ours(self, client: httpx.AsyncClient, body: bytes) -> None:
        answer = await client.post("/titles", content=body, headers={"Content-Type": "application/json"})

        assert document(answer)["status"] == 422

    async def test_a_long_key_and_many_faults_are_cut(self, client: httpx.AsyncClient) -> None:
        body = {f"{number}{'k' * 1000}": 1 for number in range(500)}

        answer = await client.post("/titles", json=body)

        assert len(document(answer)["errors"]) == 100
        assert len(answer.content) < 50_000


class TestBrowsers:
    async def test_a_browser_gets_a_page_where_the_application_has_pages(
        self, app: FastAPI, client: httpx.AsyncClient
    ) -> None:
        class Pages:
            def problem(self, request: Any, problem: Any, headers: Any) -> HTMLResponse:
                return HTMLResponse(f"<h1>{problem['title']}</h1>", problem["status"], headers)

        app.state.pages = Pages()

        page = await client.get("/refused/away", headers={"Accept": "text/html,application/xhtml+xml"})
        json_answer = await client.get("/refused/away", headers={"Accept": "application/json"})

        assert (page.status_code, page.text) == (503, "<h1>Not available for the moment</h1>")
        assert page.headers["retry-after"] == "1"
        assert json.loads(json_answer.text)["code"] == "UNAVAILABLE"
