"""Refusals and failures as `application/problem+json` (RFC 9457); for a browser, the same as a page.

An answer never repeats what came in: inputs may hold passwords.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import Blocker, Refusal
from configuration.kit.urls import wants_page

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100
LONGEST_POINTER = 200
CODES = {
    400: "BAD_REQUEST",
    404: "NO_SUCH_PAGE",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}
DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method; the header Allow names those it takes.",
    413: "The body is larger than this address accepts.",
}
UNREADABLE_BODY = "The body could not be read."


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    request_id: str,
    errors: Sequence[Mapping[str, Any]] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A problem document. `code` is stable; `detail` is a sentence for the person."""
    kind = code.lower().replace("_", "-")
    return {
        **(extra or {}),
        "type": f"urn:university-erp:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": list(errors),
        "request_id": request_id,
    }


def internal_error(request_id: str) -> dict[str, Any]:
    """The document for a failure of ours: it says nothing of the inside."""
    detail = "This is a fault of the university's system, not yours. The request id helps those who look into it."
    return problem(500, "INTERNAL_ERROR", "Something went wrong here", detail, request_id=request_id)


def too_large(request_id: str) -> dict[str, Any]:
    """The document for a body that is larger than its address accepts."""
    return problem(413, CODES[413], HTTPStatus(413).phrase, DETAILS[413], request_id=request_id)


def overloaded(request_id: str) -> dict[str, Any]:
    """The document for a request that came while too many others were under way."""
    detail = "Too many requests are under way; try again in a moment."
    return problem(503, "OVERLOADED", "Too much at once", detail, request_id=request_id)


def encode(document: Mapping[str, Any]) -> bytes:
    """JSON in ASCII: a pointer may hold half a surrogate pair, which UTF-8 cannot carry."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"), default=str).encode("ascii")


def answer(request: Request, document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """The document as JSON, or as a page where a browser asks and the application has pages."""
    pages = getattr(request.app.state, "pages", None)
    if pages is not None and wants_page(request):
        page: Response = pages.problem(request, document, headers)
        return page
    return Response(encode(document), document["status"], headers=dict(headers or {}), media_type=MEDIA_TYPE)


def own_id(request: Request) -> str:
    """The id of the request, as given by the edge."""
    return str(getattr(request.state, "request_id", ""))


def describe(blocker: Blocker) -> dict[str, Any]:
    """A blocker as one entry of `errors`."""
    entry: dict[str, Any] = {"code": blocker.code, "detail": blocker.detail}
    if blocker.pointer is not None:
        entry["pointer"] = blocker.pointer
    if blocker.override is not None:
        entry["override"] = blocker.override
    if blocker.facts:
        entry["facts"] = dict(blocker.facts)
    return entry


async def on_refusal(request: Request, refusal: Exception) -> Response:
    """Answer a refusal with its own status, code and all of its blockers at once."""
    assert isinstance(refusal, Refusal)
    document = problem(
        refusal.status,
        refusal.code,
        refusal.title,
        refusal.detail,
        request_id=own_id(request),
        errors=[describe(blocker) for blocker in refusal.blockers],
        extra=refusal.extra,
    )
    headers = dict(refusal.headers)
    if refusal.status in (429, 503, 504):
        headers.setdefault("Retry-After", "1")
    return answer(request, document, headers)


def _pointer(parts: Sequence[Any]) -> str:
    """A JSON pointer (RFC 6901), bounded: its parts come from the client."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)[:LONGEST_POINTER]


def _entry(fault: Mapping[str, Any]) -> dict[str, Any]:
    place, *rest = fault["loc"] or ("body",)
    entry: dict[str, Any] = {"code": str(fault["type"]).upper(), "detail": _sentence(str(fault["msg"]))}
    if place == "body":
        # An unreadable body is located by the offset of its fault, which is no member of the document.
        entry["pointer"] = "" if fault["type"] == "json_invalid" else _pointer(rest)
    else:
        entry["parameter"] = ".".join(str(part) for part in rest)[:LONGEST_POINTER]
        entry["in"] = str(place)
    return entry


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ").rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer a malformed request with all of its faults, located, without the values that came in."""
    assert isinstance(error, RequestValidationError)
    entries = [_entry(fault) for fault in error.errors()[:MOST_ERRORS]]
    first = entries[0]["detail"] if len(entries) == 1 else f"{len(entries)} things need to be corrected."
    document = problem(422, "INVALID", "Malformed request", first, request_id=own_id(request), errors=entries)
    return answer(request, document)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: unknown addresses and methods, bodies too large or unreadable."""
    assert isinstance(error, HTTPException)
    status, headers = error.status_code, dict(error.headers or {})
    if status < 400 or status in (204, 304):
        return Response(status_code=status, headers=headers)
    if status == 400:  # FastAPI's word for a body it cannot parse; malformed is 422 here, in whichever way.
        document = problem(422, "MALFORMED_BODY", "Malformed request", UNREADABLE_BODY, request_id=own_id(request))
        return answer(request, document, headers)
    title = HTTPStatus(status).phrase
    detail = DETAILS.get(status, f"{title}.")
    code = CODES.get(status, title.upper().replace(" ", "_"))
    return answer(request, problem(status, code, title, detail, request_id=own_id(request)), headers)


async def on_failure(request: Request, _: Exception) -> Response:
    """Answer an unforeseen failure; the edge logs it with its traceback."""
    return answer(request, internal_error(own_id(request)))


def install_problem_handlers(app: FastAPI | Starlette) -> None:
    """Install the handlers; every application needs them, since a root's handlers do not reach mounted ones."""
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(Exception, on_failure)
