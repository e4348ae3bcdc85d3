"""Bodies about people of the faculty: the book's, and the dean's."""

from typing import Any, Literal

from pydantic import AliasChoices, Field

from configuration.kit.bodies import Id
from configuration.kit.features.people.requests import Addition, Beginning


class FacultyAddition(Addition):
    """A lecturer's profile, stated for the first time. `faculty_id` is the dean's number; without it, one's own."""

    number: Id | None = Field(default=None, validation_alias=AliasChoices("faculty_id", "number"))


class AppointmentBeginning(Beginning):
    """An appointment that begins."""

    kind: Literal["lecturer", "assistant", "visiting", "administration"] = "lecturer"

    def own(self) -> dict[str, Any]:
        """As what somebody is appointed."""
        return {"kind": self.kind}
