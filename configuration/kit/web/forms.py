"""Forms as browsers send them, checked by the same models as JSON bodies; faults as a person can mend them."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from configuration.kit.errors import Refusal
from configuration.kit.features.files import Arrived
from configuration.kit.features.idempotency import Key
from configuration.kit.posted import posted
from configuration.kit.security import csrf
from configuration.kit.web.sentences import sentence_of

M = TypeVar("M", bound=BaseModel)
KEY = "form_key"
LONGEST_KEY = 64
WHOLE = re.compile(r"-?[0-9]{1,18}")


class Fields(dict[str, str]):
    """What a form says; a field it does not have reads as empty."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault; `field` is the id of the form field it can be mended in, where there is one."""

    text: str
    field: str = ""
    code: str = ""
    override: str | None = None


async def fields_of(request: Request) -> Fields:
    """The text fields of a form, trimmed but for passwords; files are left out."""
    form = await posted(request)
    texts = ((name, value) for name, value in form.items() if isinstance(value, str))
    return Fields({name: value if "password" in name else value.strip() for name, value in texts})


async def file_of(request: Request, name: str) -> UploadFile | None:
    """The uploaded file of that name, unless none was chosen."""
    value = (await posted(request)).get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


async def read_form_key(request: Request) -> Key | None:
    """The idempotency key a form was rendered with: sent twice, it acts once.

    What the form says is part of the key, so a page that the browser kept and that is filled in anew acts anew. The
    route's access rule must stand before it in the signature.
    """
    fields = await fields_of(request)
    given = fields.get(KEY, "")
    if not given or len(given) > LONGEST_KEY or not given.isalnum():
        return None
    meant = [request.url.path, *(f"{name}={value}" for name, value in sorted(fields.items()) if name != csrf.FIELD)]
    digest = hashlib.sha256("\n".join(meant).encode("utf-8", "surrogatepass")).hexdigest()
    return Key(
        principal=request.state.actor.person,
        route=f"page:{request.scope['route'].name}",
        key=f"{given}-{digest[:16]}",
        fingerprint=digest,
        at=request.app.state.clock(),
    )


def with_files(key: Key | None, files: Sequence[Arrived]) -> Key | None:
    """The key of a form that brought files: other files, chosen after going back, make it another act."""
    if key is None:
        return None
    meant = [key.fingerprint, *(f"{file.sha256} {file.name}" for file in files)]
    digest = hashlib.sha256("\n".join(meant).encode("utf-8", "surrogatepass")).hexdigest()
    return replace(key, key=f"{key.key}-{digest[:16]}", fingerprint=digest)


FormKeyDep = Annotated[Key | None, Depends(read_form_key)]
"""The key of a form; name it after the actor."""


def said(fields: Mapping[str, str], *names: str) -> dict[str, str]:
    """The named fields that were filled in."""
    return {name: fields[name] for name in names if fields.get(name)}


def given(fields: Fields, *names: str, emptied: Collection[str] = ()) -> dict[str, Any]:
    """The fields that are filled in; of those in `emptied`, an empty text as well."""
    return {name: fields[name] for name in names if fields[name] or (name in emptied and name in fields)}


def version_of(fields: Fields) -> int:
    """The version that a form was made from; 0 fits none."""
    return int(fields["version"]) if fields["version"].isdecimal() and len(fields["version"]) < 10 else 0


def whole(text: str) -> int | None:
    """The whole number that was typed; `None` for anything else, and for more digits than any number here has."""
    found = WHOLE.fullmatch(text)
    return int(found[0]) if found else None


def read(model: type[M], values: Mapping[str, Any]) -> tuple[M | None, list[FieldError]]:
    """The model made of the values, or every fault beside its field."""
    try:
        return model.model_validate(dict(values)), []
    except ValidationError as error:
        return None, [
            FieldError(sentence_of(fault), str(fault["loc"][0]) if fault["loc"] else "", fault["type"])
            for fault in error.errors(include_url=False, include_input=False)
        ]


def faults_of(refusal: Refusal) -> list[FieldError]:
    """A refusal as faults of a form: all of its blockers, or its own sentence."""
    blockers = [
        FieldError(blocker.detail, (blocker.pointer or "").strip("/").partition("/")[0], blocker.code, blocker.override)
        for blocker in refusal.blockers
    ]
    return blockers or [FieldError(refusal.detail, code=refusal.code)]
