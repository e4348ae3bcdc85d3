"""What a reader or the desk does with a request that is open: ask why, withdraw it, pass it over."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Database, Transaction
from configuration.kit.days import end_of_day
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.forms import read
from configuration.kit.web.pages import Pages
from library_mgt.controllers.pages import opened
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.controllers.pages.opened import LONGEST_SCAN
from library_mgt.controllers.pages.words import CancelledRead, cancelled
from library_mgt.controllers.reasons import spelled
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, Now, ReaderDep, Zone
from library_mgt.models.request.circulation import Suspension
from library_mgt.models.response.circulation import RequestRead
from library_mgt.services import desk, explaining, requests, suspensions, waiting

router = APIRouter(include_in_schema=False)


def _desk(doing: Doing) -> str:
    """Back to the reader whose request it is."""
    return opened.at(doing.fields["patron"][:LONGEST_SCAN])


def _seen(tx: Transaction, request_id: int, by: Actor, now: datetime, zone: Zone) -> Said:
    found = waiting.request_for(tx, request_id, by, now=now, zone=zone)
    return {"wish": found, "reasons": explaining.explain_request(tx, request_id, by, now=now, zone=zone)}


@router.get("/my/requests/{request_id}", name="pages:my:request")
async def own_request(
    request: Request, request_id: Id, db: DatabaseDep, pages: PagesDep, actor: ReaderDep, now: Now, *, zone: Zone
) -> Response:
    """Why one's own request stands where it stands."""
    return await _why(request, request_id, db, pages, actor, now, zone, at_desk=False)


@router.get("/desk/requests/{request_id}", name="pages:request:why")
async def request_at_desk(
    request: Request, request_id: Id, db: DatabaseDep, pages: PagesDep, actor: DeskDep, now: Now, *, zone: Zone
) -> Response:
    """Why anybody's request stands where it stands."""
    return await _why(request, request_id, db, pages, actor, now, zone, at_desk=True)


async def _why(
    request: Request,
    request_id: int,
    db: Database,
    pages: Pages,
    by: Actor,
    now: datetime,
    zone: ZoneInfo,
    *,
    at_desk: bool,
) -> Response:
    seen = await db.read(_seen, request_id, by, now, zone)
    seen["reasons"] = spelled(seen["reasons"], pages.speech(request))
    return pages.render(request, "wish.html", at_desk=at_desk, **seen)


@router.post("/my/requests/{request_id}/cancel", name="pages:my:cancel")
async def cancel_own(request_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Withdraw one's own request."""
    done = await _done(doing, "/my", requests.cancel, request_id, by=actor, failed=doing.say("Not cancelled"))
    return done if isinstance(done, Response) else doing.back("/my", doing.say("The request is cancelled."))


@router.post("/my/requests/{request_id}/suspend", name="pages:my:suspend")
async def suspend_own(request_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Have one's own request passed over until a day."""
    return await _suspended(doing, "/my", request_id, actor)


@router.post("/my/requests/{request_id}/resume", name="pages:my:resume")
async def resume_own(request_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Have one's own request served again."""
    return await _resumed(doing, "/my", request_id, actor)


@router.post("/desk/requests/{request_id}/cancel", name="pages:desk:cancel")
async def cancel(request_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Cancel the open reader's request."""
    back, failed = _desk(doing), doing.say("Not cancelled")
    done = await _done(doing, back, desk.cancel_request, request_id, by=actor, failed=failed, answer=CancelledRead)
    if isinstance(done, Response):
        return done
    told = cancelled(doing, done)
    return doing.back(back, told.text, told.kind, told.about)


@router.post("/desk/requests/{request_id}/suspend", name="pages:desk:suspend")
async def suspend(request_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Have the open reader's request passed over until a day."""
    return await _suspended(doing, _desk(doing), request_id, actor)


@router.post("/desk/requests/{request_id}/resume", name="pages:desk:resume")
async def resume(request_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Have the open reader's request served again."""
    return await _resumed(doing, _desk(doing), request_id, actor)


async def _suspended(doing: Doing, back: str, request_id: int, by: Actor) -> Response:
    failed = doing.say("Not suspended")
    asked, _ = read(Suspension, {"until": doing.fields["until"]})
    if asked is None:
        return doing.back(back, f"{failed}\n{doing.say('Choose the day until which it is passed over.')}", "danger")
    done = await _done(doing, back, suspensions.suspend, request_id, asked.until, by=by, failed=failed)
    if isinstance(done, Response):
        return done
    until = doing.pages.deadline(doing.request, end_of_day(asked.until, doing.zone))
    told = doing.say("Others go first until {until}; it keeps its place.").format(until=until)
    return doing.back(back, f"{doing.say('Suspended')}: {done['title']}\n{told}")


async def _resumed(doing: Doing, back: str, request_id: int, by: Actor) -> Response:
    failed = doing.say("Not resumed")
    done = await _done(doing, back, suspensions.resume, request_id, by=by, failed=failed)
    if isinstance(done, Response):
        return done
    waits = doing.say("It is served again, in its old place.")
    told = doing.say("A copy is set aside for it already.") if done["state"] == "ALLOCATED" else waits
    return doing.back(back, f"{doing.say('Resumed')}: {done['title']}\n{told}")


async def _done(
    doing: Doing,
    back: str,
    use_case: Callable[..., Any],
    request_id: int,
    *args: Any,
    by: Actor,
    failed: str,
    answer: Any = RequestRead,
) -> Said | Response:
    """Act on a request; where that is refused, the way back with all that stands against it."""
    about = f"request:{request_id}"
    try:
        return await doing.act(use_case, request_id, *args, about=about, by=by, zone=doing.zone, answer=answer)
    except Refusal as refusal:
        return doing.back(back, "\n".join([failed, *opened.reasons(refusal)]), "danger")
