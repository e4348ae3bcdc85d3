"""Books for students, through the library: its answers and refusals reach the student as they are."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from configuration.kit.dependencies import PathId
from configuration.kit.envoy import EnvoyDep, OwnPersonDep
from configuration.kit.features.idempotency import KeyDep, onward
from configuration.kit.pagination import ListingDep, Page
from student_mgt.clients import books
from student_mgt.models.request.book import Reservation
from student_mgt.models.response.book import BookLoanRead, BookRead, BookRequestRead

router = APIRouter(tags=["books"])
Words = Annotated[str | None, Query(max_length=200, description="Words to find books by.")]
State = Annotated[Literal["live", "overdue", "RETURNED"] | None, Query(description="`live`, unless said otherwise.")]


@router.get("/access/book", name="book:find", response_model=Page[BookRead])
@router.get("/books", name="book:find", response_model=Page[BookRead])
async def find_books(listing: ListingDep, reader: OwnPersonDep, envoy: EnvoyDep, q: Words = None) -> Page[BookRead]:
    """The books of the library, page by page."""
    return listing.passed_on(await books.find(envoy, q, by=reader, limit=listing.limit, cursor=listing.cursor))


@router.post("/reserve/book", name="book:reserve", status_code=201, response_model=BookRequestRead)
@router.post("/books/requests", name="book:reserve", status_code=201, response_model=BookRequestRead)
async def reserve_book(
    wish: Reservation, response: Response, reader: OwnPersonDep, envoy: EnvoyDep, key: KeyDep
) -> BookRequestRead:
    """Request a book for oneself. A librarian decides."""
    return (await books.request(envoy, wish, by=reader, key=onward(key))).told_to(response)


@router.get("/books/requests", name="book:requests", response_model=Page[BookRequestRead])
async def own_requests(listing: ListingDep, reader: OwnPersonDep, envoy: EnvoyDep) -> Page[BookRequestRead]:
    """One's own requests, in the order they were made."""
    return listing.passed_on(await books.requests(envoy, by=reader, limit=listing.limit, cursor=listing.cursor))


@router.get("/books/loans", name="book:loans", response_model=Page[BookLoanRead])
async def own_loans(
    listing: ListingDep, reader: OwnPersonDep, envoy: EnvoyDep, state: State = None
) -> Page[BookLoanRead]:
    """One's own loans, with their due dates."""
    return listing.passed_on(await books.loans(envoy, state, by=reader, limit=listing.limit, cursor=listing.cursor))


@router.post("/books/loans/{loan_id}/renew", name="book:renew", response_model=BookLoanRead)
async def renew_loan(
    loan_id: PathId, response: Response, reader: OwnPersonDep, envoy: EnvoyDep, key: KeyDep
) -> BookLoanRead:
    """Keep a book longer, where the library's rule allows it and nobody else waits."""
    return (await books.renew(envoy, loan_id, by=reader, key=onward(key))).told_to(response)


@router.post("/books/loans/{loan_id}/announce-return", name="book:announce_return", response_model=BookLoanRead)
async def announce_return(
    loan_id: PathId, response: Response, reader: OwnPersonDep, envoy: EnvoyDep, key: KeyDep
) -> BookLoanRead:
    """Say that one is bringing it back. Only a scan at the library's desk closes the loan."""
    return (await books.announce_return(envoy, loan_id, by=reader, key=onward(key))).told_to(response)
