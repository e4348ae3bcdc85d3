"""Bodies about handing in."""

from typing import Annotated, Any

from pydantic import AliasChoices, ConfigDict, Field

from configuration.kit.bodies import Body, DayOrInstant, Id, LongText, Reason, Refused

OfTheAssignment = Annotated[Any, Refused("This is said by the assignment, not by what is handed in.")]
ByTheClock = Annotated[Any, Refused("When work comes in is said by the university's clock.")]
ByMarking = Annotated[Any, Refused("A mark is given by those who teach, when they have read the work.")]


class SubmissionCreate(Body):
    """Work without files; with files it is sent as a form with the same fields, and its files as `files`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The answer is 42, because ..."}]})

    text: LongText = ""


class OnBehalfCreate(SubmissionCreate):
    """Work that came another way: whose it is, when it came, and why it is handed in for them; they see all of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "student_number": 1001,
                    "attested_at": "2026-03-10T16:20:00Z",
                    "reason": "Came by e-mail while the upload was down.",
                    "text": "The answer is 42.",
                }
            ]
        }
    )

    student_number: Id
    attested_at: DayOrInstant
    reason: Reason


class BookSubmission(Body):
    """The book's submission: which assignment, by its number, and the work. A lecturer names the student's workbin."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"assgn_id": 1, "text": "The answer is 42."}]})

    number: Id = Field(validation_alias=AliasChoices("assgn_id", "number"))
    bin_id: Id | None = Field(default=None, description="One's own workbin; a lecturer says by it whose work this is.")
    text: LongText = ""
    reason: Reason | None = Field(default=None, description="Why a lecturer hands in for the student.")
    title: OfTheAssignment = None
    course: OfTheAssignment = None
    date_due: OfTheAssignment = None
    date_completed: ByTheClock = None
    rating: ByMarking = None


class WorkbinCreate(Body):
    """The other person of the two; one's own number may be left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"stud_id": 1001}]})

    student: Id | None = Field(default=None, validation_alias=AliasChoices("stud_id", "student_number"))
    lecturer: Id | None = Field(default=None, validation_alias=AliasChoices("faculty_id", "lecturer_number"))
