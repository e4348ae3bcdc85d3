"""Bodies about marks."""

from typing import Self

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from configuration.kit.bodies import Body, LongText, Points


class MarkCreate(Body):
    """A mark for an attempt: points before anything is taken off for lateness, or excused."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"raw": "80.00", "comment": "Well argued."}]})

    raw: Points | None = None
    excused: bool = False
    comment: LongText = ""

    @model_validator(mode="after")
    def _points_or_excused(self) -> Self:
        if (self.raw is None) != self.excused:
            raise PydanticCustomError("one_of", "Give either raw points, or excused")
        return self


class MarkWithoutWork(Body):
    """Of somebody who handed nothing in: the work is missing, which is zero points, or excused."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"missing": True}]})

    missing: bool = False
    excused: bool = False
    comment: LongText = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.missing == self.excused:
            raise PydanticCustomError("one_of", "Say either missing, or excused")
        return self
