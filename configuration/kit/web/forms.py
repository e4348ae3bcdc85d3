"""Forms as browsers send them, checked by the same models as JSON bodies; faults as a person can mend them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from configuration.kit.errors import Refusal

M = TypeVar("M", bound=BaseModel)
TOKEN = "form_token"
KEY = "form_key"
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault; `field` is the id of the form field it can be mended in, where there is one."""

    text: str
    field: str = ""
    code: str = ""
    override: str | None = None


async def fields_of(request: Request) -> dict[str, str]:
    """The text fields of a form, trimmed; files are left out."""
    form = await request.form(max_fields=100)
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


async def file_of(request: Request, name: str) -> UploadFile | None:
    """The uploaded file of that name, unless none was chosen."""
    value = (await request.form(max_fields=100)).get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


def form_key(fields: Mapping[str, str]) -> str | None:
    """The idempotency key a form was rendered with: sent twice, it acts once."""
    key = fields.get(KEY, "")
    return key if key and len(key) <= LONGEST_KEY and key.isalnum() else None


def said(fields: Mapping[str, str], *names: str) -> dict[str, str]:
    """The named fields that were filled in."""
    return {name: fields[name] for name in names if fields.get(name)}


def read(model: type[M], values: Mapping[str, Any]) -> tuple[M | None, list[FieldError]]:
    """The model made of the values, or every fault beside its field."""
    try:
        return model.model_validate(dict(values)), []
    except ValidationError as error:
        return None, [
            FieldError(_sentence(fault["msg"]), str(fault["loc"][0]) if fault["loc"] else "", fault["type"])
            for fault in error.errors(include_url=False, include_input=False)
        ]


def faults_of(refusal: Refusal) -> list[FieldError]:
    """A refusal as faults of a form: all of its blockers, or its own sentence."""
    blockers = [
        FieldError(
            blocker.detail, (blocker.pointer or "").strip("/").partition("/")[0], blocker.code, blocker.override
        )
        for blocker in refusal.blockers
    ]
    return blockers or [FieldError(refusal.detail, code=refusal.code)]


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ").rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
