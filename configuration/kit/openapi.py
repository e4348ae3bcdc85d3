"""The OpenAPI document of a service, completed: full paths, access rules, and every problem an operation may answer."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from configuration.kit.problems import MEDIA_TYPE
from configuration.kit.security.access import Access, find_rules

UNSAFE = frozenset({"post", "put", "patch", "delete"})
ALWAYS = (422, 429, 500, 503, 504)
"""Any call may be malformed or too many, fail, or wait for a peer in vain, if only for the keys of a token's issuer."""
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal or failure, RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "URN of the kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for the person."},
        "code": {"type": "string", "description": "Stable, upper case."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "parameter": {"type": "string"},
                    "in": {"type": "string"},
                    "override": {"type": "string", "description": "The role that may overrule this, with a reason."},
                    "facts": {"type": "object"},
                },
            },
        },
    },
}
SECURITY: Mapping[str, list[dict[str, list[str]]]] = {
    "public": [],
    "anyone": [{}, {"bearer": []}, {"session": []}],
    "service": [{"bearer": []}],
}
"""What an operation accepts as identity, by the kind of its access rule; any other kind wants one or the other."""
SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "session": {"type": "apiKey", "in": "cookie", "name": "erp_session"},
}


class RouteWithoutRule(Exception):
    """A route does not say who may call it, or says it twice."""


def slug(text: str) -> str:
    """Letters, digits and single underscores."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")


def unique_id(route: Any) -> str:
    """An operation id that no other route of the application can have."""
    return slug("_".join((route.name, *sorted(route.methods or ()), route.path_format))).lower()


def check_access_rules(app: FastAPI) -> None:
    """Refuse an application in which a route has not exactly one access rule."""
    wrong = []
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, APIRoute):
            continue
        rules = find_rules(route)
        if len(rules) != 1:
            wrong.append(f"{sorted(route.methods or ())} {route.path} ({route.name}) has {len(rules)} access rules")
    if wrong:
        raise RouteWithoutRule("\n".join(wrong))


def complete_openapi(app: FastAPI, prefix: str) -> dict[str, Any]:
    """The document with paths as the outside sees them."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
    )
    routes = {
        (route.path_format, method.lower()): route
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    }
    seen: set[str] = set()
    for path, method, operation in operations(document):
        route = routes[path, method]
        operation["summary"] = operation.get("description", operation["summary"]).partition("\n")[0].rstrip(".")
        _complete_operation(operation, method, path, next(iter(find_rules(route)), None))
        # The short name goes to the first; the book's second address of one handler keeps the long one.
        short = slug(route.name or "")
        operation["operationId"] = unique_id(route) if short in seen else short
        seen.add(short)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = SECURITY_SCHEMES
    document["paths"] = {f"{prefix}{path}": item for path, item in document["paths"].items()}
    return document


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every (path, method, operation) of a document."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield path, method, operation


def _complete_operation(operation: dict[str, Any], method: str, path: str, rule: Access | None) -> None:
    parameters = operation.get("parameters", [])
    statuses = {*ALWAYS}
    if rule is not None and rule.kind != "public":
        statuses |= {401, 403}
    if "{" in path or parameters or method in UNSAFE:
        statuses.add(404)
    if method in UNSAFE:
        statuses.add(409)
    if any(parameter["name"].lower() == "if-match" for parameter in parameters):
        statuses |= {412, 428}
    if "requestBody" in operation:
        statuses |= {413, 415}
    responses = operation["responses"]
    # A route names a refusal of its own by status and description; what it looks like is the same everywhere.
    statuses |= {int(status) for status in responses if status.isdigit() and int(status) >= 400}
    for status in sorted(statuses):
        present = responses.get(str(status))
        if present is None or status == 422 or "content" not in present:
            responses[str(status)] = _problem_response(status, (present or {}).get("description"))
    if rule is not None:
        operation["x-access"] = rule.document()
        operation["security"] = SECURITY.get(rule.kind, [{"bearer": []}, {"session": []}])


def _problem_response(status: int, description: str | None = None) -> dict[str, Any]:
    return {
        "description": description if description and status != 422 else HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def merge(title: str, version: str, documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One document of several: operation ids and component names get the service's name in front."""
    merged: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": {},
        "components": {},
    }
    for service, original in documents.items():
        document = _renamed(deepcopy(dict(original)), service)
        for _, _, operation in operations(document):
            operation["operationId"] = f"{service}_{operation['operationId']}"
            operation["tags"] = [f"{service}: {tag}" for tag in operation.get("tags", ["general"])]
        merged["paths"].update(document["paths"])
        for kind, components in document.get("components", {}).items():
            prefix = "" if kind == "securitySchemes" else f"{service.capitalize()}_"
            merged["components"].setdefault(kind, {}).update({f"{prefix}{n}": c for n, c in components.items()})
    return merged


def _renamed(node: Any, service: str) -> Any:
    """The node with every reference to a component led to the prefixed name."""
    if isinstance(node, dict):
        return {
            key: re.sub(r"^(#/components/\w+/)", rf"\g<1>{service.capitalize()}_", value)
            if key == "$ref" and isinstance(value, str)
            else _renamed(value, service)
            for key, value in node.items()
        }
    return [_renamed(entry, service) for entry in node] if isinstance(node, list) else node
