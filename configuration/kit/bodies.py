"""What bodies are made of: those that come in bounded, strict about types, silent about nothing."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticOmit, core_schema

LARGEST = 10**18 - 1
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = TypeAdapter(datetime)


class Body(BaseModel):
    """A body as it comes in: a field that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Outbound(BaseModel):
    """A body as it goes out, made from rows."""

    model_config = ConfigDict(from_attributes=True)


def _whole(value: Any) -> Any:
    """JSON has `true` and `"1"`; neither is a number."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "A whole number is needed")
    return value


def _printable(text: str) -> str:
    """Control characters and lone surrogates are nothing that a person typed."""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise PydanticCustomError("control_character", "The text holds control characters")
    return text


def _storable(secret: SecretStr) -> SecretStr:
    _printable(secret.get_secret_value())
    return secret


def _readable(text: str) -> str:
    """Like a line, but with line breaks and tabs, which people type into long texts."""
    _printable(text.replace("\r\n", "\n").replace("\n", "").replace("\t", ""))
    return text.replace("\r\n", "\n")


def _written(value: Any) -> Any:
    """Instants are written out; a bare number would be read as seconds since 1970."""
    if isinstance(value, int | float):
        raise _not_a_date()
    return value


def _not_a_date() -> PydanticCustomError:
    return PydanticCustomError("date_type", "A day such as 2026-03-01, or an instant, is needed")


def _day_or_instant(value: Any) -> Any:
    """Told apart by how they are written: left to itself, midnight would be read as the day."""
    if not isinstance(value, str):
        return _written(value)
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
        if _DAY.match(value):
            return _INSTANT.validate_python(value)
    except ValueError:
        pass
    raise _not_a_date()


def _in_our_time(value: date | datetime) -> date | datetime:
    if not 1900 <= value.year <= 2999:
        raise PydanticCustomError("date_range", "The year has to lie between 1900 and 2999")
    return value


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("decimal_type", "A number is needed")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[Whole, Field(ge=1, le=LARGEST)]
"""An id or a number that is given out."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_printable)]
"""A text of one line, perhaps empty."""
GivenLine = Annotated[Line, Field(min_length=1)]
"""A text of one line that is not empty."""
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_readable)]
"""A text of many lines, perhaps empty."""
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_in_our_time)]
DayOrInstant = Annotated[date | datetime, BeforeValidator(_day_or_instant), AfterValidator(_in_our_time)]
"""As people say it; `configuration.kit.days` makes an instant of it in the university's zone."""
Points = Annotated[
    Decimal,
    BeforeValidator(_no_truth),
    Field(ge=0, le=1_000_000, decimal_places=2),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1_000_000},
                {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,2})?$", "maxLength": 9},
            ]
        }
    ),
]
"""An exact number with two decimal places."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(_printable)]
"""A part of a person's name, perhaps empty."""
UserName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=64, pattern=r"^[\w.@+-]+$"),
    AfterValidator(_printable),
]
"""Letters, digits and `._@+-`."""
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"),
    AfterValidator(_printable),
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500), AfterValidator(_printable)
]
"""Why: read by the person concerned."""
Password = Annotated[SecretStr, Field(max_length=1000), AfterValidator(_storable)]
"""A password in any field; how strong a new one must be is said by the rule, not by the form."""
Secret = Annotated[SecretStr, Field(min_length=1, max_length=200)]
"""A token or a code."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Marks a field that clients must not set: `Annotated[Any, Refused("why")] = None`.

    The field is known, absent from the documents, and refused with the reason.
    """

    reason: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._refuse, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        raise PydanticOmit

    def _refuse(self, _: Any) -> Any:
        raise PydanticCustomError("not_yours_to_set", "{reason}", {"reason": self.reason})


FromTheToken = Annotated[Any, Refused("Who acts is said by the token, never by the body.")]
"""The type of a field that would name the acting person."""
