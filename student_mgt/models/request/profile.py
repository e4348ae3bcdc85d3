"""Bodies about students: the book's, and the registrar's."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from configuration.kit.bodies import Body, GivenLine, Id, Points, Reason, Refused
from configuration.kit.features.people.requests import Addition, Beginning, Change, Ending

Level = Annotated[Any, Refused("A level is never set: it follows from the credits earned.")]
Credits = Annotated[Points, Field(le=1000)]


class StudentAddition(Addition):
    """A student's profile, stated for the first time. `stud_id` is the registrar's number; without it, one's own."""

    number: Id | None = Field(default=None, validation_alias=AliasChoices("stud_id", "number"))
    status: Level = None


class StudentChange(Change):
    """What changes of a student's profile."""

    status: Level = None


class StudyBeginning(Beginning):
    """A study that begins."""

    kind: Literal["degree", "visiting", "exchange", "non_degree"] = "degree"
    load: Literal["full", "part"] = "full"
    programme: GivenLine | None = None
    status: Level = None

    def own(self) -> dict[str, Any]:
        """A study begins active."""
        return {"kind": self.kind, "load": self.load, "programme": self.programme, "status": "active"}


class StudyEnding(Ending):
    """How and when a study ends. An end that lies ahead is only noted; how it ended is told when it has."""

    status: Literal["completed", "withdrawn", "dismissed"] = "completed"


class CreditsBody(Body):
    """The credits a student has earned in all."""

    credits: Credits
    reason: Reason


class LevelRuleBody(Body):
    """From how many credits on students are of a level: those of one programme, or of all that have no rules."""

    level: GivenLine
    programme: GivenLine | None = None
    credits_from: Credits
