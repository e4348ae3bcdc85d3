"""Hours and closures as they go out."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from configuration.kit.bodies import Outbound

# Not of JSON Schema's format `time`, which has an offset from UTC: a wall clock has none.
WallClock = Annotated[time, WithJsonSchema({"type": "string", "description": "On the location's own clock."})]


class CalendarSummaryRead(Outbound):
    """A location; at version 0 no hours are configured, and it is always open."""

    location: str
    name: str
    zone: str | None = Field(description="The university's when null.")
    version: int


class WeekdayRead(Outbound):
    """The hours of one weekday; 0 is Monday."""

    weekday: int
    opens: WallClock
    closes: WallClock


class CalendarRead(CalendarSummaryRead):
    """A location with its weekly hours; a weekday that is missing is closed, unless the version is 0."""

    hours: list[WeekdayRead]


class DayRead(Outbound):
    """A day that differs from its weekday; without hours it is closed."""

    day: date
    opens: WallClock | None
    closes: WallClock | None
    reason: str
    closure_id: int | None


class ClosureRead(Outbound):
    """Days on which a location is, or was to be, closed."""

    id: int
    version: int
    location: str
    first_day: date
    last_day: date
    reason: str
    state: Literal["PLANNED", "APPLIED", "UNDONE"]
    planned_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None


class ShiftRead(Outbound):
    """A due date or a ready-until that a closure moves, or moved. Readers are not named."""

    loan_id: int | None
    request_id: int | None
    title: str | None
    barcode: str | None
    was: datetime
    becomes: datetime
    undone: Literal["restored", "kept"] | None = Field(
        description="What undoing did: moved it back, or kept it since it was changed meanwhile or has passed."
    )
