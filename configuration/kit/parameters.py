"""Query parameters that nobody declared are refused: a misspelt filter must not answer everything.

A middleware and not a dependency: a request without a query, which most are, passes for the price of one comparison.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from starlette._utils import get_route_path
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from configuration.kit.problems import on_invalid

SAFE = ("GET", "HEAD")
UNKNOWN = {
    True: "This parameter is not known here",
    False: "This parameter is not known here; what a call brings along stands in its body",
}
"""What is said of a parameter, by whether the method is safe."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The query parameters of one documented route."""

    path: re.Pattern[str]
    methods: frozenset[str]
    names: frozenset[str]


def declared_parameters(app: FastAPI) -> Sequence[Declared]:
    """The query parameters of every route, in the order in which routes are tried; of a page, none are known."""
    return [
        Declared(route.path_regex, frozenset(route.methods or ()), frozenset(_walk(route.dependant)))
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.include_in_schema
    ]


def _walk(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        yield from _names(field)
    for child in dependant.dependencies:
        yield from _walk(child)


def _names(field: Any) -> list[str]:
    annotation = field.field_info.annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [info.alias or name for name, info in annotation.model_fields.items()]
    return [field.alias]


class KnownParameters:
    """Answers 422 to parameters that the documented route asked for does not know."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the query, if there is one."""
        if scope["type"] == "http" and scope["query_string"] and (unknown := _unknown(scope)):
            faults = [
                {"type": "unknown_parameter", "loc": ("query", name), "msg": UNKNOWN[scope["method"] in SAFE]}
                for name in unknown
            ]
            answer = await on_invalid(Request(scope, receive), RequestValidationError(faults))
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _unknown(scope: Scope) -> list[str]:
    path, method = get_route_path(scope), scope["method"]
    for declared in scope["app"].state.declared_parameters:
        if method in declared.methods and declared.path.match(path):
            query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            return [name for name, _ in query if name not in declared.names]
    return []
