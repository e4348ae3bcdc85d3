"""Loans and returns over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import Page, cut, set_next_link
from configuration.kit.versions import etag
from configuration.kit.web.dependencies import PagesDep
from library_mgt.clients.standing import Standing
from library_mgt.controllers.acts import keep_standings, keeping, standings_of, with_standing
from library_mgt.controllers.reasons import spelled
from library_mgt.dependencies import (
    After,
    DatabaseDep,
    DeskDep,
    HomesDep,
    Id,
    KeyDep,
    LimitDep,
    Now,
    ReaderDep,
    Zone,
)
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import LoanCreate, LoanPreview, Renewal, ReturnCreate
from library_mgt.models.response.circulation import CheckInRead, DeskLoanRead, LoanRead, PreviewRead, ReasonRead
from library_mgt.services import circulation, explaining, renewals, returns

router = APIRouter(tags=["loans"])
State = Literal["live", "overdue", "ON_LOAN", "CLAIMED_RETURNED", "LOST", "RETURNED", "SETTLED"]
StateText = Annotated[State | None, Query(description="`live` means that the copy is out.")]


@router.post("/loans", name="library:check_out", status_code=201, response_model=DeskLoanRead)
async def check_out(
    loan: LoanCreate, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep, homes: HomesDep
) -> Answer:
    """Lend a copy to a reader."""

    async def attempt(told: Sequence[Standing] = ()) -> Answer:
        return await act(
            db,
            key,
            keeping(told, circulation.check_out),
            loan,
            zone=zone,
            about=f"copy:{loan.barcode}",
            by=desk,
            now=now,
            answer=DeskLoanRead,
            etag=etag,
        )

    return await with_standing(homes, loan.patron, attempt)


@router.post("/loans/preview", name="library:preview", response_model=PreviewRead)
async def preview(
    loan: LoanPreview, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, homes: HomesDep
) -> circulation.Preview:
    """Say what a checkout would do and everything that stands against it, without doing it."""

    async def attempt(told: Sequence[Standing] = ()) -> circulation.Preview:
        await keep_standings(db, told, by=desk, now=now)
        return await db.read(circulation.preview, loan, by=desk, now=now, zone=zone)

    seen = await with_standing(homes, loan.patron, attempt)
    if any(blocker.code == "PATRON_STANDING_UNAVAILABLE" for blocker in seen.blockers):
        seen = await attempt(await standings_of(homes, loan.patron))
    return seen


@router.get("/loans", name="library:loans", response_model=Page[DeskLoanRead])
async def loans_listed(
    request: Request,
    response: Response,
    db: DatabaseDep,
    _desk: DeskDep,
    now: Now,
    after: After,
    limit: LimitDep,
    state: StateText = "live",
    patron_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> dict[str, list[LoanView] | str | None]:
    """All readers' loans in the order they were made."""
    found = await db.read(
        circulation.loans_listed, state=state, patron_id=patron_id, after=after, limit=limit + 1, now=now
    )
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.get("/loans/mine", name="library:my_loans", response_model=Page[LoanRead])
async def my_loans(
    request: Request,
    response: Response,
    db: DatabaseDep,
    reader: ReaderDep,
    now: Now,
    after: After,
    limit: LimitDep,
    state: StateText = "live",
) -> dict[str, list[LoanView] | str | None]:
    """One's own loans in the order they were made, with their due dates."""
    found = await db.read(circulation.loans_of, reader, state=state, after=after, limit=limit + 1, now=now)
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.get("/loans/{loan_id}", name="library:loan", response_model=LoanRead)
async def loan_for(loan_id: Id, response: Response, db: DatabaseDep, reader: ReaderDep) -> LoanView:
    """One loan: one's own, or anybody's at the desk."""
    found = await db.read(returns.loan_for, loan_id, reader)
    response.headers["ETag"] = etag(found)
    return found


@router.get("/loans/{loan_id}/explain", name="library:explain_loan", response_model=Page[ReasonRead])
async def explain_loan(loan_id: Id, db: DatabaseDep, pages: PagesDep, reader: ReaderDep, zone: Zone) -> dict[str, Any]:
    """Why a loan is where it is and due when it is due, in sentences and facts: one's own, or anybody's at the desk."""
    found = await db.read(explaining.explain_loan, loan_id, reader, zone=zone)
    return {"items": spelled(found, pages.speech()), "next": None}


@router.post("/loans/{loan_id}/renew", name="library:renew", response_model=LoanRead)
async def renew(
    loan_id: Id, db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone, key: KeyDep, renewal: Renewal | None = None
) -> Answer:
    """Renew one's own loan; at the desk anybody's, where a librarian may overrule with a reason."""
    return await act(
        db,
        key,
        renewals.renew,
        loan_id,
        renewal.override if renewal else None,
        zone=zone,
        about=f"loan:{loan_id}",
        by=reader,
        now=now,
        answer=LoanRead,
        status=200,
        etag=etag,
    )


@router.post("/loans/{loan_id}/announce-return", name="library:announce_return", response_model=LoanRead)
async def announce_return(loan_id: Id, db: DatabaseDep, reader: ReaderDep, now: Now, key: KeyDep) -> Answer:
    """Say that one is bringing it back. Only a scan at a desk closes the loan."""
    return await act(
        db,
        key,
        circulation.announce_return,
        loan_id,
        about=f"loan:{loan_id}",
        by=reader,
        now=now,
        answer=LoanRead,
        status=200,
        etag=etag,
    )


@router.post("/returns", name="library:return_copy", response_model=CheckInRead)
async def return_copy(
    returned: ReturnCreate, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Take a scanned copy in, whoever brings it, and say where it goes."""
    return await act(
        db,
        key,
        circulation.return_copy,
        returned.barcode,
        location=returned.location,
        zone=zone,
        about=f"copy:{returned.barcode}",
        by=desk,
        now=now,
        answer=CheckInRead,
        status=200,
    )
