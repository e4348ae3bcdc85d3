"""Bodies about assignments and overrides."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AliasChoices, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from configuration.kit.bodies import Body, DayOrInstant, GivenLine, Id, LongText, Points, Reason, Refused, Whole
from faculty_mgt.models.request.courses import Code

YEAR = 366 * 86_400
MIB = 1024 * 1024
Seconds = Annotated[Whole, Field(ge=0, le=YEAR)]
Interval = Annotated[Whole, Field(ge=1, le=YEAR)]
BasisPoints = Annotated[Whole, Field(ge=0, le=10_000, description="A hundredth of a percent of the points.")]
Attempts = Annotated[Whole, Field(ge=1, le=1000)]
Maximum = Annotated[Points, Field(gt=0)]
FileBytes = Annotated[Whole, Field(ge=1, le=200 * MIB)]
FileCount = Annotated[Whole, Field(ge=0, le=50)]
MediaType = Annotated[str, Field(max_length=100, pattern=r"^[a-z]+/(\*|[a-z0-9.+-]+)$")]
FileTypes = Annotated[
    list[MediaType], Field(max_length=50, description="Such as application/pdf or image/*; empty: any.")
]
ByTheClock = Annotated[Any, Refused("When work comes in is said by the university's clock.")]
ByMarking = Annotated[Any, Refused("A mark is given to a student's work, not to the assignment.")]
OfTheStudent = Annotated[Any, Refused("A workbin belongs to a student's work, not to the assignment.")]


class AssignmentCreate(Body):
    """A new assignment, a draft at first. Days end at midnight, or begin then where they say from when."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Exercise 1", "points": 100, "due_at": "2026-03-20", "late_rate_bp": 1000}]
        }
    )

    number: Id | None = Field(default=None, description="The lecturer's own number, the book's assgn_id.")
    title: GivenLine
    body: LongText = ""
    points: Maximum
    opens_at: DayOrInstant | None = Field(default=None, description="Now, when left out.")
    due_at: DayOrInstant
    locks_at: DayOrInstant | None = Field(default=None, description="After it no work is taken; the end of the grace.")
    grace_seconds: Seconds = 0
    late_interval_seconds: Interval = 86_400
    late_rate_bp: BasisPoints = 0
    late_floor_bp: BasisPoints = 0
    attempts: Attempts = 1
    file_types: FileTypes = Field(default_factory=list)
    max_file_bytes: FileBytes = 25 * MIB
    max_files: FileCount = 5


class AssignmentChange(Body):
    """What changes of an assignment; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"due_at": "2026-03-27", "locks_at": "2026-04-03"}]})

    number: Id | None = None
    title: GivenLine | None = None
    body: LongText | None = None
    points: Maximum | None = None
    opens_at: DayOrInstant | None = None
    due_at: DayOrInstant | None = None
    locks_at: DayOrInstant | None = None
    grace_seconds: Seconds | None = None
    late_interval_seconds: Interval | None = None
    late_rate_bp: BasisPoints | None = None
    late_floor_bp: BasisPoints | None = None
    attempts: Attempts | None = None
    file_types: FileTypes | None = None
    max_file_bytes: FileBytes | None = None
    max_files: FileCount | None = None


class OverrideCreate(Body):
    """What is granted to one student, and why. The most generous of all that was granted holds."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"student_number": 1001, "due_at": "2026-03-27", "reason": "Was ill."}]}
    )

    student_number: Id
    due_at: DayOrInstant | None = None
    locks_at: DayOrInstant | None = None
    attempts: Attempts | None = None
    reason: Reason

    @model_validator(mode="after")
    def _grants_something(self) -> Self:
        if self.due_at is None and self.locks_at is None and self.attempts is None:
            raise PydanticCustomError("one_of", "Grant at least one of due_at, locks_at and attempts")
        return self


class BookAssignmentCreate(Body):
    """The book's assignment: published at once, in the space where the lecturer teaches the course."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"assgn_id": 1, "title": "Exercise 1", "date_due": "2026-03-20", "course": "CS-101"}]
        }
    )

    number: Id = Field(validation_alias=AliasChoices("assgn_id", "number"))
    title: GivenLine
    due_at: DayOrInstant = Field(validation_alias=AliasChoices("date_due", "due_at"))
    course: Code
    space_id: Id | None = Field(default=None, description="Which, where the course is taught in several spaces.")
    points: Maximum = Decimal(100)
    date_completed: ByTheClock = None
    rating: ByMarking = None
    bin_id: OfTheStudent = None
