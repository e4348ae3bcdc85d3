"""Every route of the assembled university says who may call it, and what it may answer."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount, Route

import main
from configuration.kit.openapi import operations
from configuration.kit.security.access import find_rules
from configuration.settings import SERVICES, Settings


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FastAPI]:
    root = main.create_app(Settings(var=tmp_path_factory.mktemp("var")))
    mounts = [route for route in root.router.routes if isinstance(route, Mount) and isinstance(route.app, FastAPI)]
    return {"gateway": root, **{str(mount.name): mount.app for mount in mounts if isinstance(mount.app, FastAPI)}}


def routes_of(app: FastAPI) -> list[Any]:
    return [route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute)]


class TestEveryRoute:
    def test_the_three_services_are_mounted(self, applications: dict[str, FastAPI]) -> None:
        assert applications.keys() == {"gateway", *SERVICES}

    def test_has_exactly_one_access_rule_with_a_reason(self, applications: dict[str, FastAPI]) -> None:
        for app in applications.values():
            for route in routes_of(app):
                (rule,) = find_rules(route)
                assert rule.description, route.path

    def test_is_asynchronous_so_that_none_waits_for_another_in_the_pool_of_threads(
        self, applications: dict[str, FastAPI]
    ) -> None:
        waiting = [
            route.path
            for app in applications.values()
            for route in routes_of(app)
            if not inspect.iscoroutinefunction(route.endpoint)
        ]

        assert waiting == []

    def test_is_one_of_ours_or_a_mount_of_files(self, applications: dict[str, FastAPI]) -> None:
        foreign = [
            (name, getattr(route.original_route, "path", route))
            for name, app in applications.items()
            for route in iter_route_contexts(app.routes)
            if not isinstance(route.original_route, APIRoute)
            and not (isinstance(route.original_route, Mount) and route.original_route.name in ("static", *SERVICES))
        ]

        assert foreign == []
        assert not any(type(route) is Route for app in applications.values() for route in app.routes)

    def test_reads_by_get_and_changes_by_other_methods(self, applications: dict[str, FastAPI]) -> None:
        telling = ("add", "create", "update", "delete", "approve", "reserve", "submit", "return")
        for name in SERVICES:
            for route in routes_of(applications[name]):
                last = route.path.rstrip("/").rsplit("/", 1)[-1]
                if route.include_in_schema and last in telling:
                    assert "GET" not in route.methods, route.path


class TestEveryOperation:
    def test_declares_its_rule_and_its_problems(self, applications: dict[str, FastAPI]) -> None:
        for app in applications.values():
            for path, method, operation in operations(app.openapi()):
                assert operation["x-access"]["description"], (path, method)
                declared = operation["responses"].keys()
                assert {"422", "429", "500", "503"} <= declared, (path, method)
                if operation["x-access"]["kind"] != "public":
                    assert {"401", "403"} <= declared, (path, method)

    def test_is_found_under_its_full_path(self, applications: dict[str, FastAPI]) -> None:
        for name in SERVICES:
            assert all(path.startswith(f"/ch04/{name}/") for path in applications[name].openapi()["paths"])

    def test_names_of_operations_are_unique(self, applications: dict[str, FastAPI]) -> None:
        for app in applications.values():
            ids = [operation["operationId"] for _, _, operation in operations(app.openapi())]
            assert len(ids) == len(set(ids))

    def test_bounds_every_text_and_list_that_comes_in(self, applications: dict[str, FastAPI]) -> None:
        unbounded = []
        for name, app in applications.items():
            document = app.openapi()
            for path, method, operation in operations(document):
                for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                    for fault in _unbounded(content["schema"], document["components"]["schemas"], set()):
                        unbounded.append(f"{name} {method} {path} {kind}: {fault}")

        assert unbounded == []


def _unbounded(schema: dict[str, Any], schemas: dict[str, Any], seen: set[str], at: str = "") -> list[str]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return [] if name in seen else _unbounded(schemas[name], schemas, seen | {name}, at)
    found = []
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        found += _unbounded(each, schemas, seen, at)
    closed = schema.keys() & {"maxLength", "enum", "const", "format", "pattern", "contentMediaType"}
    if schema.get("type") == "string" and not closed:
        found.append(f"{at} is a text without a longest")
    if schema.get("type") == "array":
        found += [] if "maxItems" in schema else [f"{at} is a list without a longest"]
        found += _unbounded(schema.get("items", {}), schemas, seen, f"{at}[]")
    for name, each in schema.get("properties", {}).items():
        found += _unbounded(each, schemas, seen, f"{at}.{name}")
    return found


class TestDefaults:
    def test_the_university_needs_no_settings_at_all(self, tmp_path: Path) -> None:
        assert main.create_app(Settings(var=tmp_path)).title == "University"
