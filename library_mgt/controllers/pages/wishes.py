"""What a reader or the desk does with a request that is open: withdraw it, pass it over, serve it again."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.days import end_of_day
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.forms import read
from library_mgt.controllers.pages import opened
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.controllers.pages.opened import LONGEST_SCAN
from library_mgt.controllers.pages.words import CancelledRead, cancelled
from library_mgt.dependencies import DeskDep, Id, ReaderDep
from library_mgt.models.request.circulation import Suspension
from library_mgt.models.response.circulation import RequestRead
from library_mgt.services import desk, requests, suspensions

router = APIRouter(include_in_schema=False)


def _desk(doing: Doing) -> str:
    """Back to the reader whose request it is."""
    return opened.at(doing.fields["patron"][:LONGEST_SCAN])


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
