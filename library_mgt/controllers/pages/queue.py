"""The queues: what a desk works through list by list, and what it does to a request there."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.pagination import CursorDep, cut
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.home import MOST_COUNTED, counted
from configuration.kit.web.urls import next_link
from library_mgt.controllers.pages import lists
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said, may_catalogue
from library_mgt.controllers.pages.lists import LISTS, Asked, Days, View, days_late
from library_mgt.controllers.pages.words import CancelledRead, ShelvedRead, cancelled, flashed, settled, shelved
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, LibrarianDep, Now, Zone
from library_mgt.errors import IllegalTransition
from library_mgt.models.data.requests import RequestView
from library_mgt.models.response.circulation import DeskRequestRead
from library_mgt.services import desk, fees, requests, suspensions
from library_mgt.services.accounts import colleague_name

PAGE = 50
STATES: dict[View, str] = {"approve": "PENDING_APPROVAL", "pull": "ALLOCATED", "shelf": "READY", "waiting": "QUEUED"}
router = APIRouter(include_in_schema=False)


def counts_of(tx: Transaction) -> dict[str, str]:
    """How many requests are in each queue."""
    most = MOST_COUNTED + 1
    return {
        view: counted(len(requests.requests_waiting(tx, state=state, limit=most))) for view, state in STATES.items()
    }


def _page(tx: Transaction, view: View, cursor: str | None, asked: Asked, actor: Actor) -> Said:
    listing = LISTS[view]
    found = listing.rows(tx, asked, listing.after(cursor), PAGE + 1)
    rows, following = cut(found, PAGE, listing.cursor_key)
    own = requests.requests_of(tx, actor, state=STATES[view], limit=PAGE) if view in STATES else []
    return {
        "counts": lists.counts_of(tx, asked),
        "wishes": rows,
        "following": following,
        "own": {wish.id for wish in own},
        "location_names": dict(desk.choices(tx, "location")),
        "currency": fees.currency(tx),
    }


def _decider(tx: Transaction, request_id: int) -> tuple[RequestView, str | None]:
    """A request, and the name of whoever decided it."""
    wish = requests.request_seen(tx, request_id)
    return wish, colleague_name(tx, wish.decided_by)


async def _undecided(doing: Doing, request_id: int, what: str, refusal: Refusal) -> Response:
    """Why a request was not decided: mostly since somebody else was faster, and then nothing is left to do."""
    back = _after(doing)
    if not isinstance(refusal, IllegalTransition):
        return doing.back(back, f"{what}\n{refusal.detail}", "danger")
    wish, name = await doing.db.read(_decider, request_id)
    return doing.back(back, settled(doing, wish, name), "info")


def _after(doing: Doing) -> str:
    """The queue, with the focus on the row after the one that was decided."""
    following = doing.fields["next"]
    return f"/queue?focus={following}" if following.isdecimal() and len(following) < 19 else "/queue?focus=0"


@router.get("/queue", name="pages:queue")
async def queue(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    actor: DeskDep,
    cursor: CursorDep,
    now: Now,
    zone: Zone,
    *,
    view: View = "approve",
    days: Days = 0,
    focus: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
) -> Response:
    """One of the lists, page by page."""
    asked = Asked(now, zone, days)
    found = await db.read(_page, view, cursor, asked, actor)
    following = found.pop("following")
    if view == "approve":
        decidable = [wish.id for wish in found["wishes"] if wish.id not in found["own"]]
        if focus is not None:
            focus = focus if focus in decidable else next(iter(decidable), None)
    shown: Said = {
        "view": view,
        "views": {name: listing.title for name, listing in LISTS.items()},
        "days": days,
        "days_late": lambda due_at: days_late(due_at, asked),
        "focus": focus,
        "next_url": next_link(request, following),
        "may_decide": may_catalogue(actor),
    }
    return pages.render(request, "queue.html", flash=await flashed(request, db), **shown, **found)


@router.post("/queue/shelve", name="pages:queue:shelve")
async def shelve(actor: DeskDep, doing: DoingDep) -> Response:
    """Put a pulled copy onto the hold shelf."""
    back, scanned = "/queue?view=pull", doing.fields["scan"][:40]
    if not scanned:
        return doing.back(back)
    try:
        found = await doing.act(
            desk.shelve_scanned, scanned, about="scan", by=actor, zone=doing.zone, answer=ShelvedRead
        )
    except Refusal as refusal:
        return doing.back(back, f"{doing.say('Not shelved')}: {scanned}\n{refusal.detail}", "danger")
    told = shelved(doing, found)
    return doing.back(back, told.text, told.kind)


@router.post("/queue/{request_id}/not-found", name="pages:queue:not_found")
async def not_found(request_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Say that the copy to be pulled is not on its shelf."""
    back, about = "/queue?view=pull", f"request:{request_id}"
    try:
        wish = await doing.act(
            suspensions.not_found, request_id, about=about, by=actor, zone=doing.zone, answer=DeskRequestRead
        )
    except Refusal as refusal:
        return doing.back(back, f"{doing.say('Not noted')}\n{refusal.detail}", "danger")
    another = doing.say("Another copy is set aside instead: pull that one.")
    waits = doing.say("Its request waits again, in its old place.")
    where = another if wish["state"] == "ALLOCATED" else waits
    return doing.back(back, f"{doing.say('Counts as missing now')}: {wish['title']}\n{where}", "warning")


@router.post("/queue/{request_id}/approve", name="pages:queue:approve")
async def approve(request_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Approve a request."""
    about = f"request:{request_id}"
    try:
        wish = await doing.act(
            requests.approve, request_id, about=about, by=actor, zone=doing.zone, answer=DeskRequestRead
        )
    except Refusal as refusal:
        return await _undecided(doing, request_id, doing.say("Not approved"), refusal)
    pulled = doing.say("A copy is on the list to pull.")
    waits = doing.say("Every copy is out; it waits for the next return.")
    where = pulled if wish["state"] == "ALLOCATED" else waits
    return doing.back(_after(doing), f"{doing.say('Approved')}: {wish['title']}\n{where}")


@router.post("/queue/{request_id}/reject", name="pages:queue:reject")
async def reject(request_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Reject a request, with a reason the reader sees."""
    reason = doing.fields["reason"][:300]
    if len(reason) < 3:
        return doing.back("/queue", doing.say("Not rejected\nSay why; the reader sees it."), "danger")
    try:
        wish = await doing.act(
            requests.reject, request_id, reason, about=f"request:{request_id}", by=actor, answer=DeskRequestRead
        )
    except Refusal as refusal:
        return await _undecided(doing, request_id, doing.say("Not rejected"), refusal)
    told = doing.say("The reader sees the reason.")
    return doing.back(_after(doing), f"{doing.say('Rejected')}: {wish['title']}\n{told}", "info")


@router.post("/queue/{request_id}/cancel", name="pages:queue:cancel")
async def cancel(request_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Cancel a reader's request, and say what is to be done with its copy."""
    view = doing.fields["view"]
    back = f"/queue?view={view}" if view in STATES else "/queue"
    about = f"request:{request_id}"
    try:
        done = await doing.act(
            desk.cancel_request, request_id, about=about, by=actor, zone=doing.zone, answer=CancelledRead
        )
    except Refusal as refusal:
        return doing.back(back, f"{doing.say('Not cancelled')}\n{refusal.detail}", "danger")
    told = cancelled(doing, done)
    return doing.back(back, told.text, told.kind, told.about)
