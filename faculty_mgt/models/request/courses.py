"""Bodies about courses and terms."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from configuration.kit.bodies import Body, Day, GivenLine, Id, Points

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]


class CourseCreate(Body):
    """A course of the catalogue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "CS-101", "title": "Logic", "credits": 6}]})

    code: Code
    title: GivenLine
    credits: Points
    department_id: Id | None = None
    external_id: GivenLine | None = None


class TermCreate(Body):
    """A term. Days that are left out are its last day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "2026-1", "name": "Spring 2026", "starts_on": "2026-02-02", "ends_on": "2026-06-26"}]
        }
    )

    code: Code
    name: GivenLine
    starts_on: Day
    ends_on: Day
    add_by: Day | None = None
    drop_by: Day | None = None
    withdraw_by: Day | None = None
    grades_due: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        last = self.withdraw_by or self.ends_on
        inside = all(day is None or day <= last for day in (self.add_by, self.drop_by))
        if not (self.starts_on <= last <= self.ends_on and inside and self.starts_on <= (self.grades_due or last)):
            raise PydanticCustomError(
                "dates_out_of_order", "In order: starts_on, add_by and drop_by, withdraw_by, ends_on"
            )
        return self
