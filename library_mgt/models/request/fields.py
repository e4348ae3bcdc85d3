"""What inbound bodies are made of: bounded, strict about types, silent about nothing."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

LARGEST = 2**63 - 1


class Inbound(BaseModel):
    """A body as it comes in: a field that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def example(**values: Any) -> ConfigDict:
    """The configuration of a body that shows an example in the documents."""
    return ConfigDict(json_schema_extra={"examples": [values]})


def _whole(value: Any) -> Any:
    """JSON has `true` and `"1"`; neither is a number."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "A whole number is needed")
    return value


def _printable(text: str) -> str:
    """Control characters and lone surrogates are nothing that a person typed."""
    if not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise PydanticCustomError("control_character", "The text holds control characters")
    return text


def _one_line(text: str) -> str:
    if re.search(r"[\n\t]", text):
        raise PydanticCustomError("control_character", "The text has to stand on one line")
    return text


def _given(text: str) -> str:
    if not text:
        raise PydanticCustomError("string_too_short", "Something has to stand here")
    return text


Whole = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[Whole, Field(ge=1, le=LARGEST)]
"""An internal id."""
Number = Annotated[Whole, Field(ge=0, le=LARGEST)]
"""A number that librarians give."""
Line = Annotated[str, Field(max_length=200), AfterValidator(_printable), AfterValidator(_one_line)]
"""A text of one line, perhaps empty."""
GivenLine = Annotated[Line, AfterValidator(_given), Field(min_length=1)]
TitleText = Annotated[
    str,
    Field(min_length=1, max_length=500),
    AfterValidator(_printable),
    AfterValidator(_one_line),
    AfterValidator(_given),
]
"""A title on one line, not empty. It repeats `GivenLine` since the narrower of two limits wins."""
SubtitleText = Annotated[str, Field(max_length=500), AfterValidator(_printable), AfterValidator(_one_line)]
Long = Annotated[str, Field(max_length=2000), AfterValidator(_printable)]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Barcode = Annotated[GivenLine, Field(max_length=40)]
Reason = Annotated[Long, Field(min_length=3), AfterValidator(_given)]
"""Why: read by the person concerned."""


_WHO = "who acts comes from the token"
_WHEN = "when it happens comes from the library's clock"
_REASONS = {
    "approved_by": _WHO,
    "requested_by": _WHO,
    "approved_date": _WHEN,
    "request_date": _WHEN,
    "returned_date": _WHEN,
    "date_due": "the due date follows from the lending rule",
    "status": "a request starts undecided, and a librarian decides",
    "req_id": "the library numbers requests",
    "issue_id": "the library numbers loans",
}


def _refuse(_: Any, info: ValidationInfo) -> None:
    reason = _REASONS[info.field_name or ""]
    raise PydanticCustomError("not_yours_to_set", "This is not yours to set: {reason}", {"reason": reason})


NotYours = Annotated[SkipJsonSchema[None], BeforeValidator(_refuse)]
"""A field of the book that clients must not set: known, absent from the documents, and refused with the reason."""
