"""Requests: making them, deciding them, and bringing copies onto the hold shelf."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Blocker, Forbidden
from configuration.kit.security.actor import Actor
from library_mgt.domain import requesting
from library_mgt.domain.barcodes import normalised
from library_mgt.domain.blocking import Reader, reader_blockers
from library_mgt.domain.states import REQUEST_MOVES, RequestState, request_may_become
from library_mgt.errors import (
    CopyNotFound,
    CopyNotLoanable,
    OwnRequest,
    RequestNotFound,
    TitleNotFound,
    UnknownReference,
    illegal,
    refuse,
)
from library_mgt.models.data.requests import RequestView
from library_mgt.models.request.circulation import RequestCreate
from library_mgt.repository import copies, facts, loans, patrons, policies, references, requests
from library_mgt.services.catalogue import title_id_of_number
from library_mgt.services.patrons import own_patron, patron_meant, patron_of
from library_mgt.services.queue import allocate
from library_mgt.services.trail import told

DESK = ("librarian", "library_assistant")
LATELY = timedelta(days=30)
"""How long a reader is shown how a request ended."""


def request_title(tx: Transaction, wish: RequestCreate, *, by: Actor, now: datetime, zone: tzinfo) -> RequestView:
    """Wish for a title, for oneself; or at the desk for another reader, who will see by whom and why.

    All reasons against it are told together. It waits for a librarian, unless the rule approves by itself.
    """
    patron_id = _beneficiary(tx, wish, by, now)
    title_id = wish.title_id if wish.title_id is not None else title_id_of_number(tx, wish.book_id or 0)
    if not facts.lock_title(tx, patron_id, title_id):
        raise TitleNotFound()
    wished = _wished_copy(tx, wish, title_id)
    _pickup_known(tx, wish.pickup_location)
    known, policy = facts.for_request(tx, patron_id, title_id, wish.part, wished_copy_id=wished, now=now)
    found = requesting.blockers(
        known,
        policy,
        part=wish.part,
        not_needed_after=wish.not_needed_after,
        now=now,
        zone=zone,
        own=wish.patron is None,
    )
    if found:
        raise refuse(found)
    state: RequestState = "QUEUED" if policy.auto_approve else "PENDING_APPROVAL"
    request_id = requests.add(
        tx,
        version=1,
        title_id=title_id,
        part=wish.part,
        wished_copy_id=wished,
        patron_id=patron_id,
        state=state,
        band=0,
        pickup_location=wish.pickup_location,
        not_needed_after=wish.not_needed_after,
        suspended_until=None,
        copy_id=None,
        ready_until=None,
        requested_at=now,
        queued_at=now if policy.auto_approve else None,
        allocated_at=None,
        ended_at=None,
        decided_at=None,
        decided_by=None,
        reason=None,
        behalf_by=by.person if wish.patron is not None else None,
        behalf_reason=wish.behalf_reason,
    )
    told(tx, "REQUESTED", by=by, now=now, request_id=request_id, title_id=title_id)
    if policy.auto_approve:
        allocate(tx, title_id, wish.part, by=by, now=now, zone=zone)
    return request_seen(tx, request_id)


def approve(tx: Transaction, request_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> RequestView:
    """Let a request into the queue, and give it a free copy at once if there is one. Never one's own."""
    row = _locked(tx, request_id)
    _may_become(row.state, "QUEUED", from_only="PENDING_APPROVAL")
    not_own(tx, row.patron_id, by)
    requests.move(tx, request_id, "QUEUED", now=now, decided_by=by.person)
    told(tx, "APPROVED", by=by, now=now, request_id=request_id)
    allocate(tx, row.title_id, row.part, by=by, now=now, zone=zone)
    return request_seen(tx, request_id)


def reject(tx: Transaction, request_id: int, reason: str, *, by: Actor, now: datetime) -> RequestView:
    """Decline a request, with a reason the reader sees. Never one's own."""
    row = _locked(tx, request_id)
    _may_become(row.state, "REJECTED")
    not_own(tx, row.patron_id, by)
    requests.move(tx, request_id, "REJECTED", now=now, decided_by=by.person, reason=reason)
    told(tx, "REJECTED", by=by, now=now, request_id=request_id)
    return request_seen(tx, request_id)


def cancel(tx: Transaction, request_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> RequestView:
    """End an open request: one's own, or anybody's at the desk. A copy set aside goes to the next who waits.

    A copy that lies on the hold shelf stays there for the next who fetches there.
    """
    place = requests.place(tx, request_id)
    if place is None or not (by.has(*DESK) or is_own(tx, place.patron_id, by)):
        raise RequestNotFound()
    row = _locked(tx, request_id)
    _may_become(row.state, "CANCELLED")
    requests.move(tx, request_id, "CANCELLED", now=now)
    told(tx, "CANCELLED", by=by, now=now, request_id=request_id)
    _pass_on(tx, row, by=by, now=now, zone=zone)
    return request_seen(tx, request_id)


def shelve(tx: Transaction, request_id: int, barcode: str, *, by: Actor, now: datetime, zone: tzinfo) -> RequestView:
    """Put the scanned copy onto the hold shelf: the one set aside, or another free one that will do as well."""
    row = _locked(tx, request_id)
    _may_become(row.state, "READY", from_only="ALLOCATED")
    scanned = copies.by_barcode(tx, normalised(barcode))
    if scanned is None:
        raise CopyNotFound(blockers=[Blocker(CopyNotFound.code, CopyNotFound.title, "/barcode")])
    fits = scanned.title_id == row.title_id and scanned.part == row.part and row.wished_copy_id in (None, scanned.id)
    if scanned.id != row.copy_id and not (fits and scanned.available):
        detail = "This copy will not do: it is of another title or part, out, or set aside for somebody else."
        raise CopyNotLoanable(detail, blockers=[Blocker(CopyNotLoanable.code, detail, "/barcode")])
    until = policies.for_pickup(tx, request_id, scanned.id, zone).pickup_until(now)
    requests.move(tx, request_id, "READY", now=now, copy_id=scanned.id, ready_until=until)
    told(tx, "READY", by=by, now=now, request_id=request_id, copy_id=scanned.id)
    if scanned.id != row.copy_id:
        allocate(tx, row.title_id, row.part, by=by, now=now, zone=zone)
    return request_seen(tx, request_id)


def expiring(tx: Transaction, *, now: datetime, zone: tzinfo, after: int = 0, limit: int = 200) -> list[int]:
    """Requests whose time is over: not needed any more, or not fetched."""
    return requests.expiring(tx, now=now, today=local_day(now, zone), after=after, limit=limit)


def expire(tx: Transaction, request_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> bool:
    """End a request whose time is over, and pass its copy on. One that was settled meanwhile stays as it is."""
    row = _locked(tx, request_id)
    unfetched = row.state == "READY" and row.ready_until < now
    unneeded = row.not_needed_after is not None and row.not_needed_after < local_day(now, zone)
    if not (unfetched or (unneeded and row.state in ("PENDING_APPROVAL", "QUEUED"))):
        return False
    requests.move(tx, request_id, "EXPIRED", now=now)
    told(tx, "EXPIRED", by=by, now=now, request_id=request_id)
    _pass_on(tx, row, by=by, now=now, zone=zone)
    return True


def request_seen(tx: Transaction, request_id: int) -> RequestView:
    """A request as staff see it."""
    found = requests.by_id(tx, request_id)
    if found is None:
        raise RequestNotFound()
    return found


def request_for(tx: Transaction, request_id: int, by: Actor) -> RequestView:
    """A request as staff or its own reader see it; to others it is absent."""
    found = request_seen(tx, request_id)
    if not (by.has(*DESK) or is_own(tx, found.patron_id, by)):
        raise RequestNotFound()
    return found


def requests_waiting(
    tx: Transaction, *, state: str | None = "open", title_id: int | None = None, after: int = 0, limit: int = 50
) -> list[RequestView]:
    """Requests of all readers in the order they were made; `state` is a state, `open`, or `None` for all."""
    return requests.page(tx, after=after, limit=limit, state=state, title_id=title_id)


def requests_of(
    tx: Transaction, by: Actor, *, state: str | None = None, after: int = 0, limit: int = 50
) -> list[RequestView]:
    """One's own requests in the order they were made."""
    patron_id = patron_of(tx, by)
    return [] if patron_id is None else requests.page(tx, after=after, limit=limit, patron_id=patron_id, state=state)


def lately_ended(tx: Transaction, by: Actor, *, now: datetime) -> list[RequestView]:
    """One's own requests that lately ended without a loan, latest first: who was refused has to learn it, and why."""
    patron_id = patron_of(tx, by)
    return [] if patron_id is None else requests.ended_unfilled(tx, patron_id, since=now - LATELY)


def standing_in_the_way(tx: Transaction, by: Actor, *, now: datetime, zone: tzinfo) -> list[Blocker]:
    """What keeps whoever acts from borrowing and requesting, whatever the title; told before they try."""
    patron_id = patron_of(tx, by)
    known = patrons.by_id(tx, patron_id) if patron_id is not None else None
    if known is None:
        return []
    most = policies.in_force(tx).policy(None, known.group_code, None).block_overdue
    overdue = len(loans.page(tx, after=0, limit=most, patron_id=known.id, state="overdue", now=now))
    reader = Reader(
        known.id, known.active, known.until, known.as_of, known.local, known.blocked, known.block_reason, overdue
    )
    return reader_blockers(reader, most, now=now, zone=zone, lending=False, own=True)


def queue_of(tx: Transaction, title_id: int) -> list[RequestView]:
    """The open requests of a title, part by part, in the order in which they are served."""
    return requests.queue_of(tx, title_id)


def is_own(tx: Transaction, patron_id: int | None, by: Actor) -> bool:
    """Whether the patron is whoever acts, under any hat."""
    return patron_id is not None and any(by.is_person(person) for person in patrons.persons(tx, patron_id))


def not_own(tx: Transaction, patron_id: int | None, by: Actor) -> None:
    """Refuse to decide what concerns oneself."""
    if is_own(tx, patron_id, by):
        raise OwnRequest("Nobody decides their own request; ask a colleague.")


def _pass_on(tx: Transaction, row: Any, *, by: Actor, now: datetime, zone: tzinfo) -> None:
    """Give the copy of a request that has ended to the next; on the hold shelf it is in hand for who fetches there."""
    if row.copy_id is not None:
        shelved = {"in_hand": row.copy_id, "at": row.pickup_location} if row.state == "READY" else {}
        allocate(tx, row.title_id, row.part, by=by, now=now, zone=zone, **shelved)


def _locked(tx: Transaction, request_id: int) -> Any:
    """The request's row after its title was locked and then itself."""
    place = requests.place(tx, request_id)
    if place is None:
        raise RequestNotFound()
    if place.title_id is not None:
        requests.lock_title(tx, place.title_id)
    return requests.locked(tx, request_id)


def _may_become(state: RequestState, target: RequestState, *, from_only: RequestState | None = None) -> None:
    if request_may_become(state, target) and from_only in (None, state):
        return
    raise illegal("request", state, target, REQUEST_MOVES[state])


def _beneficiary(tx: Transaction, wish: RequestCreate, by: Actor, now: datetime) -> int:
    if wish.patron is None:
        return own_patron(tx, by, now=now)
    if not by.has(*DESK):
        raise Forbidden("Only the desk makes requests for others.")
    return patron_meant(tx, wish.patron)


def _wished_copy(tx: Transaction, wish: RequestCreate, title_id: int) -> int | None:
    if wish.barcode is None:
        return None
    found = copies.by_barcode(tx, normalised(wish.barcode))
    if found is None or found.title_id != title_id or found.part != wish.part:
        raise CopyNotFound(blockers=[Blocker(CopyNotFound.code, "The title has no such copy.", "/barcode")])
    return found.id


def _pickup_known(tx: Transaction, code: str) -> None:
    if not references.exists(tx, "location", code):
        detail = f"{code!r} is no location of the library."
        raise UnknownReference(detail, blockers=[Blocker("UNKNOWN_CODE", detail, "/pickup_location")])
