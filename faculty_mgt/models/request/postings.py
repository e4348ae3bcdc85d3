"""Bodies about materials and announcements."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from configuration.kit.bodies import Body, DayOrInstant, GivenLine, Line, LongText, Whole

Url = Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]
Position = Annotated[Whole, Field(ge=0, le=1_000_000, description="Smaller ones come first.")]


class MaterialCreate(Body):
    """A text to read, or a link to follow."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "link", "title": "Lecture notes", "url": "https://example.org/notes.html"}]
        }
    )

    kind: Literal["text", "link"]
    title: GivenLine
    body: LongText = ""
    url: Url | None = None
    position: Position = 0
    visible_from: DayOrInstant | None = Field(default=None, description="Now, when left out.")

    @model_validator(mode="after")
    def _as_its_kind(self) -> Self:
        if (self.kind == "link") != (self.url is not None):
            raise PydanticCustomError("together", "A link has a url, and a text has none")
        return self


class MaterialFileCreate(Body):
    """A file to fetch, sent as a form: the file itself as `files`, and what it is called."""

    title: Annotated[Line, Field(description="The file's name, when left out.")] = ""
    body: LongText = ""
    visible_from: DayOrInstant | None = Field(default=None, description="Now, when left out.")


class MaterialChange(Body):
    """What changes of a material; what is left out stays. Text stays text, and a link a link."""

    title: GivenLine | None = None
    body: LongText | None = None
    url: Url | None = None
    position: Position | None = None
    visible_from: DayOrInstant | None = None


class AnnouncementCreate(Body):
    """Something to say to everybody of a teaching space."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "No class on Friday", "body": "We meet again on Monday."}]}
    )

    title: GivenLine
    body: LongText
    publish_at: DayOrInstant | None = Field(default=None, description="Now, when left out.")


class AnnouncementChange(Body):
    """What changes of an announcement; what is left out stays."""

    title: GivenLine | None = None
    body: LongText | None = None
    publish_at: DayOrInstant | None = None
