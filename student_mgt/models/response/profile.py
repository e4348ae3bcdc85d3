"""What the service tells of students."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field, computed_field

from configuration.kit.bodies import Outbound
from configuration.kit.features.people.answers import ProfileRead, SpellRead, SummaryRead


class StudyRead(SpellRead):
    """A study."""

    programme: str | None
    load: Literal["full", "part"]
    status: Literal["active", "leave", "completed", "withdrawn", "dismissed"]


class StudentRead(ProfileRead):
    """A student's record."""

    studies: list[StudyRead] = Field(validation_alias="spells")
    standing: Literal["good", "probation", "suspended"] | None
    earned_credits: Decimal | None
    credits_as_of: datetime | None
    level: str | None = Field(description="Follows from the credits earned; null for who is no student.")

    @computed_field(description="The book's name of the number.")  # type: ignore[prop-decorator]
    @property
    def stud_id(self) -> int:
        """The same as `number`."""
        return self.number


class StudentSummaryRead(SummaryRead):
    """A line of the list of students."""

    @computed_field(description="The book's name of the number.")  # type: ignore[prop-decorator]
    @property
    def stud_id(self) -> int:
        """The same as `number`."""
        return self.number


class LevelRuleRead(Outbound):
    """From how many credits on a student is of a level."""

    id: int
    level: str
    programme: str | None = Field(description="Null where it holds for every programme without rules of its own.")
    credits_from: Decimal
