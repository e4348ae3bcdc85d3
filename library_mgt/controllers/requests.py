"""Requests over HTTP: one's own, and the desk's."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Database
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, Key
from configuration.kit.pagination import Page, cut, set_next_link
from configuration.kit.versions import etag
from configuration.kit.web.dependencies import PagesDep
from library_mgt.clients.standing import Standing
from library_mgt.controllers.acts import keeping, with_standing
from library_mgt.controllers.reasons import spelled
from library_mgt.dependencies import (
    After,
    DatabaseDep,
    DeskDep,
    HomesDep,
    Id,
    KeyDep,
    LibrarianDep,
    LimitDep,
    Now,
    ReaderDep,
    Zone,
)
from library_mgt.models.request.circulation import Decision, RequestCreate, Shelving, Suspension
from library_mgt.models.response.circulation import DeskRequestRead, ReasonRead, RequestRead
from library_mgt.services import explaining, requests, suspensions, waiting

router = APIRouter(prefix="/requests", tags=["requests"])
State = Literal[
    "open", "PENDING_APPROVAL", "QUEUED", "ALLOCATED", "READY", "FULFILLED", "REJECTED", "CANCELLED", "EXPIRED"
]
StateText = Annotated[State | None, Query(description="`open` means not yet ended.")]


@router.post("", name="library:request_title", status_code=201, response_model=RequestRead)
async def request_title(
    wish: RequestCreate, db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone, key: KeyDep, homes: HomesDep
) -> Answer:
    """Wish for a title, for oneself; at the desk also for another reader, with a reason."""

    async def attempt(told: Sequence[Standing] = ()) -> Answer:
        return await act(
            db,
            key,
            keeping(told, requests.request_title),
            wish,
            zone=zone,
            about=f"title:{wish.title_id or wish.book_id}",
            by=reader,
            now=now,
            answer=RequestRead,
            etag=etag,
        )

    if wish.patron is None or not reader.has(*requests.DESK):
        return await attempt()
    return await with_standing(homes, wish.patron, attempt)


@router.get("", name="library:requests", response_model=Page[DeskRequestRead])
async def requests_waiting(
    request: Request,
    response: Response,
    db: DatabaseDep,
    _desk: DeskDep,
    now: Now,
    zone: Zone,
    after: After,
    limit: LimitDep,
    *,
    state: StateText = "open",
    title_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> dict[str, list[waiting.WaitingRequest] | str | None]:
    """All readers' requests in the order they were made."""
    found = await db.read(
        waiting.requests_waiting, state=state, title_id=title_id, after=after, limit=limit + 1, now=now, zone=zone
    )
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.get("/mine", name="library:my_requests", response_model=Page[RequestRead])
async def my_requests(
    request: Request,
    response: Response,
    db: DatabaseDep,
    reader: ReaderDep,
    now: Now,
    zone: Zone,
    after: After,
    limit: LimitDep,
    *,
    state: StateText = None,
) -> dict[str, list[waiting.WaitingRequest] | str | None]:
    """One's own requests in the order they were made, with how long each is likely to wait."""
    found = await db.read(waiting.requests_of, reader, state=state, after=after, limit=limit + 1, now=now, zone=zone)
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.get("/{request_id}", name="library:request", response_model=RequestRead)
async def request_for(
    request_id: Id, response: Response, db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone
) -> waiting.WaitingRequest:
    """One request, with how long it is likely to wait: one's own, or anybody's at the desk."""
    found = await db.read(waiting.request_for, request_id, reader, now=now, zone=zone)
    response.headers["ETag"] = etag(found)
    return found


@router.get("/{request_id}/explain", name="library:explain_request", response_model=Page[ReasonRead])
async def explain_request(
    request_id: Id, db: DatabaseDep, pages: PagesDep, reader: ReaderDep, now: Now, zone: Zone
) -> dict[str, Any]:
    """Why a request is where it is, in sentences and facts: one's own, or anybody's at the desk."""
    found = await db.read(explaining.explain_request, request_id, reader, now=now, zone=zone)
    return {"items": spelled(found, pages.speech()), "next": None}


@router.post("/{request_id}/approve", name="library:approve", response_model=DeskRequestRead)
async def approve(
    request_id: Id, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Let a request into the queue; never one's own."""
    return await act(
        db,
        key,
        requests.approve,
        request_id,
        zone=zone,
        about=f"request:{request_id}",
        by=librarian,
        now=now,
        answer=DeskRequestRead,
        status=200,
        etag=etag,
    )


@router.post("/{request_id}/reject", name="library:reject", response_model=DeskRequestRead)
async def reject(
    request_id: Id, decision: Decision, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Decline a request with a reason the reader sees; never one's own."""
    return await act(
        db,
        key,
        requests.reject,
        request_id,
        decision.reason,
        about=f"request:{request_id}",
        by=librarian,
        now=now,
        answer=DeskRequestRead,
        status=200,
        etag=etag,
    )


@router.post("/{request_id}/cancel", name="library:cancel", response_model=RequestRead)
async def cancel(request_id: Id, db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone, key: KeyDep) -> Answer:
    """Withdraw one's own request; staff withdraw anybody's."""
    return await act(
        db,
        key,
        requests.cancel,
        request_id,
        zone=zone,
        about=f"request:{request_id}",
        by=reader,
        now=now,
        answer=RequestRead,
        status=200,
        etag=etag,
    )


@router.post("/{request_id}/shelve", name="library:shelve", response_model=DeskRequestRead)
async def shelve(
    request_id: Id, shelving: Shelving, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Put the pulled copy onto the hold shelf; its reader may fetch it now."""
    return await act(
        db,
        key,
        requests.shelve,
        request_id,
        shelving.barcode,
        zone=zone,
        about=f"request:{request_id}",
        by=desk,
        now=now,
        answer=DeskRequestRead,
        status=200,
        etag=etag,
    )


@router.post("/{request_id}/not-found", name="library:not_found", response_model=DeskRequestRead)
async def not_found(request_id: Id, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep) -> Answer:
    """Say that the copy set aside is not in its place: it counts as missing, and the request waits where it stood."""
    return await _done(db, key, suspensions.not_found, request_id, by=desk, now=now, zone=zone, answer=DeskRequestRead)


@router.post("/{request_id}/suspend", name="library:suspend", response_model=RequestRead)
async def suspend(
    request_id: Id, suspension: Suspension, db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Have one's own request passed over for a while; it keeps its place. Staff suspend anybody's."""
    until = suspension.until
    return await _done(
        db, key, suspensions.suspend, request_id, until, by=reader, now=now, zone=zone, answer=RequestRead
    )


@router.post("/{request_id}/resume", name="library:resume", response_model=RequestRead)
async def resume(request_id: Id, db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone, key: KeyDep) -> Answer:
    """Have one's own suspended request served again; staff resume anybody's."""
    return await _done(db, key, suspensions.resume, request_id, by=reader, now=now, zone=zone, answer=RequestRead)


async def _done(
    db: Database, key: Key | None, use_case: Callable[..., Any], request_id: int, *args: Any, **options: Any
) -> Answer:
    """Do something with a request."""
    about = f"request:{request_id}"
    return await act(db, key, use_case, request_id, *args, about=about, status=200, etag=etag, **options)
