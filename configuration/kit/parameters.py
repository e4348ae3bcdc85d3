"""Query parameters that nobody declared are refused: a misspelt filter must not answer everything."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from starlette.requests import Request


def known_parameters(app: FastAPI) -> Mapping[int, frozenset[str]]:
    """The query parameters of every documented route, by the identity of the route."""
    known: dict[int, frozenset[str]] = {}
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            known[id(route.original_route)] = frozenset(_walk(route.dependant))
    return known


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


async def refuse_unknown_parameters(request: Request) -> None:
    """A dependency of every service: 422 for parameters that the route does not know."""
    if not request.scope["query_string"]:
        return
    known = request.app.state.known_parameters.get(id(request.scope.get("route")))
    if known is None:
        return
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise RequestValidationError(
            [{"type": "unknown_parameter", "loc": ("query", name), "msg": "This parameter is not known here"}
             for name in unknown]
        )  # fmt: skip
