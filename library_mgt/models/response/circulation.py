"""Requests, loans, returns and readers as they go out. Readers stand only in what the desk is told."""

from datetime import date, datetime
from typing import Any

from pydantic import AliasChoices, Field, model_validator

from configuration.kit.bodies import Outbound
from library_mgt.domain.states import CardState, LoanState, RequestState
from library_mgt.models.data.loans import LoanView
from library_mgt.models.response.title import CopyRead


class WaitRead(Outbound):
    """What a reader who waits may expect, by the due dates of the copies and the rules."""

    position: int = Field(
        description="The place in the queue, from 1; of an undecided request, if it were approved now."
    )
    copies: int = Field(description="How many copies serve the queue; with 0 there is nothing to wait for at present.")
    earliest: date | None
    latest: date | None = Field(description="Null where nobody knows: too many of the copies are overdue.")


class RequestRead(Outbound):
    """A request as its reader sees it. `position` counts those still waiting, from 1."""

    id: int
    version: int
    state: RequestState
    title_id: int | None
    number: int | None = Field(description="The librarians' number of the title, the book's book_id.")
    title: str | None
    part: str
    pickup_location: str
    not_needed_after: date | None
    suspended_until: date | None
    position: int | None
    ready_until: datetime | None
    requested_at: datetime
    decided_at: datetime | None
    reason: str | None
    behalf_by: str | None = Field(description="Who made it for the reader, at the desk.")
    behalf_reason: str | None
    loan_id: int | None
    wait: WaitRead | None = Field(default=None, description="Told where requests are read, of those that wait.")


class DeskRequestRead(RequestRead):
    """A request as staff see it, with the reader and the copy to be fetched."""

    patron_id: int | None
    person: str | None
    display_name: str | None
    copy_id: int | None
    barcode: str | None
    call_number: str | None
    copy_location: str | None
    decided_by: str | None


class LoanRead(Outbound):
    """A loan as its reader sees it."""

    id: int
    version: int
    state: LoanState
    copy_id: int | None
    barcode: str | None
    title_id: int | None
    number: int | None = Field(description="The librarians' number of the title, the book's book_id.")
    title: str | None
    part: str
    request_id: int | None
    loaned_at: datetime
    due_at: datetime
    original_due_at: datetime
    announced_at: datetime | None
    returned_at: datetime | None
    renewals: int


class DeskLoanRead(LoanRead):
    """A loan as staff see it."""

    patron_id: int | None
    person: str | None
    display_name: str | None
    overrides: dict[str, Any] | None


class BlockerRead(Outbound):
    """One reason against an act, and the role that may overrule it."""

    code: str
    detail: str
    pointer: str | None
    override: str | None


class PreviewRead(Outbound):
    """What a checkout would do; it may be done when there are no blockers."""

    patron_id: int
    person: str | None
    display_name: str | None
    title: str
    part: str
    barcode: str | None
    due_at: datetime | None = Field(description="Null where no open day is in sight; then a blocker says so.")
    request_id: int | None
    blockers: list[BlockerRead]


class HoldRead(Outbound):
    """The request a copy goes to, without saying whose."""

    id: int
    state: RequestState
    pickup_location: str
    pickup_name: str
    ready_until: datetime | None


class CheckInRead(Outbound):
    """What the desk does with a scanned copy."""

    outcome: str
    copy_: CopyRead = Field(validation_alias="copy", serialization_alias="copy")
    loan_id: int | None
    overdue: bool
    days_overdue: int = Field(description="Calendar days since the day it was due; 0 also for one late by hours.")
    announced: bool
    request: HoldRead | None


class CardRead(Outbound):
    """A reader's card."""

    number: str
    state: CardState
    since: datetime


class PatronSummaryRead(Outbound):
    """A reader in a list. Without an id it is somebody who never borrowed or requested yet."""

    id: int | None = None
    person: str | None
    display_name: str | None
    group: str = Field(validation_alias=AliasChoices("group_code", "group"))
    active: bool
    until: date | None
    blocked: bool = False
    block_reason: str | None = None
    live_loans: int = 0
    open_requests: int = 0


class PatronRead(Outbound):
    """A reader with hats and cards. `as_of` is when the home service last said how the reader stands."""

    id: int
    version: int
    persons: list[str]
    display_name: str | None
    group: str
    active: bool
    until: date | None
    as_of: datetime
    local: bool
    blocked: bool
    block_reason: str | None
    live_loans: int
    open_requests: int
    cards: list[CardRead]

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        """The record keeps the patron's own row apart."""
        if isinstance(value, dict):
            return value
        row = value.patron
        own = ("id", "version", "display_name", "active", "until", "as_of", "local", "blocked", "block_reason")
        return {
            **{name: getattr(row, name) for name in own},
            "group": row.group_code,
            "live_loans": row.live_loans,
            "open_requests": row.open_requests,
            "persons": list(value.persons),
            "cards": list(value.cards),
        }


class BookRequestRead(Outbound):
    """A request in the book's words; `status` says whether a librarian has let it in."""

    req_id: int
    book_id: int | None
    request_date: datetime
    status: bool
    state: RequestState

    @model_validator(mode="before")
    @classmethod
    def _in_the_words_of_the_book(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        return {
            "req_id": value.id,
            "book_id": value.number,
            "request_date": value.requested_at,
            "status": value.state not in ("PENDING_APPROVAL", "REJECTED"),
            "state": value.state,
        }


class BookIssuanceRead(Outbound):
    """A loan in the book's words."""

    issue_id: int
    req_id: int | None
    book_id: int | None
    barcode: str | None
    approved_date: datetime
    date_due: datetime
    returned_date: datetime | None
    state: LoanState

    @model_validator(mode="before")
    @classmethod
    def _in_the_words_of_the_book(cls, value: Any) -> Any:
        if not isinstance(value, LoanView):
            return value
        return {
            "issue_id": value.id,
            "req_id": value.request_id,
            "book_id": value.number,
            "barcode": value.barcode,
            "approved_date": value.loaned_at,
            "date_due": value.due_at,
            "returned_date": value.returned_at,
            "state": value.state,
        }


class Message(Outbound):
    """The book's short answer."""

    message: str


class SuggestionRead(Outbound):
    """A title whose next reader would wait too long."""

    title_id: int
    number: int | None
    title: str
    part: str
    waiting: int = Field(description="How many wait already.")
    wait: WaitRead = Field(description="What whoever requested it now might expect.")
    copies_needed: int = Field(description="How many more copies would bring the wait below the limit.")


class ReasonRead(Outbound):
    """One thing that made a loan or request what it is: a word for programs, a sentence, the facts in it, and when."""

    code: str
    text: str
    facts: dict[str, Any]
    at: datetime | None
