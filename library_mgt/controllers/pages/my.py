"""A reader's own loans and requests."""

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from library_mgt.controllers.notices import spelled
from library_mgt.controllers.pages.doing import DoingDep, Said
from library_mgt.controllers.pages.words import renewed
from library_mgt.dependencies import DatabaseDep, Id, Now, ReaderDep, Zone
from library_mgt.models.response.circulation import LoanRead
from library_mgt.models.response.notices import HistoryRead
from library_mgt.services import fees, forgetting, notices, renewals, requests, returns, waiting

MOST = 200
FEW = 10
router = APIRouter(include_in_schema=False)


def _own(tx: Transaction, actor: Actor, now: Now, zone: Zone, days: int) -> Said:
    return {
        "against": requests.standing_in_the_way(tx, actor, now=now, zone=zone),
        "loans": returns.loans_of(tx, actor, state="live", limit=MOST, now=now),
        "wishes": waiting.requests_of(tx, actor, state="open", limit=MOST, now=now, zone=zone),
        "ended": requests.lately_ended(tx, actor, now=now),
        "account": fees.own_account(tx, actor, now=now, zone=zone),
        "told": notices.notices_of(tx, actor, limit=FEW),
        "history": forgetting.own_history(tx, actor, days=days),
    }


@router.get("/my", name="pages:my")
async def mine(request: Request, db: DatabaseDep, pages: PagesDep, actor: ReaderDep, now: Now, zone: Zone) -> Response:
    """What is out, what is due, what is ready, and how the last requests ended."""
    own = await db.read(_own, actor, now, zone, request.app.state.settings.forget_after_days)
    own["told"] = spelled(own["told"], pages.gettext(request), partial(pages.deadline, request))
    return pages.render(request, "my.html", **own)


@router.post("/my/loans/{loan_id}/renew", name="pages:my:renew")
async def renew(loan_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Keep a book longer."""
    about = f"loan:{loan_id}"
    try:
        loan = await doing.act(renewals.renew, loan_id, about=about, by=actor, zone=doing.zone, answer=LoanRead)
    except Refusal as refusal:
        return doing.back("/my", f"{doing.say('Not renewed')}\n{refusal.detail}", "danger")
    return doing.back("/my", renewed(doing, loan).text)


@router.post("/my/loans/{loan_id}/announce", name="pages:my:announce")
async def announce(loan_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Say that a book is coming back; only the desk's scan closes the loan."""
    try:
        await doing.act(returns.announce_return, loan_id, about=f"loan:{loan_id}", by=actor, answer=LoanRead)
    except Refusal as refusal:
        return doing.back("/my", refusal.detail, "danger")
    return doing.back("/my", doing.say("Thank you. The loan ends when the desk has scanned the book."))


@router.post("/my/history", name="pages:my:history")
async def choose_history(actor: ReaderDep, doing: DoingDep) -> Response:
    """Have one's history kept, or forgotten."""
    kept = doing.fields["kept"] == "yes"
    days = doing.request.app.state.settings.forget_after_days
    try:
        await doing.act(
            forgetting.choose_history, kept=kept, days=days, about="patron:own", by=actor, answer=HistoryRead
        )
    except Refusal as refusal:
        return doing.back("/my", refusal.detail, "danger")
    remembered = doing.say("Your loans and requests are remembered from now on.")
    return doing.back("/my", remembered if kept else doing.say("Your history is forgotten with the next night."))
