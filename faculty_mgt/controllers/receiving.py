"""How work comes in: as JSON, or as a form whose files go to the store while they arrive."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request

from configuration.kit.bodies import Body
from configuration.kit.errors import Refusal
from configuration.kit.features.files import FileStore, Limits, receiving
from configuration.kit.features.idempotency import Key
from configuration.kit.features.idempotency.key import HeldKey
from configuration.kit.security.csrf import FIELD
from configuration.kit.security.receipts import Sign, signer
from faculty_mgt.models.request.submissions import SubmissionCreate
from faculty_mgt.services.submissions import Work

LARGEST = 1024 * 1024 * 1024
"""Bytes of a whole upload; each assignment says how many files of which size it takes."""
LARGEST_JSON = 1024 * 1024
A = TypeVar("A", bound=Body)
B = TypeVar("B", bound=SubmissionCreate)


class BodyTooLarge(Refusal):
    """The JSON is larger than any text that is taken."""

    status = 413
    code = "TOO_LARGE"
    title = "The body is too large"


@dataclass(frozen=True, slots=True)
class HandedIn(Generic[B]):
    """What came in, whole, at which moment, and under which key."""

    said: B
    work: Work
    at: datetime
    key: Key | None


async def _store(request: Request) -> FileStore:
    store: FileStore = request.app.state.files
    return store


StoreDep = Annotated[FileStore, Depends(_store)]
"""Where files lie."""


async def _sign(request: Request) -> Sign:
    return signer(request.app.state.keyring)


SignDep = Annotated[Sign, Depends(_sign)]
"""Signs receipts with the service's present key."""


@asynccontextmanager
async def handed_in(
    request: Request, kind: type[B], limits: Limits, held: HeldKey | None
) -> AsyncIterator[HandedIn[B]]:
    """The work in a request's body. The clock is read after its last byte."""
    clock = request.app.state.clock
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        said = checked(kind, await _json(request))
        yield _whole(said, Work(said.text), clock(), held)
        return
    async with receiving(request, request.app.state.files, _with_fields(limits, kind)) as upload:
        at = clock()
        fields = {name: value for name, value in upload.fields.items() if name != FIELD}
        said = checked(kind, _numbers(fields))
        yield _whole(said, Work(said.text, upload.files), at, held)


def _whole(said: B, work: Work, at: datetime, held: HeldKey | None) -> HandedIn[B]:
    files = [f"{file.sha256} {file.name}" for file in work.files]
    key = None if held is None else held.with_body(said.model_dump_json(), *files)
    return HandedIn(said, work, at, key)


async def _json(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_JSON:
            raise BodyTooLarge("Larger work is handed in as files.")
    return bytes(body)


def checked(kind: type[A], given: bytes | Mapping[str, Any]) -> A:
    """The body, or the refusal that FastAPI would have made of it."""
    try:
        return kind.model_validate_json(given) if isinstance(given, bytes) else kind.model_validate(given)
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in errors]) from None


def _numbers(fields: Mapping[str, str]) -> dict[str, Any]:
    """A form has no numbers; a field that is one by its nature is read as such."""
    number = fields.get("student_number", "")
    return {**fields, **({"student_number": int(number)} if number.isdecimal() and len(number) < 20 else {})}


def _with_fields(limits: Limits, kind: type[Body]) -> Limits:
    return Limits(limits.files, limits.file_bytes, limits.types, (*kind.model_fields, FIELD))


def described(kind: type[Body]) -> dict[str, Any]:
    """The body in the documents: as JSON, or as a form with files."""
    content = {"application/json": {"schema": kind.model_json_schema(by_alias=True)}, **_form(kind, files=50)}
    return {"requestBody": {"required": True, "content": content}}


def described_form(kind: type[Body], *, files: int) -> dict[str, Any]:
    """The body in the documents, as a form with so many files at most."""
    return {"requestBody": {"required": True, "content": _form(kind, files=files)}}


def _form(kind: type[Body], *, files: int) -> dict[str, Any]:
    schema = kind.model_json_schema(by_alias=True)
    parts = {"type": "array", "maxItems": files, "items": {"type": "string", "format": "binary"}}
    form = {**schema, "properties": {**schema["properties"], "files": parts}}
    return {"multipart/form-data": {"schema": form}}
