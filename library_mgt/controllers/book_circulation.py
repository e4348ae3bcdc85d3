"""The book's addresses about requests and issuances. Who acts and when comes from the token and the clock."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import Page, cut, set_next_link
from configuration.kit.security.actor import Actor
from library_mgt.dependencies import (
    After,
    DatabaseDep,
    KeyDep,
    LibrarianDep,
    LimitDep,
    Now,
    ReaderDep,
    Zone,
)
from library_mgt.models.data.loans import LoanView
from library_mgt.models.data.requests import RequestView
from library_mgt.models.request.circulation import (
    BookIssuanceCreate,
    BookRequestCreate,
    BookReturnCreate,
    RequestCreate,
)
from library_mgt.models.response.circulation import BookIssuanceRead, BookRequestRead
from library_mgt.services import circulation, requests

router = APIRouter(prefix="/book", tags=["the book's addresses"])


@router.post("/request", name="library:book_request", status_code=201, response_model=BookRequestRead)
async def request_book(
    wish: BookRequestCreate, db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Request a book for oneself."""
    return await act(
        db,
        key,
        requests.request_title,
        RequestCreate(book_id=wish.book_id, title_id=wish.title_id),
        zone=zone,
        about=f"book:{wish.book_id}" if wish.book_id else f"title:{wish.title_id}",
        by=reader,
        now=now,
        answer=BookRequestRead,
    )


@router.get("/request/list", name="library:book_requests", response_model=Page[BookRequestRead])
async def list_requests(
    request: Request, response: Response, db: DatabaseDep, reader: ReaderDep, after: After, limit: LimitDep
) -> dict[str, list[RequestView] | str | None]:
    """All requests for staff, one's own for everybody else."""
    if works_at_desk(reader):
        found = await db.read(requests.requests_waiting, state=None, after=after, limit=limit + 1)
    else:
        found = await db.read(requests.requests_of, reader, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("/issuance", name="library:book_issuance", status_code=201, response_model=BookIssuanceRead)
async def issue_book(
    issuance: BookIssuanceCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Approve a request, if that is still to do, and lend. A request is issued once."""
    return await act(
        db,
        key,
        circulation.issue_request,
        issuance.of_request,
        barcode=issuance.barcode,
        zone=zone,
        about=f"request:{issuance.of_request}",
        by=librarian,
        now=now,
        answer=BookIssuanceRead,
    )


@router.get("/issuance/list", name="library:book_issuances", response_model=Page[BookIssuanceRead])
async def list_issuances(
    request: Request, response: Response, db: DatabaseDep, reader: ReaderDep, after: After, limit: LimitDep
) -> dict[str, list[LoanView] | str | None]:
    """All loans for staff, one's own for everybody else."""
    if works_at_desk(reader):
        found = await db.read(circulation.loans_listed, state=None, after=after, limit=limit + 1)
    else:
        found = await db.read(circulation.loans_of, reader, state=None, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("/issuance/return", name="library:book_return", response_model=BookIssuanceRead)
async def return_book(
    returned: BookReturnCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Take a book back by its issuance. A second return is a conflict."""
    return await act(
        db,
        key,
        circulation.return_loan,
        returned.issue_id,
        zone=zone,
        about=f"loan:{returned.issue_id}",
        by=librarian,
        now=now,
        answer=BookIssuanceRead,
        status=200,
    )


def works_at_desk(actor: Actor) -> bool:
    """Whether the person sees all readers' affairs."""
    return actor.has(*requests.DESK)
