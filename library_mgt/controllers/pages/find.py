"""The catalogue for everybody: searching, a title's record, requesting it."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.forms import read, said
from configuration.kit.web.urls import next_link
from library_mgt.clients.standing import Standing
from library_mgt.controllers.acts import keeping, with_standing
from library_mgt.controllers.pages.doing import DoingDep, Said, Visitor, may_catalogue, works_at_desk
from library_mgt.controllers.pages.words import flashed
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, Now, ReaderDep, Zone
from library_mgt.domain.isbn import mistyped
from library_mgt.domain.states import REQUESTABLE
from library_mgt.models.data.catalogue import TitleRecord
from library_mgt.models.request.circulation import RequestCreate
from library_mgt.models.response.circulation import DeskRequestRead, RequestRead
from library_mgt.services import catalogue, copies, desk, requests, returns

PAGE = 25
MOST = 200
router = APIRouter(include_in_schema=False)


def generous(query: str) -> str:
    """The query with its last word taken for the beginning of one: people are still typing."""
    return f"{query}*" if len(query) > 1 and query[-1].isalpha() else query


@router.get("/find", name="pages:find")
async def find(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    actor: Visitor,
    cursor: CursorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    patron: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Search the catalogue, or browse it; a barcode opens its title. The desk searches for a reader, `patron`."""
    query = q.strip()
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await db.read(catalogue.find_titles, query=generous(query) or None, after=after, limit=PAGE + 1)
    titles, following = cut(found, PAGE, lambda title: (title.id,))
    if query and not titles and (owner := await db.read(copies.title_of_barcode, query)) is not None:
        return pages.redirect(f"/find/{owner}" + (f"?{urlencode({'patron': patron})}" if patron else ""))
    return pages.render(
        request,
        "find.html",
        query=query,
        titles=titles,
        continued=cursor is not None,
        next_url=next_link(request, following),
        mistyped=not titles and mistyped(query),
        patron=patron if works_at_desk(actor) else "",
        may_catalogue=may_catalogue(actor),
    )


def _lendable(record: TitleRecord) -> int:
    """How many copies are, or will be, there to be lent."""
    return sum(copy.loanable and copy.status in REQUESTABLE for copy in record.copies)


def _circulating(tx: Transaction, title_id: int, actor: Actor | None) -> Said:
    """Where the copies are: for everybody the first due date and how many wait, for the desk also who has them."""
    out = returns.loans_of_title(tx, title_id, limit=MOST)
    wishes = requests.queue_of(tx, title_id)
    seen: Said = {
        "first_due": min((loan.due_at for loan in out), default=None),
        "waiting": sum(wish.state in ("PENDING_APPROVAL", "QUEUED") for wish in wishes),
        "holders": {},
        "keepers": {},
    }
    if works_at_desk(actor):
        seen["holders"] = {loan.copy_id: loan for loan in out}
        seen["keepers"] = {wish.copy_id: wish for wish in wishes if wish.copy_id is not None}
    return seen


def _seen(tx: Transaction, title_id: int, actor: Actor | None, now: Now, zone: Zone) -> Said:
    """All that the page of a title shows, read at once."""
    record = catalogue.title_record(tx, title_id)
    locations = desk.choices(tx, "location")
    wishes = requests.requests_of(tx, actor, state="open", limit=MOST) if actor else []
    loans = returns.loans_of(tx, actor, state="live", limit=MOST, now=now) if actor else []
    return {
        "record": record,
        "locations": locations,
        "location_names": dict(locations),
        "lendable": _lendable(record),
        "parts": [(part, part or "whole") for part in sorted({copy.part for copy in record.copies})],
        "wish": next((wish for wish in wishes if wish.title_id == title_id), None),
        "loan": next((loan for loan in loans if loan.title_id == title_id), None),
        "against": requests.standing_in_the_way(tx, actor, now=now, zone=zone) if actor else [],
        "may_catalogue": may_catalogue(actor),
        "at_desk": works_at_desk(actor),
        "behalf": Fields(),
        **_circulating(tx, title_id, actor),
    }


@router.get("/find/{title_id}", name="pages:title")
async def title(
    request: Request,
    title_id: Id,
    db: DatabaseDep,
    pages: PagesDep,
    actor: Visitor,
    now: Now,
    *,
    zone: Zone,
    patron: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """A title's record, with what the reader can do about it."""
    seen = await db.read(_seen, title_id, actor, now, zone)
    if works_at_desk(actor):
        seen |= {"flash": await flashed(request, db), "behalf": Fields(patron=patron)}
    return pages.render(request, "title.html", errors=[], **seen)


@router.post("/find/{title_id}/request", name="pages:request")
async def ask(title_id: Id, actor: ReaderDep, doing: DoingDep) -> Response:
    """Request the title for oneself."""
    wish, errors = read(RequestCreate, {"title_id": title_id, **said(doing.fields, "part", "pickup_location")})
    status = 422
    if wish is not None:
        about = f"title:{title_id}"
        try:
            await doing.act(requests.request_title, wish, about=about, by=actor, zone=doing.zone, answer=RequestRead)
            return doing.back("/my", doing.say("Requested. You see here how it goes on."))
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    seen = await doing.db.read(_seen, title_id, actor, doing.now, doing.zone)
    # The form has no field to mend these in: they are told as sentences alone.
    told = [FieldError(error.text, code=error.code) for error in errors]
    return doing.pages.render(doing.request, "title.html", status, errors=told, **seen)


@router.post("/find/{title_id}/request-for", name="pages:request:behalf")
async def ask_for(title_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Request the title for a reader who telephones, with the reason why it is done for them."""
    fields = doing.fields
    values = said(fields, "part", "pickup_location", "patron", "behalf_reason")
    wish, errors = read(RequestCreate, {"title_id": title_id, **values})
    status = 422
    if missing := [name for name in ("patron", "behalf_reason") if not fields[name]]:
        needed = {"patron": doing.say("Say for whom."), "behalf_reason": doing.say("Say why you ask for them.")}
        wish, errors = None, [FieldError(needed[name], name) for name in missing]
    if wish is not None:

        async def attempt(told: Sequence[Standing]) -> Said:
            return await doing.act(
                keeping(told, requests.request_title),
                wish,
                about=f"title:{title_id}",
                by=actor,
                zone=doing.zone,
                answer=DeskRequestRead,
            )

        try:
            made = await with_standing(doing.homes, fields["patron"], attempt)
            title = f"{doing.say('Requested for this reader')}: {made['title']}"
            waits = doing.say("A librarian decides it now.")
            line = waits if made["state"] == "PENDING_APPROVAL" else doing.say("It is approved.")
            return doing.back(f"/desk?patron={made['person']}", f"{title}\n{line}")
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    seen = await doing.db.read(_seen, title_id, actor, doing.now, doing.zone)
    errors = [FieldError(e.text, e.field if e.field in ("patron", "behalf_reason") else "", e.code) for e in errors]
    return doing.pages.render(doing.request, "title.html", status, errors=errors, **{**seen, "behalf": fields})
