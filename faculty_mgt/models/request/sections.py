"""Bodies about sections, their teaching lists and their rosters."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from configuration.kit.bodies import Body, DayOrInstant, GivenLine, Id, Whole
from faculty_mgt.domain.sections import State, TeachingRole
from faculty_mgt.models.request.courses import Code

Capacity = Annotated[Whole, Field(ge=0, le=100_000)]
MOST_STUDENTS = 5_000


class SectionCreate(Body):
    """A section of a course in a term; it shares the teaching space `space_id`, or gets one of its own."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"course_id": 1, "term_id": 1, "code": "A", "capacity": 30}]}
    )

    course_id: Id
    term_id: Id
    code: Code
    capacity: Capacity
    space_id: Id | None = None


class SectionChange(Body):
    """What changes of a section; what is left out stays."""

    state: State | None = None
    capacity: Capacity | None = None


class TeachingCreate(Body):
    """Who teaches a section, by their number; from now and without an end unless it says so."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"person": 2001, "role": "lead"}]})

    person: Id
    role: TeachingRole
    valid_from: DayOrInstant | None = None
    valid_until: DayOrInstant | None = None


class TeachingEnd(Body):
    """Until when; now unless it says so."""

    valid_until: DayOrInstant | None = None


class AttendeeIn(Body):
    """A student, by number."""

    student_number: Id
    display_name: GivenLine


class RosterSet(Body):
    """Everybody who attends a section; who is not named attends it no longer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"students": [{"student_number": 1001, "display_name": "Ada Reader"}]}]}
    )

    students: list[AttendeeIn] = Field(max_length=MOST_STUDENTS)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({one.student_number for one in self.students}) < len(self.students):
            raise PydanticCustomError("named_twice", "Each student is named once")
        return self
