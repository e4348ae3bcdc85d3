"""One constructor, two modes: what holds for a service wherever it runs."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.types import ASGIApp

import main
from configuration.app_factory import (
    bare_application,
    create_root,
    create_service,
    in_process,
    run_lifespans,
    standalone,
)
from configuration.kit.errors import Conflict
from configuration.kit.openapi import RouteWithoutRule, complete_openapi, merge
from configuration.kit.peers import PeerRegistry
from configuration.kit.security.access import public, roles
from configuration.kit.urls import path_for
from configuration.settings import ROOT, Settings
from tests.apps import MODES, Mode, erp_settings

PUBLIC = Depends(public("a test"))


class Titles(BaseModel):
    items: list[str]


def routes() -> APIRouter:
    router = APIRouter(dependencies=[PUBLIC])

    @router.get("/titles", name="list", response_model=Titles)
    async def titles(limit: Annotated[int, Query(le=200)] = 50) -> Titles:
        return Titles(items=["x"] * limit)

    @router.get("/where", name="where")
    async def where(request: Request) -> list[str]:
        return [path_for(request, "list"), request.state.request_id, request.app.state.opened]

    @router.post("/refused")
    async def refused() -> None:
        raise Conflict("It is on loan.")

    return router


@asynccontextmanager
async def opening(app: FastAPI) -> AsyncIterator[None]:
    app.state.opened = "open"
    yield
    app.state.opened = "closed"


def settings_in(folder: Path) -> Settings:
    for service in ("student", "faculty", "library"):
        (folder / f"{service}.db").touch()
    return Settings(var=folder)


def build(mode: Mode, settings: Settings) -> tuple[ASGIApp, FastAPI]:
    peers = PeerRegistry()
    made = {
        service: create_service(
            settings.of(service), peers=peers, metadata=[], routers=[routes()], hooks=[opening], servers=["prod_port"]
        )
        for service in ("student", "library")
    }
    if mode == "alone":
        return standalone(made["library"], settings.library, peers=peers), made["library"]
    for service, app in made.items():
        peers.register(service, in_process(app, settings.of(service)))
    gateway = bare_application(title="front")
    gateway.add_api_route("/ch04/titles", lambda: None, name="list")
    return create_root(settings, gateway, made, peers=peers), made["library"]


@pytest.fixture(params=MODES)
async def erp(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, FastAPI]]:
    outer, library = build(request.param, settings_in(tmp_path))
    transport = httpx.ASGITransport(outer, raise_app_exceptions=False)
    context = outer.router.lifespan_context(outer)  # type: ignore[attr-defined]
    async with context, httpx.AsyncClient(transport=transport, base_url="http://erp.test") as client:
        yield client, library
    assert library.state.opened == "closed"


Erp = tuple[httpx.AsyncClient, FastAPI]


class TestBothModes:
    async def test_the_lifespan_runs_and_paths_name_the_service_s_own_routes(self, erp: Erp) -> None:
        answer = await erp[0].get("/ch04/library/where")

        path, own_id, opened = answer.json()
        assert path == "/ch04/library/titles"
        assert own_id == answer.headers["x-request-id"]
        assert opened == "open"

    async def test_refusals_and_unknown_addresses_are_problems_inside_and_outside_the_prefix(self, erp: Erp) -> None:
        refused = await erp[0].post("/ch04/library/refused")
        inside, outside = await erp[0].get("/ch04/library/nowhere"), await erp[0].get("/nowhere")

        assert refused.json()["detail"] == "It is on loan."
        for answer, status in ((refused, 409), (inside, 404), (outside, 404)):
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
            assert "x-request-id" in answer.headers and "content-security-policy" in answer.headers

    async def test_health_looks_at_the_own_database_alone(self, erp: Erp) -> None:
        ready = await erp[0].get("/ch04/library/health/ready")

        await erp[1].state.database.close()
        away, live = await erp[0].get("/ch04/library/health/ready"), await erp[0].get("/ch04/library/health/live")

        assert (ready.status_code, ready.json()) == (200, {"status": "ready", "service": "library"})
        assert (away.status_code, away.json()["code"]) == (503, "NOT_READY")
        assert "retry-after" in away.headers
        assert live.status_code == 200

    async def test_an_unknown_parameter_is_refused(self, erp: Erp) -> None:
        answer = await erp[0].get("/ch04/library/titles?limt=3")

        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "limt")
        assert len((await erp[0].get("/ch04/library/titles?limit=3")).json()["items"]) == 3

    async def test_the_index_says_what_the_book_says(self, erp: Erp) -> None:
        answer = await erp[0].get("/ch04/library/index")

        assert answer.json() == {
            "project_name": "Library Management System",
            "webmaster": "webmaster@localhost",
            "created": "2021-11-10",
            "prod_port": 9000,
        }

    async def test_no_redirect_is_made_from_the_host_header(self, erp: Erp) -> None:
        answer = await erp[0].get("/ch04/library/titles/", headers={"Host": "evil.test"})

        assert answer.status_code == 404
        assert (await erp[0].get("/ch04/library/")).headers["location"] == "/ch04/library/index"

    async def test_the_document_names_the_paths_as_the_outside_sees_them(self, erp: Erp) -> None:
        document = (await erp[0].get("/ch04/library/openapi.json")).json()

        operation = document["paths"]["/ch04/library/titles"]["get"]
        assert operation["operationId"] == "list"
        assert operation["x-access"]["kind"] == "public"
        assert {"422", "429", "500", "503"} <= operation["responses"].keys()
        assert "application/problem+json" in operation["responses"]["422"]["content"]
        assert "servers" not in document


class TestConstruction:
    def test_a_route_without_an_access_rule_stops_the_construction(self, tmp_path: Path) -> None:
        naked = APIRouter()
        naked.add_api_route("/open", lambda: None)

        with pytest.raises(RouteWithoutRule, match="/open .* has 0 access rules"):
            create_service(settings_in(tmp_path).library, peers=PeerRegistry(), metadata=[], routers=[naked])

    def test_neither_do_two_rules_make_one(self, tmp_path: Path) -> None:
        twice = APIRouter(dependencies=[PUBLIC])
        twice.add_api_route("/open", lambda: None, dependencies=[Depends(roles("librarian"))])
        outer = APIRouter()
        outer.include_router(twice, prefix="/deep")

        with pytest.raises(RouteWithoutRule, match="/deep/open .* has 2 access rules"):
            create_service(settings_in(tmp_path).library, peers=PeerRegistry(), metadata=[], routers=[outer])

    async def test_a_mounted_lifespan_that_nobody_enters_leaves_the_service_closed(self, tmp_path: Path) -> None:
        _, library = build("mounted", settings_in(tmp_path))

        assert not hasattr(library.state, "database")
        async with run_lifespans([library]):
            assert library.state.authenticator.service == "library"

    def test_importing_the_composition_root_starts_nothing(self, tmp_path: Path) -> None:
        program = "import main, sys; print('app' in vars(main), 'uvicorn' in sys.modules)"

        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

        assert done.stdout.split() == ["False", "False"]

    def test_the_book_s_names_are_offered_and_others_are_not(self) -> None:
        import main

        assert set(main.BUILDERS) == {"app", "student_app", "faculty_app", "library_app"}
        with pytest.raises(AttributeError):
            main.nothing  # noqa: B018


class TestDocuments:
    @staticmethod
    def document(title: str) -> dict[str, Any]:
        app = bare_application(title=title)
        router = routes()

        @router.post("/guarded", name="list", dependencies=[])
        async def guarded(body: Titles) -> Titles:
            return body

        app.include_router(router)
        return complete_openapi(app, f"/ch04/{title}")

    def test_merging_keeps_operation_ids_and_component_names_apart(self) -> None:
        merged = merge("University", "1", {"student": self.document("student"), "library": self.document("library")})

        ids = [operation["operationId"] for item in merged["paths"].values() for operation in item.values()]
        assert len(ids) == len(set(ids)) == 8
        assert {"Student_Titles", "Library_Titles", "Student_Problem", "Library_Problem"} <= merged["components"][
            "schemas"
        ].keys()
        refs = str(merged["paths"]["/ch04/student/titles"])
        assert "#/components/schemas/Student_Titles" in refs
        assert "Library_" not in refs

    def test_two_routes_of_one_name_get_two_operation_ids(self) -> None:
        document = self.document("x")

        ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
        assert len(ids) == len(set(ids))

    def test_a_guarded_operation_declares_what_it_may_answer(self) -> None:
        app = bare_application(title="x")
        app.add_api_route("/desk/{barcode}", lambda barcode, body: None, methods=["POST"])
        router = APIRouter()

        @router.patch("/desk/{barcode}", dependencies=[Depends(roles("librarian"))])
        async def guarded(barcode: str, body: Titles) -> None:
            return None

        app.include_router(router)
        operation = complete_openapi(app, "")["paths"]["/desk/{barcode}"]["patch"]

        assert {"401", "403", "404", "409", "413", "422", "429", "500", "503"} <= operation["responses"].keys()
        assert operation["security"] == [{"bearer": []}, {"session": []}]
        assert operation["x-access"]["roles"] == ["librarian"]


class TestDoorsOfAServiceAlone:
    """Where no gateway stands in front, the addresses that the gateway keeps lead to the service's own."""

    @pytest.mark.parametrize(
        ("asked", "led_to"),
        [
            ("/", "/ch04/library/index"),
            ("/ch04/", "/ch04/library/index"),
            ("/ch04/sign-in?next=/ch04/library/desk", "/ch04/library/sign-in?next=/ch04/library/desk"),
            ("/ch04/docs", "/ch04/library/docs"),
            ("/ch04/student/index", "http://127.0.0.1:8003/ch04/student/index"),
        ],
    )
    async def test_they_lead_to_its_own(self, tmp_path: Path, asked: str, led_to: str) -> None:
        app = main.create_service_app("library", erp_settings(tmp_path))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://library.test") as client:
            answer = await client.get(asked)

            elsewhere = await client.get("/ch04/nowhere/index")

        assert (answer.status_code, answer.headers["location"]) == (307, led_to)
        assert elsewhere.status_code == 404
