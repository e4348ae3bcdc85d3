"""What a desk sends by the heap: barcodes that came back, and lines of an offline journal."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from library_mgt.domain.journal import LONGEST_LINE
from library_mgt.models.request.fields import Barcode, Code, Inbound, Reason, example

MOST_RETURNS = 500
MOST_LINES = 1000


def _with_zone(value: object) -> object:
    """A bare number would be read as seconds since 1970, and a time without a zone is nobody's."""
    if not isinstance(value, str | datetime):
        raise PydanticCustomError("datetime_type", "An instant such as 2026-03-02T18:00:00+01:00 is needed")
    return value


Attested = Annotated[datetime, BeforeValidator(_with_zone), Field(json_schema_extra={"format": "date-time"})]


class BatchReturn(Inbound):
    """Copies that came back together. From the book drop they count as of its last closing, or of `returned_at`."""

    model_config = example(barcodes=["C000000018", "C000000026"], location="main", book_drop=True)

    barcodes: list[Barcode] = Field(min_length=1, max_length=MOST_RETURNS)
    location: Code = "main"
    book_drop: bool = False
    returned_at: Attested | None = Field(default=None, description="When they were back, as the desk attests.")

    @model_validator(mode="after")
    def _only_from_the_drop(self) -> Self:
        if self.returned_at is not None and not self.book_drop:
            raise PydanticCustomError("together", "Only what comes from the book drop came back before its scan")
        if self.returned_at is not None and self.returned_at.tzinfo is None:
            raise PydanticCustomError("timezone_aware", "returned_at needs a zone")
        return self


class Journal(Inbound):
    """Lines of an offline journal, each `time;action;card;barcode`."""

    model_config = example(lines=["2026-03-02T10:30:00+01:00;return;;C000000018"], location="main")

    lines: list[Annotated[str, Field(max_length=LONGEST_LINE)]] = Field(min_length=1, max_length=MOST_LINES)
    location: Code = "main"


class Settlement(Inbound):
    """What was done about a conflict, in a word that names no reader."""

    model_config = example(word="lent again at the desk")

    word: Reason
