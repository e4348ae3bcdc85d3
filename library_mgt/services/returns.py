"""Copies coming back: over the desk, announced from afar, or found without ever having been lent."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.barcodes import normalised
from library_mgt.domain.states import LIVE_LOAN, LOAN_MOVES, LoanState
from library_mgt.errors import CopyNotFound, LoanNotFound, UnknownReference, illegal
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.loans import LoanView
from library_mgt.models.data.requests import RequestView
from library_mgt.repository import copies, events, facts, loans, policies, queue, references, requests, shelf
from library_mgt.services import fees
from library_mgt.services.attested import attested, not_before_loan, not_own_word
from library_mgt.services.patrons import is_own, patron_of
from library_mgt.services.queue import allocate
from library_mgt.services.requests import DESK
from library_mgt.services.trail import told

Outcome = Literal[
    "RETURNED", "BACK_IN_SERVICE", "HOLD_SHELF", "WITHDRAWN", "IN_REPAIR", "JUST_RETURNED", "OFF_HOLD_SHELF",
    "IN_HOUSE_USE",
]  # fmt: skip
_GIVEN_UP = {"CLAIMED_RETURNED": "CLAIMED_RETURNED", "LOST": "DECLARED_LOST", "SETTLED": "DECLARED_LOST"}
"""The event after which a loan's delay counts no more, by the loan's state."""

STILL_TAKEN = timedelta(days=180)
"""How long after its loss was settled a copy that turns up still ends its loan as returned."""
JUST_NOW = timedelta(minutes=2)
"""Scanned again so soon after its return, a copy was scanned twice and not read in between."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What the desk has to know of a scanned copy. It never names the borrower: whoever brings it may be another.

    `request` is the one the copy is now set aside for: it goes to the hold shelf of the pickup location.
    """

    outcome: Outcome
    copy: CopyView
    loan_id: int | None
    overdue: bool
    days_overdue: int
    announced: bool
    request: RequestView | None


def return_copy(
    tx: Transaction,
    barcode: str,
    *,
    location: str = "main",
    returned_at: datetime | None = None,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> CheckIn:
    """Take a scanned copy in, whoever brings it, was it out or not, and pass it on to who waits for it.

    `returned_at` is when it came back, where the desk attests that this was earlier than the scan: it ends the loan
    then. What follows from the scan itself, such as how long a copy is kept for the next reader, counts from now.
    Nobody attests that for an overdue loan of their own.
    """
    back_at = attested(now if returned_at is None else returned_at, now)
    location_known(tx, location)
    code = normalised(barcode)
    loans.lock_late_reader(tx, code, now=now)
    row = copies.locked(tx, code)
    if row is None:
        raise CopyNotFound()
    loan = loans.live_of_copy(tx, row.id) or _settled_lately(tx, row.id, back_at)
    if loan is not None:
        if returned_at is not None:  # A scan that waited, while the copy was lent, ends that loan all the same.
            not_before_loan(loan.loaned_at, back_at, zone)
        not_own_word(back_at, loan.due_at, now, zone, own=is_own(tx, loan.patron_id, by))
        _close(tx, loan, row, by=by, now=now, zone=zone, back_at=back_at)
        # Of a settled loan the copy may be in service again, and set aside.
        _shelved(tx, row, location, by=by, now=now, zone=zone)
        outcome: Outcome = "RETURNED"
    else:
        outcome = _without_loan(tx, row, location, by=by, now=now, zone=zone, back_at=back_at)
    if outcome in ("RETURNED", "BACK_IN_SERVICE"):
        allocate(tx, row.title_id, row.part, by=by, now=now, zone=zone, in_hand=row.id, at=location)
    request_id = queue.assigned_to(tx, row.id)
    copy = copies.by_id(tx, row.id)
    assert copy is not None
    overdue = loan is not None and loan.due_at < back_at
    return CheckIn(
        outcome,
        copy,
        loan.id if loan else None,
        overdue,
        (local_day(back_at, zone) - local_day(loan.due_at, zone)).days if overdue else 0,
        loan is not None and loan.announced_at is not None,
        requests.by_id(tx, request_id) if request_id is not None else None,
    )


def location_known(tx: Transaction, code: str) -> None:
    """Refuse a location that the library does not have."""
    if not references.exists(tx, "location", code):
        detail = f"{code!r} is no location of the library."
        raise UnknownReference(detail, blockers=[Blocker("UNKNOWN_CODE", detail, "/location")])


def return_loan(tx: Transaction, loan_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> LoanView:
    """Take a copy in by its loan's id. A loan that has ended cannot end again."""
    seen = loans.by_id(tx, loan_id)
    if seen is None:
        raise LoanNotFound()
    if seen.barcode is not None and seen.state in (*LIVE_LOAN, "SETTLED"):
        loans.lock_late_reader(tx, seen.barcode, now=now)
        row = copies.locked(tx, seen.barcode)
        loan = loans.locked(tx, loan_id)
        state = loan.state
        lately = _settled_lately(tx, row.id, now)
        if state in LIVE_LOAN or (lately is not None and lately.id == loan_id):
            _close(tx, loan, row, by=by, now=now, zone=zone, back_at=now)
            allocate(tx, row.title_id, row.part, by=by, now=now, zone=zone)
            return _seen(tx, loan_id)
    else:
        state = seen.state
    raise illegal("loan", state, "RETURNED", LOAN_MOVES[state])


def announce_return(tx: Transaction, loan_id: int, *, by: Actor, now: datetime) -> LoanView:
    """Note that the borrower is bringing it back. Only a scan at a desk closes the loan; a second note does nothing."""
    row = loans.locked(tx, loan_id)
    if row is None or not is_own(tx, row.patron_id, by):
        raise LoanNotFound()
    if row.state != "ON_LOAN":
        raise illegal("loan", row.state, "RETURNED", LOAN_MOVES[row.state])
    if row.announced_at is None:
        loans.announce(tx, loan_id, now=now)
        told(tx, "RETURN_ANNOUNCED", by=by, now=now, loan_id=loan_id)
    return _seen(tx, loan_id)


def loan_for(tx: Transaction, loan_id: int, by: Actor) -> LoanView:
    """A loan as staff or its own reader see it; to others it is absent."""
    found = loans.by_id(tx, loan_id)
    if found is None or not (by.has(*DESK) or is_own(tx, found.patron_id, by)):
        raise LoanNotFound()
    return found


def locked_with_reader(tx: Transaction, loan_id: int, target: LoanState, *states: LoanState) -> Any:
    """The loan's row, locked after its reader and title; refused in any state but these."""
    seen = loans.by_id(tx, loan_id)
    if seen is None:
        raise LoanNotFound()
    if seen.patron_id is not None and seen.title_id is not None:
        facts.lock_title(tx, seen.patron_id, seen.title_id)
    row = loans.locked(tx, loan_id)
    if row.state not in states:
        raise illegal("loan", row.state, target, LOAN_MOVES[row.state])
    return row


def loans_of(
    tx: Transaction,
    by: Actor,
    *,
    state: str | None = "live",
    after: int = 0,
    limit: int = 50,
    now: datetime | None = None,
) -> list[LoanView]:
    """One's own loans in the order they were made.

    `state` is a state, `live`, `overdue` (which needs `now`), or `None` for all.
    """
    patron_id = patron_of(tx, by)
    if patron_id is None:
        return []
    return loans.page(tx, after=after, limit=limit, patron_id=patron_id, state=state, now=now)


def loans_of_title(tx: Transaction, title_id: int, *, limit: int = 50) -> list[LoanView]:
    """The live loans of a title's copies."""
    return loans.page(tx, after=0, limit=limit, title_id=title_id, state="live")


def loans_listed(
    tx: Transaction,
    *,
    state: str | None = "live",
    patron_id: int | None = None,
    after: int = 0,
    limit: int = 50,
    now: datetime | None = None,
) -> list[LoanView]:
    """Loans of all readers, or of one, in the order they were made."""
    return loans.page(tx, after=after, limit=limit, patron_id=patron_id, state=state, now=now)


def _seen(tx: Transaction, loan_id: int) -> LoanView:
    found = loans.by_id(tx, loan_id)
    assert found is not None
    return found


def _settled_lately(tx: Transaction, copy_id: int, back_at: datetime) -> Any:
    """The settled loan of a copy that comes back late, but not too late to count as its return.

    A copy that somebody has had since is not that loan's any more.
    """
    loan = loans.settled_of_copy(tx, copy_id)
    settled_at = events.last_at(tx, loan.id, "SETTLED") if loan is not None else None
    return loan if settled_at is not None and back_at - settled_at <= STILL_TAKEN else None


def _close(tx: Transaction, loan: Any, row: Any, *, by: Actor, now: datetime, zone: tzinfo, back_at: datetime) -> None:
    """End the loan when the copy came back, and charge its delay; one that was given up for lost is in service again.

    What was claimed to be back, or given up, was late until then and no longer.
    """
    given_up = events.last_at(tx, loan.id, _GIVEN_UP[loan.state]) if loan.state in _GIVEN_UP else None
    loans.close(tx, loan.id, now=back_at)
    if row.status in ("MISSING", "LOST"):
        copies.set_status(tx, row.id, "IN_SERVICE", now=now)
    earlier = back_at.isoformat() if back_at < now else None
    told(tx, "RETURNED", by=by, now=now, loan_id=loan.id, copy_id=row.id, returned_at=earlier)
    late_until = back_at if given_up is None else min(given_up, back_at)
    fees.charge_overdue(tx, loan.id, until=late_until, by=by, now=now, zone=zone)
    if loan.state in ("LOST", "SETTLED"):
        fees.forgive_loss(tx, loan.id, by=by, now=now)


def _without_loan(
    tx: Transaction, row: Any, location: str, *, by: Actor, now: datetime, zone: tzinfo, back_at: datetime
) -> Outcome:
    """What a scanned copy means that was not out: found again, kept for somebody, read in the house, scanned twice."""
    off_shelf = shelf.cleared(tx, row.id)
    if _shelved(tx, row, location, by=by, now=now, zone=zone):
        return "HOLD_SHELF"
    subject = f"copy:{row.id}"
    if row.status in ("MISSING", "LOST", "ON_ORDER"):
        copies.set_status(tx, row.id, "IN_SERVICE", now=now)
        audit.record(tx, "copy.back_in_service", subject, by=by, now=now, facts={"was": row.status})
        return "BACK_IN_SERVICE"
    if row.status in ("WITHDRAWN", "IN_REPAIR"):
        standing: Outcome = row.status
        return standing
    if off_shelf:
        audit.record(tx, "copy.off_hold_shelf", subject, by=by, now=now)
        return "OFF_HOLD_SHELF"
    returned_at = loans.last_return(tx, row.id)
    if returned_at is not None and back_at - returned_at <= JUST_NOW:
        return "JUST_RETURNED"
    audit.record(tx, "copy.used_in_house", subject, by=by, now=now)
    return "IN_HOUSE_USE"


def _shelved(tx: Transaction, row: Any, location: str, *, by: Actor, now: datetime, zone: tzinfo) -> bool:
    """Whether the copy is set aside for somebody; where it is fetched it is ready from now on."""
    request_id = queue.assigned_to(tx, row.id)
    if request_id is None:
        return False
    waiting = requests.locked(tx, request_id)
    if waiting.state == "ALLOCATED" and waiting.pickup_location == location:
        until = policies.for_pickup(tx, request_id, row.id, zone).pickup_until(now)
        requests.move(tx, request_id, "READY", now=now, copy_id=row.id, ready_until=until)
        told(tx, "READY", by=by, now=now, request_id=request_id, copy_id=row.id)
    return True
