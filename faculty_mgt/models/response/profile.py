"""What the service tells of the people of the faculty."""

from pydantic import Field, computed_field

from configuration.kit.bodies import Outbound
from configuration.kit.features.people.answers import ProfileRead, SpellRead, SummaryRead
from faculty_mgt.domain.sections import TeachingRole


class TaughtRead(Outbound):
    """A section that somebody teaches now."""

    section_id: int
    course: str = Field(description="Code of the course.")
    title: str
    term: str
    code: str = Field(description="Code of the section.")
    role: TeachingRole


class FacultyRead(ProfileRead):
    """A record of somebody who works for the faculty."""

    appointments: list[SpellRead] = Field(validation_alias="spells")
    teaching: list[TaughtRead] = Field(description="What the person teaches now.")

    @computed_field(description="The book's name of the number.")  # type: ignore[prop-decorator]
    @property
    def faculty_id(self) -> int:
        """The same as `number`."""
        return self.number


class FacultySummaryRead(SummaryRead):
    """A line of the list of the people of the faculty."""

    @computed_field(description="The book's name of the number.")  # type: ignore[prop-decorator]
    @property
    def faculty_id(self) -> int:
        """The same as `number`."""
        return self.number
