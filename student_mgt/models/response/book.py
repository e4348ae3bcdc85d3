"""What the library says of books, requests and loans, as far as students are told, in the book's words."""

from datetime import datetime

from pydantic import Field

from configuration.kit.envoy import Told


class BookRead(Told):
    """A book in a list. `available` counts copies on the shelf; `book_id` is the librarians' number."""

    book_id: int | None
    title_id: int
    title: str
    author: str | None
    classification: str | None
    year_published: int | None
    edition: str | None
    copies: int
    available: int


class BookRequestRead(Told):
    """One's own request. `position` counts those still waiting, from 1; a ready copy is kept until `ready_until`."""

    req_id: int = Field(validation_alias="id")
    title_id: int | None
    book_id: int | None = Field(validation_alias="number")
    title: str | None
    state: str
    request_date: datetime = Field(validation_alias="requested_at")
    position: int | None
    pickup_location: str
    ready_until: datetime | None
    reason: str | None = Field(description="Why it was declined.")


class BookLoanRead(Told):
    """One's own loan. Only a scan at the library's desk gives it a `returned_date`."""

    issue_id: int = Field(validation_alias="id")
    title_id: int | None
    book_id: int | None = Field(validation_alias="number")
    title: str | None
    state: str
    date_due: datetime = Field(validation_alias="due_at")
    announced_at: datetime | None
    returned_date: datetime | None = Field(validation_alias="returned_at")
    renewals: int
