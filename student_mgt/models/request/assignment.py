"""Bodies about handing in: which assignment and what; everything else is said by the assignment and the clock."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from configuration.kit.bodies import Body, Id, LongText, Refused

OfTheAssignment = Annotated[Any, Refused("This is said by the assignment, not by what is handed in.")]
ByTheClock = Annotated[Any, Refused("When work comes in is said by the university's clock.")]
ByMarking = Annotated[Any, Refused("A mark is given by those who teach, when they have read the work.")]


class Work(Body):
    """Work without files; with files it is sent as a form with the same fields, and its files as `files`."""

    text: LongText = ""


class AssignmentSubmit(Work):
    """The book's submission: an assignment by its number, and the work."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"assgn_id": 1, "text": "The answer is 42."}]})

    assgn_id: Id
    bin_id: Id | None = Field(default=None, description="One's own workbin; it is only checked.")
    title: OfTheAssignment = None
    course: OfTheAssignment = None
    date_due: OfTheAssignment = None
    date_completed: ByTheClock = None
    rating: ByMarking = None
