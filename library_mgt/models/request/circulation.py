"""Bodies about requests, loans, returns and readers."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from library_mgt.models.request.fields import (
    Barcode,
    Code,
    GivenLine,
    Id,
    Inbound,
    Line,
    NotYours,
    Number,
    Reason,
    example,
)

PatronText = Annotated[
    GivenLine, Field(max_length=100, description="A person reference (student:1001), the number alone, or a card.")
]


def _named_once(title_id: int | None, book_id: int | None) -> None:
    if (title_id is None) == (book_id is None):
        raise PydanticCustomError("one_of", "Name the title by title_id or by book_id")


class RequestCreate(Inbound):
    """A wish for a title; `patron` with `behalf_reason` makes it for somebody else, at the desk."""

    model_config = example(title_id=1, pickup_location="main")

    title_id: Id | None = None
    book_id: Number | None = Field(default=None, description="The librarians' number, instead of title_id.")
    part: Annotated[Line, Field(max_length=100)] = ""
    barcode: Barcode | None = Field(default=None, description="Only this copy will do.")
    pickup_location: Code = "main"
    not_needed_after: date | None = None
    patron: PatronText | None = None
    behalf_reason: Reason | None = None

    @model_validator(mode="after")
    def _one_title(self) -> Self:
        _named_once(self.title_id, self.book_id)
        if (self.patron is None) != (self.behalf_reason is None):
            raise PydanticCustomError("together", "A request for somebody else needs patron and behalf_reason")
        return self


class HistoryChoice(Inbound):
    """Whether one's loans and requests are to be remembered after they have ended."""

    model_config = example(kept=True)

    kept: bool


class Decision(Inbound):
    """Why: shown to the reader."""

    model_config = example(reason="The copy is being bound.")

    reason: Reason


class Shelving(Inbound):
    """The copy that goes onto the hold shelf."""

    barcode: Barcode


class Override(Inbound):
    """Blockers that a librarian overrules, and why."""

    codes: list[Annotated[str, Field(pattern=r"^[A-Z][A-Z_]{2,59}$")]] = Field(min_length=1, max_length=20)
    reason: Reason


class LoanPreview(Inbound):
    """Whom, and which copy."""

    patron: PatronText
    barcode: Barcode


class LoanCreate(LoanPreview):
    """Lend the copy to the reader. `request` says which request this fulfils, where the desk wants to be sure."""

    model_config = example(patron="student:1001", barcode="C000000018")

    request: Id | None = None
    override: Override | None = None


class Renewal(Inbound):
    """A renewal; a body is needed only to overrule."""

    override: Override | None = None


class ReturnCreate(Inbound):
    """A copy came back over the desk of a location."""

    model_config = example(barcode="C000000018", location="main")

    barcode: Barcode
    location: Code = "main"


class PatronCreate(Inbound):
    """A local reader, who belongs to no other service: `library:` and a number."""

    model_config = example(number="90001", display_name="A. Guest", group="guest", until="2030-12-31")

    number: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$", max_length=18)]
    display_name: GivenLine
    group: Code = "guest"
    until: date = Field(description="Last day of the membership.")
    guarantor: Line | None = None
    card: Barcode | None = None


class PatronChange(Inbound):
    """Block a reader with a reason, or lift the block."""

    blocked: bool
    reason: Reason


class CardCreate(Inbound):
    """A card for a reader."""

    number: Barcode


class CardChange(Inbound):
    """What became of a card."""

    state: Literal["active", "lost", "replaced"]


class BookRequestCreate(Inbound):
    """The book's request: only which book, by the librarians' number or by `title_id`, for not every title has one."""

    book_id: Number | None = None
    title_id: Id | None = None
    request_date: NotYours = None
    status: NotYours = None
    req_id: NotYours = None
    requested_by: NotYours = None

    @model_validator(mode="after")
    def _one_title(self) -> Self:
        _named_once(self.title_id, self.book_id)
        return self


class BookIssuanceCreate(Inbound):
    """The book's issuance: which request, and perhaps which copy."""

    req_id: Id | None = None
    request_id: Id | None = Field(default=None, description="The same as req_id.")
    barcode: Barcode | None = Field(default=None, description="The copy handed over; else the library picks one.")
    approved_by: NotYours = None
    approved_date: NotYours = None
    date_due: NotYours = None
    issue_id: NotYours = None

    @model_validator(mode="after")
    def _one_request(self) -> Self:
        if (self.req_id is None) == (self.request_id is None):
            raise PydanticCustomError("one_of", "Name the request by req_id or by request_id")
        return self

    @property
    def of_request(self) -> int:
        """The request's id, by whichever name it came."""
        found = self.req_id if self.req_id is not None else self.request_id
        assert found is not None
        return found


class BookReturnCreate(Inbound):
    """The book's return: which loan."""

    issue_id: Id
    returned_date: NotYours = None
