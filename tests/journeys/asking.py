"""Asking the running university: as whoever has a role, of every address that may be read, and what is in an answer."""

import ast
import json
from collections.abc import Iterator
from typing import Any

import requests

from configuration.kit.openapi import operations
from configuration.kit.security.actor import Service
from configuration.settings import ROOT
from tests.contracts.probing import admits
from tests.contracts.stage import EVERYBODY, ROLES, Stage, held
from tests.reliability.installation import PREFIX


def call(
    stage: Stage, role: str, service: Service, method: str, path: str, body: Any = None, **headers: str
) -> requests.Response:
    """One call of a service as whoever has the role."""
    token = stage.token(role, service)
    told = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, f"{stage.address}{PREFIX}/{service}{path}", json=body, headers=told, timeout=60)


def book(stage: Stage, number: int) -> dict[str, Any]:
    """A new book."""
    body = {"book_id": number, "title": "Emma", "author": "Austen", "classification": "Fiction", "edition": "1st"}
    made = call(stage, "librarian", "library", "POST", "/book/add", body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def issued(stage: Stage) -> list[int]:
    """The issuances there are."""
    answer = call(stage, "librarian", "library", "GET", "/book/issuance/list?limit=200")
    return [one["issue_id"] for one in answer.json()["items"]]


def readable(stage: Stage, service: Service) -> Iterator[tuple[str, str]]:
    """Each address of a service that may be read, as the service has it, with a role that may."""
    for path, method, operation in operations(stage.document(service)):
        if method == "get":
            for role in EVERYBODY:
                if admits(operation.get("x-access"), held(role), at_home=ROLES.get(role) == service):
                    yield role, path.removeprefix(f"{PREFIX}/{service}")
                    break


def texts(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def is_json(text: str) -> bool:
    """Whether a text is a JSON object or list by itself."""
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


def methods_of(path: str, group: str) -> list[str]:
    """The tests that a class of a file has."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    groups = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == group]
    return [one.name for node in groups for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
