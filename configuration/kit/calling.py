"""How a route is called: what follows from its signature is worked out once, not at each request.

FastAPI reads the signatures, documents them, and goes through the whole tree of them anew at every request, which costs
more than the rest of a checkout outside the database. Here the tree becomes a list of steps when a service is made. A
value is still validated, and an answer encoded, by FastAPI's own functions. Routes that ask for more of it (forms,
background tasks, generators, other classes of response) are left as they are.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from inspect import iscoroutinefunction
from typing import Any

from fastapi import params
from fastapi._compat import ModelField, field_annotation_is_sequence
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, serialize_response
from fastapi.utils import is_body_allowed_for_status_code
from pydantic import BaseModel
from pydantic_core import PydanticUndefined as Undefined
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import request_response

Fault = Mapping[str, Any]
PLAIN_DEFAULTS = (str, int, float, bool, type(None))
_FAULTY = object()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A parameter that is one text: where it stands, and what it is when it is not sent."""

    field: ModelField
    alias: str
    loc: tuple[str, str]
    default: Any

    def read(self, received: Mapping[str, str], values: dict[str, Any]) -> Sequence[Fault]:
        """Put the value among the others, or answer what is wrong with it."""
        given = received.get(self.alias)
        if given is None:
            values[self.field.name] = self.default
            return ()
        values[self.field.name], faults = self.field.validate(given, loc=self.loc)
        return faults


@dataclass(frozen=True, slots=True)
class Source:
    """The parameters that stand in one part of a request."""

    attribute: str
    scalars: Sequence[Scalar]
    others: Sequence[ModelField]

    def read(self, request: Request, values: dict[str, Any]) -> Iterable[Fault]:
        """Put the values among the others, and answer what is wrong."""
        received = getattr(request, self.attribute)
        faults: list[Fault] = []
        for scalar in self.scalars:
            faults += scalar.read(received, values)
        if self.others:
            found, wrong = request_params_to_args(self.others, received)
            values.update(found)
            faults += wrong
        return faults


@dataclass(frozen=True, slots=True)
class Step:
    """One dependency, or the endpoint itself. Steps are known by their place in the list."""

    call: Callable[..., Awaitable[Any]]
    gets: Sequence[tuple[str, int]]
    """Parameter, and the step whose value it is."""
    after: Sequence[int]
    sources: Sequence[Source]
    body: Sequence[ModelField]
    request: str | None
    response: str | None


class NotPlain(Exception):
    """The route asks for what only FastAPI itself does."""


def call_directly(routes: Iterable[Any]) -> None:
    """Let the routes be called by the steps worked out here, where that does the same."""
    for route in routes:
        if not isinstance(route, APIRoute) or route.max_body_size is not None:
            continue
        try:
            route.app = request_response(_handler(route))
        except NotPlain:
            continue


def _steps(dependant: Dependant) -> list[Step]:
    """Every dependency before those that need it, each once; the endpoint last."""
    steps: list[Step] = []
    places: dict[Any, int] = {}

    def place(node: Dependant) -> int:
        if node.use_cache and node.call in places:
            return places[node.call]
        after = [place(child) for child in node.dependencies]
        names = [child.name for child in node.dependencies]
        gets = tuple((name, at) for name, at in zip(names, after, strict=True) if name is not None)
        steps.append(_step(node, gets, tuple(after)))
        places[node.call] = len(steps) - 1
        return len(steps) - 1

    place(dependant)
    return steps


def _step(node: Dependant, gets: Sequence[tuple[str, int]], after: Sequence[int]) -> Step:
    call = node.call
    more = (node.background_tasks_param_name, node.http_connection_param_name, node.security_scopes_param_name)
    if any(more) or node.own_oauth_scopes or node.concurrency or node.websocket_param_name:
        raise NotPlain
    if call is None or not (iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)):
        raise NotPlain
    parts = (
        ("path_params", node.path_params),
        ("query_params", node.query_params),
        ("headers", node.header_params),
        ("cookies", node.cookie_params),
    )
    sources = tuple(_source(name, fields) for name, fields in parts if fields)
    return Step(call, gets, after, sources, node.body_params, node.request_param_name, node.response_param_name)


def _source(attribute: str, fields: Sequence[ModelField]) -> Source:
    scalars = [scalar for field in fields if (scalar := _scalar(field)) is not None]
    taken = [scalar.field for scalar in scalars]
    return Source(attribute, scalars, [field for field in fields if field not in taken])


def _scalar(field: ModelField) -> Scalar | None:
    """The parameter as one text, unless it is a list, a model, or its absence means more than a value."""
    info = field.field_info
    annotation = info.annotation
    if field_annotation_is_sequence(annotation) or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return None
    if not isinstance(info, params.Param) or info.validation_alias not in (None, field.alias):
        return None
    in_path = isinstance(info, params.Path)  # Which is always there, since the address matched.
    if not in_path and (info.is_required() or info.validate_default or not isinstance(field.default, PLAIN_DEFAULTS)):
        return None
    return Scalar(field, field.alias, (info.in_.value, field.alias), field.default)


def _handler(route: APIRoute) -> Callable[[Request], Awaitable[Response]]:
    if route.body_field is not None and isinstance(route.body_field.field_info, params.Form):
        raise NotPlain
    if not isinstance(route.response_class, DefaultPlaceholder) or route.stream_item_field is not None:
        raise NotPlain
    *before, endpoint = _steps(route.dependant)
    has_body = route.body_field is not None
    asks_response = any(step.response for step in (*before, endpoint))

    async def answer(request: Request) -> Response:
        body = await _read_body(request) if has_body else Undefined
        response = _headers_only() if asks_response else None
        found: list[Any] = []
        faults: list[Fault] = []
        for step in before:
            values = await _values(step, route, request, response, body, found, faults)
            found.append(_FAULTY if values is None else await step.call(**values))
        arguments = await _values(endpoint, route, request, response, body, found, faults)
        if arguments is None:
            raise RequestValidationError(faults, body=None if body is Undefined else body)
        return await _answer(route, await endpoint.call(**arguments), response)

    return answer


async def _values(
    step: Step,
    route: APIRoute,
    request: Request,
    response: Response | None,
    body: Any,
    found: Sequence[Any],
    faults: list[Fault],
) -> dict[str, Any] | None:
    """The arguments of a step, or nothing where something is wrong with them, which is added to the faults."""
    earlier = len(faults)
    values = {name: found[at] for name, at in step.gets}
    for source in step.sources:
        faults += source.read(request, values)
    if step.body:
        faults += await _validate_body(step.body, body, values, embed=route._embed_body_fields)
    if step.request is not None:
        values[step.request] = request
    if step.response is not None:
        values[step.response] = response
    # Where nothing was wrong so far, nothing that the step needs can be.
    faulty = len(faults) > earlier or (earlier and any(found[at] is _FAULTY for at in step.after))
    return None if faulty else values


async def _validate_body(
    fields: Sequence[ModelField], body: Any, values: dict[str, Any], *, embed: bool
) -> Sequence[Fault]:
    if len(fields) == 1 and not embed and body is not Undefined:
        values[fields[0].name], faults = fields[0].validate(body, loc=("body",))
        return faults
    found, faults = await request_body_to_args(list(fields), body, embed)
    values.update(found)
    return faults


async def _read_body(request: Request) -> Any:
    """The body as JSON where it says that it is; else its bytes, which no model accepts."""
    try:
        raw = await request.body()
    except ClientDisconnect as gone:
        raise HTTPException(400) from gone
    if not raw:
        return Undefined
    if not _says_json(request.headers.get("content-type", "")):
        return raw
    try:
        return await request.json()
    except json.JSONDecodeError as error:
        fault = {"type": "json_invalid", "loc": ("body", error.pos), "msg": "JSON decode error", "input": {}}
        raise RequestValidationError([{**fault, "ctx": {"error": error.msg}}], body=error.doc) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error


def _says_json(content_type: str) -> bool:
    if content_type == "application/json":
        return True
    if not content_type:
        return False
    message = Message()
    message["content-type"] = content_type
    kind = message.get_content_subtype()
    return message.get_content_maintype() == "application" and (kind == "json" or kind.endswith("+json"))


def _headers_only() -> Response:
    """What an endpoint sets headers and status on, which its answer then gets."""
    response = Response()
    del response.headers["content-length"]
    response.status_code = None  # type: ignore[assignment]
    return response


async def _answer(route: APIRoute, result: Any, asked: Response | None) -> Response:
    """The result as it is if it is a response, else as the route's model says."""
    if isinstance(result, Response):
        return result
    content = await serialize_response(
        field=route.response_field,
        response_content=result,
        include=route.response_model_include,
        exclude=route.response_model_exclude,
        by_alias=route.response_model_by_alias,
        exclude_unset=route.response_model_exclude_unset,
        exclude_defaults=route.response_model_exclude_defaults,
        exclude_none=route.response_model_exclude_none,
        dump_json=True,
    )
    status = (asked.status_code if asked is not None else None) or route.status_code or 200
    ready = route.response_field is not None  # Without a model, the content is plain values and not yet text.
    response = Response(content, status, media_type="application/json") if ready else JSONResponse(content, status)
    if not is_body_allowed_for_status_code(status):
        response.body = b""
    if asked is not None:
        response.headers.raw.extend(asked.headers.raw)
    return response
