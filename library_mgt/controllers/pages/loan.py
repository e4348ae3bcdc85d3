"""A loan on a page of its own: why it stands as it does, what it costs, and all that a desk can do with it."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.forms import read
from configuration.kit.web.pages import Pages
from library_mgt.controllers.pages import opened
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.controllers.pages.opened import LONGEST_SCAN, Alert
from library_mgt.controllers.pages.words import (
    Told,
    UndoneRead,
    claimed,
    flashed,
    lost,
    recalled,
    renewed,
    settled_loss,
    undone,
)
from library_mgt.controllers.reasons import spelled
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, LibrarianDep, Now, ReaderDep, Zone
from library_mgt.models.request.circulation import Override
from library_mgt.models.response.circulation import DeskLoanRead
from library_mgt.services import desk, explaining, fees, losses, recalls, renewals, returns

router = APIRouter(include_in_schema=False)


def page_of(loan_id: int) -> str:
    """Where a loan's page is."""
    return f"/desk/loans/{loan_id}"


def _seen(tx: Transaction, loan_id: int, by: Actor, now: Now, zone: Zone) -> Said:
    loan = returns.loan_for(tx, loan_id, by)
    return {
        "loan": loan,
        "reasons": explaining.explain_loan(tx, loan_id, by, zone=zone),
        "costs": fees.costs_of_loan(tx, loan_id, late=loan.overdue(now), now=now, zone=zone),
    }


@router.get("/desk/loans/{loan_id}", name="pages:loan")
async def loan_at_desk(
    request: Request, loan_id: Id, db: DatabaseDep, pages: PagesDep, actor: DeskDep, now: Now, *, zone: Zone
) -> Response:
    """Anybody's loan, with what a desk can do with it."""
    seen = await db.read(_seen, loan_id, actor, now, zone)
    return _page(request, pages, 200, seen, at_desk=True, alerts=[], flash=await flashed(request, db))


@router.get("/my/loans/{loan_id}", name="pages:my:loan")
async def own_loan(
    request: Request, loan_id: Id, db: DatabaseDep, pages: PagesDep, actor: ReaderDep, now: Now, *, zone: Zone
) -> Response:
    """One's own loan: why it is due when it is due, and what it costs."""
    seen = await db.read(_seen, loan_id, actor, now, zone)
    return _page(request, pages, 200, seen, at_desk=False, alerts=[])


def _page(request: Request, pages: Pages, status: int, seen: Said, **shown: Any) -> Response:
    told = {**seen, "reasons": spelled(seen["reasons"], pages.speech(request))}
    return pages.render(request, "loan.html", status, **told, **shown)


@router.post("/desk/loans/{loan_id}/renew", name="pages:loan:renew")
async def renew(loan_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Renew a reader's loan."""
    override, _ = read(Override, opened.override_of(doing) or {})
    failed = doing.say("Not renewed")
    return await _done(doing, loan_id, renewals.renew, override, by=actor, said=renewed, failed=failed, zone=doing.zone)


@router.post("/desk/loans/{loan_id}/recall", name="pages:loan:recall")
async def recall(loan_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Call it back for who waits."""
    failed = doing.say("Not recalled")
    return await _done(doing, loan_id, recalls.recall, by=actor, said=recalled, failed=failed, zone=doing.zone)


@router.post("/desk/loans/{loan_id}/claim", name="pages:loan:claim")
async def claim(loan_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Note that the reader says it was brought back."""
    failed = doing.say("Not noted")
    return await _done(doing, loan_id, losses.claim_returned, by=actor, said=claimed, failed=failed)


@router.post("/desk/loans/{loan_id}/lost", name="pages:loan:lost")
async def declare_lost(loan_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Give the copy up for lost; its reader owes what the page said before."""
    failed = doing.say("Not declared lost")
    return await _done(doing, loan_id, losses.declare_lost, by=actor, said=lost, failed=failed)


@router.post("/desk/loans/{loan_id}/settle", name="pages:loan:settle")
async def settle(loan_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """End the loan of a lost copy."""
    failed = doing.say("Not settled")
    return await _done(doing, loan_id, losses.settle, by=actor, said=settled_loss, failed=failed)


@router.post("/desk/loans/{loan_id}/undo", name="pages:loan:undo")
async def undo(loan_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Undo what the desk has just done with it."""
    failed = doing.say("Not undone")
    return await _done(
        doing, loan_id, desk.undo, by=actor, said=undone, failed=failed, answer=UndoneRead, zone=doing.zone
    )


async def _done(
    doing: Doing,
    loan_id: int,
    use_case: Callable[..., Any],
    *args: Any,
    by: Actor,
    said: Callable[[Doing, Said], Told],
    failed: str,
    answer: type[BaseModel] = DeskLoanRead,
    **options: Any,
) -> Response:
    """Act on a loan, and go back to the reader that is open, to the list that was shown, or to the loan's own page.

    A refusal says all that stands in the way, and asks for a reason where this person may overrule all of it.
    """
    patron = doing.fields["patron"][:LONGEST_SCAN]
    try:
        became = await doing.act(use_case, loan_id, *args, about=f"loan:{loan_id}", by=by, answer=answer, **options)
    except Refusal as refusal:
        return await _refused(doing, loan_id, refusal, failed, patron, by)
    told = said(doing, became)
    back = opened.at(patron) if patron else doing.pages.safe_next(doing.fields["back"], page_of(loan_id))
    return doing.back(back, told.text, told.kind, told.about)


async def _refused(doing: Doing, loan_id: int, refusal: Refusal, failed: str, patron: str, by: Actor) -> Response:
    seen = await doing.db.read(_seen, loan_id, by, doing.now, doing.zone)
    overrule = opened.may_overrule(refusal.blockers, by)
    again = doing.request.url.path.removeprefix(doing.pages.root)
    title = f"{failed}: {seen['loan'].title}"
    alert = Alert("danger", title, opened.reasons(refusal), overrule=overrule, again=again)
    if patron:
        return await opened.show(doing, refusal.status, alert, patron=patron)
    return _page(doing.request, doing.pages, refusal.status, seen, at_desk=True, alerts=[alert])
