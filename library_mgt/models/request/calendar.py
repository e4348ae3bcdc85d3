"""Bodies about hours and closures."""

from datetime import date, time
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from library_mgt.models.request.fields import Code, GivenLine, Inbound, Whole, example

LONGEST_CLOSURE = 366
"""Days."""


class Opening(Inbound):
    """From when until when, on the wall clock of the location; hours do not reach over midnight."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _in_order(self) -> "Opening":
        if self.closes <= self.opens:
            raise PydanticCustomError("closes_first", "It has to close after it opens")
        if self.opens.tzinfo or self.closes.tzinfo:
            raise PydanticCustomError("zone_given", "A time of the location's own clock has no zone")
        return self


class WeekdayHours(Opening):
    """The hours of one weekday."""

    weekday: Annotated[Whole, Field(ge=0, le=6, description="0 is Monday.")]


class WeekPut(Inbound):
    """Weekly hours; a weekday that is left out is closed."""

    model_config = example(hours=[{"weekday": 0, "opens": "09:00", "closes": "18:00"}])

    hours: list[WeekdayHours] = Field(min_length=1, max_length=7)

    @model_validator(mode="after")
    def _each_once(self) -> "WeekPut":
        if len({one.weekday for one in self.hours}) < len(self.hours):
            raise PydanticCustomError("weekday_twice", "Each weekday has its hours once")
        return self


class DayPut(Opening):
    """Other hours on one day."""

    model_config = example(opens="10:00", closes="14:00", reason="Exams")

    reason: GivenLine


class ClosureCreate(Inbound):
    """Days on which a location is to be closed."""

    model_config = example(location="main", first_day="2026-12-24", last_day="2027-01-01", reason="Winter break")

    location: Code
    first_day: date
    last_day: date
    reason: GivenLine

    @model_validator(mode="before")
    @classmethod
    def _one_day(cls, given: Any) -> Any:
        """A closure of one day names it once."""
        if isinstance(given, dict) and given.get("last_day") is None and "first_day" in given:
            return {**given, "last_day": given["first_day"]}
        return given

    @model_validator(mode="after")
    def _in_order(self) -> "ClosureCreate":
        if not 0 <= (self.last_day - self.first_day).days < LONGEST_CLOSURE:
            raise PydanticCustomError("closure_days", "It ends on or after its first day, within 366 days")
        return self
