"""Tills at the desk: opened, counted at the end of the day, and what went over them."""

from datetime import date, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Refusal
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.flash import Flash
from configuration.kit.web.forms import given
from library_mgt.controllers.fees import TillCode
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.controllers.pages.money import amounts
from library_mgt.controllers.pages.opened import reasons
from library_mgt.controllers.pages.reader import refused, understood
from library_mgt.controllers.tills import TillDay
from library_mgt.dependencies import DatabaseDep, DeskDep, Now, Zone
from library_mgt.models.request.fees import TillClosing, TillOpening
from library_mgt.models.response.fees import TillRead, TillReportRead
from library_mgt.services import tills

router = APIRouter(include_in_schema=False)
TILLS = "/desk/tills"


def _seen(tx: Transaction, day: date, zone: Zone, now: datetime) -> Said:
    reports = [tills.report(tx, till.code, day, zone=zone) for till in tills.listed(tx)]
    return {"reports": reports, "day": day, "today": local_day(now, zone)}


@router.get("/desk/tills", name="pages:tills")
async def page(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: DeskDep,
    now: Now,
    zone: Zone,
    *,
    day: TillDay = None,
) -> Response:
    """Every till on a day: to open, to count, or as it was."""
    seen = await db.read(_seen, day or local_day(now, zone), zone, now)
    return pages.render(request, "tills.html", counted={}, **seen)


@router.post("/desk/tills/{till}/open", name="pages:tills:open")
async def open_till(till: TillCode, actor: DeskDep, doing: DoingDep) -> Response:
    """Open a till with what lies in it."""
    typed, wrong = await amounts(doing, "float")
    opening, faulty = understood(doing, TILLS, TillOpening, typed)
    if wrong or opening is None:
        return refused(doing, TILLS, wrong) if wrong else faulty
    try:
        await doing.act(tills.open_with, till, opening, about=f"till:{till}", by=actor, answer=TillRead)
    except Refusal as refusal:
        return refused(doing, TILLS, [refusal.detail])
    return doing.back(TILLS, doing.say("The till is open."))


@router.post("/desk/tills/{till}/close", name="pages:tills:close")
async def close_till(till: TillCode, actor: DeskDep, doing: DoingDep) -> Response:
    """Count and close a till."""
    typed, wrong = await amounts(doing, "cash", "card", "transfer")
    closing, faulty = understood(doing, TILLS, TillClosing, {**typed, **given(doing.fields, "reason")})
    if wrong:
        return await _count_again(doing, till, 422, wrong)
    if closing is None:
        return faulty
    about = f"till:{till}"
    try:
        await doing.act(tills.close, till, closing, about=about, by=actor, zone=doing.zone, answer=TillReportRead)
    except Refusal as refusal:
        return await _count_again(doing, till, refusal.status, reasons(refusal))
    return doing.back(TILLS, doing.say("The till is counted and closed."))


async def _count_again(doing: Doing, till: str, status: int, why: list[str]) -> Response:
    """The page with what was counted still in its fields: nobody counts twice since a reason was missing."""
    seen = await doing.db.read(_seen, local_day(doing.now, doing.zone), doing.zone, doing.now)
    told = Flash("danger", "\n".join([doing.say("Nothing was changed"), *why]))
    counted = {till: doing.fields}
    return doing.pages.render(doing.request, "tills.html", status, flash=told, counted=counted, **seen)
