"""Every route against everybody, generated from the documents of the services and of the gateway."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI

import main
from configuration.kit.openapi import operations
from configuration.kit.peers import PeerRegistry
from configuration.kit.security.tokens import SERVICES
from tests.apps import erp_settings
from tests.security.cast import Caller, Cast

Outcome = Literal["let in", "who are you", "not you"]
REFUSALS = {"FORBIDDEN", "NOT_FROM_HERE", "FORM_TOKEN_REFUSED"}
UNSAFE = {"post", "put", "patch", "delete"}

# Routes that change something and ask for no sign-in. Each was looked at: it proves itself otherwise, or tells nothing.
PUBLIC_ACTS = {
    "/account/signup": "an application; somebody else decides it",
    "/account/signup/status": "needs the receipt",
    "/account/signup/withdraw": "needs the receipt",
    "/login/account": "needs the password",
    "/login/refresh": "needs the refresh token",
    "/login/password/forgot": "mails the owner",
    "/login/password/reset": "needs the code",
    "/account/activate": "needs the code",
}
FORMS = {"/login/account", "/login/refresh"}
LAST = "/logout"


@dataclass(frozen=True)
class Route:
    """One operation, as the documents describe it."""

    service: str
    method: str
    path: str
    access: Mapping[str, Any]

    @property
    def tail(self) -> str:
        """The path below the service."""
        return self.path.partition(f"/{self.service}")[2]

    @property
    def url(self) -> str:
        """The path with ids that name nothing."""
        return re.sub(r"{[^}]+}", "987654321", self.path)


def routes_of(apps: Mapping[str, FastAPI], gateway: FastAPI) -> list[Route]:
    """Every documented operation; signing out comes last, since it ends the callers' own sign-ins."""
    found = [
        Route(service, method, path, operation.get("x-access", {}))
        for service in SERVICES
        for path, method, operation in operations(apps[service].openapi())
    ]
    found += [
        Route("gateway", method, path, operation.get("x-access", {}))
        for path, method, operation in operations(gateway.openapi())
        if not any(path.startswith(f"/ch04/{service}/") for service in SERVICES)
    ]
    return sorted(found, key=lambda route: route.tail == LAST)


def expected(route: Route, caller: Caller) -> Outcome:
    """What the declared rule says, worked out anew from its document."""
    rule, here = route.access, route.service
    if rule["kind"] == "public" or (rule["kind"] == "anyone" and caller.via == "nobody"):
        return "let in"
    if caller.via == "nobody" or not caller.valid_at(here):
        return "who are you"
    role = rule["kind"] not in ("roles", "service") or bool(caller.roles & set(rule["roles"]))
    kind = (caller.via == "service") == (rule["kind"] == "service")
    home = not rule.get("at_home") or (caller.issuer == here and caller.via != "delegated")
    meant = caller.via != "session" or route.method not in UNSAFE
    return "let in" if role and kind and home and meant else "not you"


def outcome(answer: httpx.Response) -> Outcome:
    """What the route did with the caller. A refusal of the use case itself means that the rule let them in."""
    if answer.status_code == 401 and answer.json()["code"] in ("NOT_SIGNED_IN", "TOKEN_REFUSED", "SESSION_ENDED"):
        return "who are you"
    if answer.status_code == 403 and answer.json()["code"] in REFUSALS:
        return "not you"
    return "let in"


async def knock(client: httpx.AsyncClient, route: Route, caller: Caller) -> httpx.Response:
    """Ask the route with nothing useful: whoever is let in is told what is wrong with the rest."""
    body: dict[str, Any] = {}
    if route.method in UNSAFE and route.tail in FORMS:
        body = {"data": {"nothing": ""}}
    elif route.method in UNSAFE:
        body = {"json": {}}
    return await client.request(route.method.upper(), route.url, headers=caller.headers(), **body)


def mismatches(found: list[tuple[Route, Caller, httpx.Response]]) -> Iterator[str]:
    """Where the answer is not the one expected."""
    for route, caller, answer in found:
        wanted, got = expected(route, caller), outcome(answer)
        if wanted != got or answer.status_code >= 500:
            yield f"{route.method.upper()} {route.path} by {caller.name}: {wanted}, but {got} ({answer.status_code})"


@pytest.mark.slow
class TestMatrix:
    """Each route lets in whom it declares, and nobody else."""

    async def test_every_route_treats_everybody_as_declared(self, cast: Cast) -> None:
        found = []
        async with cast.erp.new_client() as client:
            for route in routes_of(cast.erp.apps, cast.erp.gateway):
                for caller in cast.callers:
                    client.cookies.clear()
                    found.append((route, caller, await knock(client, route, caller)))

        assert list(mismatches(found)) == []
        assert len(found) > 2000

    async def test_a_planted_mismatch_is_found(self, cast: Cast) -> None:
        route = next(route for route in routes_of(cast.erp.apps, cast.erp.gateway) if route.tail == "/accounts")
        nobody = Caller("anonymous", dict, via="nobody")
        async with cast.erp.new_client() as client:
            answer = await knock(client, route, nobody)

        weaker = Route(route.service, route.method, route.path, {"kind": "public"})
        assert list(mismatches([(route, nobody, answer)])) == []
        assert len(list(mismatches([(weaker, nobody, answer)]))) == 1


class TestDeclarations:
    """What the routes declare is what somebody looked at."""

    @pytest.fixture
    def routes(self, tmp_path: Path) -> list[Route]:
        settings, peers = erp_settings(tmp_path), PeerRegistry()
        apps: dict[str, FastAPI] = {
            service: main.SERVICES[service](settings.of(service), peers=peers) for service in SERVICES
        }
        return routes_of(apps, main.create_front(settings, peers=peers))

    def test_every_route_declares_a_rule(self, routes: list[Route]) -> None:
        assert [route.path for route in routes if "kind" not in route.access] == []

    def test_what_changes_something_needs_a_sign_in_or_was_looked_at(self, routes: list[Route]) -> None:
        open_acts = {
            route.tail for route in routes if route.method in UNSAFE and route.access["kind"] in ("public", "anyone")
        }

        assert open_acts <= set(PUBLIC_ACTS)

    def test_an_auditor_changes_nothing(self, routes: list[Route]) -> None:
        acts = [route for route in routes if route.method in UNSAFE and "auditor" in route.access["roles"]]

        assert acts == []

    def test_an_operator_sees_no_records(self, routes: list[Route]) -> None:
        seen = [route.path for route in routes if route.method == "get" and "operator" in route.access["roles"]]

        assert [path for path in seen if not re.search("job|import|backup|health|metrics", path)] == []

    def test_a_service_lets_in_only_roles_that_exist(self, routes: list[Route]) -> None:
        known = {
            "student", "registrar", "lecturer", "dean", "librarian", "library_assistant", "operator", "auditor",
            "service:facts", "service:events",
        }  # fmt: skip

        assert {role for route in routes for role in route.access["roles"]} <= known
