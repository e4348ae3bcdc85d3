"""What became of each line of a heap: of copies that came back, of an offline journal."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from configuration.kit.bodies import Outbound
from library_mgt.domain.journal import Action
from library_mgt.models.response.circulation import CheckInRead


class ProblemLine(Outbound):
    """Why a line was not done."""

    code: str
    detail: str


class ReturnLine(Outbound):
    """One scanned barcode. A line was done when it has a `check_in`; the others stand nobody in the way."""

    place: int = Field(description="Its place among the barcodes, from 1.")
    barcode: str
    outcome: str = Field(description="An outcome of a check-in, SCANNED_TWICE, or the code of the problem.")
    check_in: CheckInRead | None = None
    problem: ProblemLine | None = None


class BatchRead(Outbound):
    """What became of a batch, line by line."""

    returned_at: datetime | None = Field(description="When the copies count as back; null: each when it was scanned.")
    taken_back: int = Field(description="How many lines are back or lie where they belong.")
    problems: int
    lines: list[ReturnLine]


class JournalLineRead(Outbound):
    """What became of a line of the journal; `line` counts from 1 in what was sent."""

    line: int
    became: Literal["done", "done before", "settled before", "conflict", "refused"]
    outcome: str = Field(description="LENT, RENEWED, an outcome of a check-in, or the code of what stands in the way.")
    detail: str | None


class JournalRead(Outbound):
    """What became of a journal."""

    done: int
    done_before: int
    conflicts: int
    refused: int
    lines: list[JournalLineRead]


class ConflictRead(Outbound):
    """A line of a journal that a person has to settle, or has settled; then its reader is forgotten here."""

    id: int
    version: int
    at: datetime
    action: Action
    card: str | None
    barcode: str
    title: str | None
    location: str
    state: Literal["DONE", "CONFLICT", "SETTLED"]
    outcome: str
    detail: str | None
    recorded_at: datetime
    recorded_by: str
    settled_at: datetime | None
    settled_by: str | None
    word: str | None
