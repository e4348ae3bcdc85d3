"""A reader's own loans and requests."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from library_mgt.controllers.pages.doing import DoingDep, Said
from library_mgt.controllers.pages.words import renewed
from library_mgt.dependencies import DatabaseDep, Id, Now, ReaderDep, Zone
from library_mgt.models.response.circulation import LoanRead, RequestRead
from library_mgt.services import renewals, requests, returns

MOST = 200
router = APIRouter(include_in_schema=False)


def _own(tx: Transaction, actor: Actor, now: Now, zone: Zone) -> Said:
    return {
        "against": requests.standing_in_the_way(tx, actor, now=now, zone=zone),
        "loans": returns.loans_of(tx, actor, state="live", limit=MOST, now=now),
        "wishes": requests.requests_of(tx, actor, state="open", limit=MOST),
        "ended": requests.lately_ended(tx, actor, now=now),
    }


@router.get("/my", name="pages:my")
async def mine(request: Request, db: DatabaseDep, pages: PagesDep, actor: ReaderDep, now: Now, zone: Zone) -> Response:
    """What is out, what is due, what is ready, and how the last requests ended."""
    return pages.render(request, "my.html", **await db.read(_own, actor, now, zone))


@router.post("/my/requests/{request_id}/cancel", name="pages:my:cancel")
async def cancel(request_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Withdraw one's own request."""
    about = f"request:{request_id}"
    try:
        await doing.act(requests.cancel, request_id, about=about, by=actor, zone=doing.zone, answer=RequestRead)
    except Refusal as refusal:
        return doing.back("/my", refusal.detail, "danger")
    return doing.back("/my", doing.say("The request is cancelled."))


@router.post("/my/loans/{loan_id}/renew", name="pages:my:renew")
async def renew(loan_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Keep a book longer."""
    about = f"loan:{loan_id}"
    try:
        loan = await doing.act(renewals.renew, loan_id, about=about, by=actor, zone=doing.zone, answer=LoanRead)
    except Refusal as refusal:
        return doing.back("/my", f"{doing.say('Not renewed')}\n{refusal.detail}", "danger")
    return doing.back("/my", renewed(doing, loan))


@router.post("/my/loans/{loan_id}/announce", name="pages:my:announce")
async def announce(loan_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Say that a book is coming back; only the desk's scan closes the loan."""
    try:
        await doing.act(returns.announce_return, loan_id, about=f"loan:{loan_id}", by=actor, answer=LoanRead)
    except Refusal as refusal:
        return doing.back("/my", refusal.detail, "danger")
    return doing.back("/my", doing.say("Thank you. The loan ends when the desk has scanned the book."))
