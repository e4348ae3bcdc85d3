"""What every operation has in common: refusals look alike, lists are bounded, reading changes nothing."""

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, make_url, select

from configuration.kit.openapi import operations
from configuration.kit.security.actor import Service
from tests.contracts.probing import PROBLEM, admits
from tests.contracts.stage import EVERYBODY, ROLES, Stage, held
from tests.reliability.installation import PREFIX, SERVICES, Installation


def readings(stage: Stage, service: Service, role: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The addresses that the role may read, with what exists put in, and their operations."""
    here = ROLES.get(role) == service
    for path, method, operation in operations(stage.document(service)):
        if method == "get" and admits(operation.get("x-access"), held(role), at_home=here):
            yield path.format_map({name: values[0] for name, values in stage.known.items()}), operation


def send(
    stage: Stage, method: str, path: str, token: str | None = None, data: bytes | None = None
) -> requests.Response:
    """One request as an API client sends it."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    if data is not None:
        headers["Content-Type"] = "application/json"
    return requests.request(
        method, f"{stage.address}{path}", headers=headers, data=data, timeout=30, allow_redirects=False
    )


def is_problem(reply: requests.Response) -> bool:
    """Whether an answer is told as a problem."""
    if reply.headers["content-type"] != PROBLEM:
        return False
    document = reply.json()
    same = document["status"] == reply.status_code and document["request_id"] == reply.headers["x-request-id"]
    return bool(same and document["code"].isupper())


class TestLists:
    @pytest.mark.parametrize("service", SERVICES)
    def test_every_list_bounds_its_page(self, stage: Stage, service: Service) -> None:
        lists = 0
        for role in EVERYBODY:
            token = stage.token(role, service)
            for path, operation in readings(stage, service, role):
                if not any(one["name"] == "limit" for one in operation.get("parameters", [])):
                    continue
                lists += 1

                statuses = {
                    limit: send(stage, "GET", f"{path}?limit={limit}", token).status_code
                    for limit in ("1", "200", "0", "201", "-1", "many", "1e1", "")
                }

                assert statuses == {"1": 200, "200": 200} | dict.fromkeys(("0", "201", "-1", "many", "1e1", ""), 422), (
                    path
                )
        assert lists

    @pytest.mark.parametrize("service", SERVICES)
    def test_a_cursor_that_nobody_gave_out_is_refused(self, stage: Stage, service: Service) -> None:
        for role in EVERYBODY:
            for path, operation in readings(stage, service, role):
                if any(one["name"] == "cursor" for one in operation.get("parameters", [])):
                    for forged in ("x", "WzFd", "-1", "%00", "W10", "eyJhIjoxfQ"):
                        reply = send(stage, "GET", f"{path}?cursor={forged}", stage.token(role, service))

                        assert reply.status_code in (200, 422), (path, forged)


class TestParameters:
    @pytest.mark.parametrize("role", EVERYBODY)
    @pytest.mark.parametrize("service", SERVICES)
    def test_one_that_nobody_declared_is_refused(self, stage: Stage, service: Service, role: str) -> None:
        token = stage.token(role, service)
        for path, _ in readings(stage, service, role):
            reply = send(stage, "GET", f"{path}?misspelt=1", token)

            assert reply.status_code == 422, (path, reply.text)
            assert is_problem(reply)


class TestRefusals:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/nowhere", 404),
            ("GET", "/titles/999999999", 404),
            ("PUT", "/titles", 405),
            ("GET", "/account/me", 401),
            ("POST", "/loans", 401),
        ],
    )
    def test_each_is_a_problem(self, stage: Stage, method: str, path: str, status: int) -> None:
        reply = send(stage, method, f"{PREFIX}/library{path}")

        assert reply.status_code == status
        assert is_problem(reply)
        assert ("allow" in reply.headers) == (status == 405)
        assert ("www-authenticate" in reply.headers) == (status == 401)

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("not JSON", b"{"),
            ("not UTF-8", b'{"title": "\xff"}'),
            ("nested too deep", b"[" * 100_000),
            ("a number too large", b'{"title": "x", "year": 1' + b"0" * 5000 + b"}"),
            ("NUL", b'{"title": "\\u0000"}'),
            ("half a surrogate pair", b'{"title": "\\ud800"}'),
            ("a list", b"[]"),
            ("null", b"null"),
            ("nothing", b""),
        ],
    )
    def test_a_hostile_body_is_malformed_and_no_failure(self, stage: Stage, name: str, body: bytes) -> None:
        token = stage.token("librarian", "library")

        reply = send(stage, "POST", f"{PREFIX}/library/titles", data=body, token=token)

        assert reply.status_code == 422, reply.text
        assert is_problem(reply)

    def test_a_body_too_large_is_refused(self, stage: Stage) -> None:
        token = stage.token("librarian", "library")

        reply = send(stage, "POST", f"{PREFIX}/library/titles", data=b" " * (2 * 1024 * 1024), token=token)

        assert reply.status_code == 413
        assert is_problem(reply)


class TestReading:
    def test_it_changes_nothing(self, stage: Stage) -> None:
        tokens = {(role, service): stage.token(role, service) for role in EVERYBODY for service in SERVICES}
        before = settled(stage.installation)
        answered = set()

        for (role, service), token in tokens.items():
            for path, _ in readings(stage, service, role):
                for method in ("GET", "HEAD", "OPTIONS"):
                    answered.add((method, send(stage, method, path, token).status_code))

        assert ("GET", 200) in answered
        assert settled(stage.installation) == before


def settled(installation: Installation) -> dict[str, str]:
    """A digest of every table of every service, taken when two in a row agree: sealing audit rows takes a second."""
    earlier: dict[str, str] = {}
    for _ in range(20):
        present = digests(installation)
        if present == earlier:
            return present
        earlier = present
        time.sleep(1.2)
    raise AssertionError("the databases do not come to rest")


OF_THE_CLOCK = frozenset({"task", "job"})
"""Tables that the library's clock writes every minute, whoever reads meanwhile."""


def digests(installation: Installation) -> dict[str, str]:
    """A digest per table, but for those of the clock."""
    found = {}
    for service, url in installation.databases.items():
        parsed = make_url(url)
        driver = {"postgresql": "postgresql+psycopg"}.get(parsed.drivername, parsed.drivername)
        engine = create_engine(parsed.set(drivername=driver))
        with engine.connect() as connection:
            for metadata in import_module(f"{service}_mgt.models.data").ALL_METADATA:
                for table in metadata.sorted_tables:
                    if table.name in OF_THE_CLOCK:
                        continue
                    columns = [column for column in table.c if column.type.__class__.__name__ != "Words"]
                    rows = sorted(json.dumps(list(map(str, row))) for row in connection.execute(select(*columns)))
                    found[f"{service}.{table.name}"] = sha256("\n".join(rows).encode()).hexdigest()
        engine.dispose()
    return found
