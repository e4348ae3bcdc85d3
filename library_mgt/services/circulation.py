"""Lending: check-out with its preview, and the issue of a request. Taking back stands in `returns`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.security.actor import Actor
from library_mgt.domain import lending
from library_mgt.domain.barcodes import normalised, reader_text
from library_mgt.domain.calendar import NoOpenDay
from library_mgt.domain.lending import CheckoutFacts
from library_mgt.domain.rules import Conditions
from library_mgt.domain.states import OPEN_REQUEST, REQUEST_MOVES
from library_mgt.errors import (
    CopyNotFound,
    NoFreeCopy,
    PatronNotFound,
    RequestAlreadyIssued,
    RequestNotFound,
    illegal,
    refuse,
)
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import LoanCreate, LoanPreview
from library_mgt.repository import copies, loans, patrons, queue, requests
from library_mgt.repository import facts as known
from library_mgt.services.attested import attested, lent_then
from library_mgt.services.overruling import overruled
from library_mgt.services.patrons import ambiguous
from library_mgt.services.queue import allocate
from library_mgt.services.requests import is_own, not_own
from library_mgt.services.returns import announce_return, loans_listed, loans_of, return_copy, return_loan
from library_mgt.services.trail import told

__all__ = [
    "Preview", "announce_return", "check_out", "issue_request", "loans_listed", "loans_of", "preview", "return_copy",
    "return_loan",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What a checkout would do: to whom, which copy, until when, and everything that stands against it."""

    patron_id: int
    person: str | None
    display_name: str | None
    title: str
    part: str
    barcode: str | None
    due_at: datetime | None
    request_id: int | None
    blockers: tuple[Blocker, ...]


def check_out(
    tx: Transaction, wish: LoanCreate, *, loaned_at: datetime | None = None, by: Actor, now: datetime, zone: tzinfo
) -> LoanView:
    """Lend a copy to a reader, and fulfil the reader's own request for the title if there is one.

    `loaned_at` is when it was handed over, where the desk attests that this was earlier than now.

    All blockers are told together. A librarian may overrule those that name that role, with a reason, but not for
    themselves; a reader whose set-aside copy is given away that way waits again in the old place.
    """
    text, barcode = reader_text(wish.patron), normalised(wish.barcode)
    out_at = attested(now if loaned_at is None else loaned_at, now)
    patron_id, copy_id = _identified(tx, text, barcode, known.lock_copy(tx, text, barcode))
    facts, conditions = known.for_checkout(tx, patron_id, copy_id, now=now, zone=zone)
    may_approve = _may_approve(tx, facts, by)
    found, due_at = _decided(facts, conditions, now=now, zone=zone, may_approve=may_approve, out_at=out_at)
    if wish.request not in (None, facts.own_id):
        detail = "The request named is not this reader's for this title."
        found.append(Blocker("REQUEST_DOES_NOT_FIT", detail, "/request"))
    if out_at < now:
        found += lent_then(loans.last_return(tx, copy_id), out_at, zone)
    overrides = overruled(tx, found, wish.override, facts.patron_id, by)
    return _lend(tx, facts, conditions, due_at, overrides, by=by, now=now, zone=zone, out_at=out_at)


def preview(tx: Transaction, wish: LoanPreview, *, by: Actor, now: datetime, zone: tzinfo) -> Preview:
    """The same answer as a checkout, without doing it."""
    text, barcode = reader_text(wish.patron), normalised(wish.barcode)
    patron_id, copy_id = _identified(tx, text, barcode, known.find_copy(tx, text, barcode))
    facts, conditions = known.for_checkout(tx, patron_id, copy_id, now=now, zone=zone)
    may_approve = _may_approve(tx, facts, by)
    found, due_at = _decided(facts, conditions, now=now, zone=zone, may_approve=may_approve)
    return Preview(
        facts.patron_id,
        facts.person,
        facts.display_name,
        facts.title,
        facts.part,
        facts.barcode,
        due_at,
        facts.own_id,
        tuple(found),
    )


def issue_request(
    tx: Transaction, request_id: int, *, barcode: str | None = None, by: Actor, now: datetime, zone: tzinfo
) -> LoanView:
    """Approve a request if that is still to do, and lend: the copy set aside, the scanned one, or a free one."""
    place = requests.place(tx, request_id)
    if place is None:
        raise RequestNotFound()
    if place.patron_id is not None and place.title_id is not None:
        known.lock_title(tx, place.patron_id, place.title_id)
    row = requests.locked(tx, request_id)
    if row.state == "FULFILLED":
        raise RequestAlreadyIssued()
    if row.state not in OPEN_REQUEST:
        raise illegal("request", row.state, "FULFILLED", REQUEST_MOVES[row.state])
    not_own(tx, row.patron_id, by)
    copy_id = _copy_for(tx, row, barcode)
    facts, conditions = known.for_checkout(tx, row.patron_id, copy_id, now=now, zone=zone)
    found, due_at = _decided(facts, conditions, now=now, zone=zone, may_approve=True)
    if found:
        raise refuse(found)
    return _lend(tx, facts, conditions, due_at, None, by=by, now=now, zone=zone, out_at=now)


def _copy_for(tx: Transaction, row: Any, barcode: str | None) -> int:
    """The copy to hand over for a request."""
    if barcode is not None:
        scanned = copies.by_barcode(tx, normalised(barcode))
        if scanned is None or scanned.title_id != row.title_id or scanned.part != row.part:
            raise CopyNotFound(blockers=[Blocker(CopyNotFound.code, "The title has no such copy.", "/barcode")])
        return scanned.id
    if row.copy_id is not None:
        assigned: int = row.copy_id
        return assigned
    free = queue.free_copy(tx, row.title_id, row.part, row.wished_copy_id)
    if free is None:
        raise NoFreeCopy("Every copy is out or set aside for others; the request can be approved and wait.")
    return free


def _identified(tx: Transaction, text: str, barcode: str, rows: Sequence[Any]) -> tuple[int, int]:
    """The patron and the copy, or everything that is wrong with what was typed and scanned."""
    if len(rows) == 1:
        return rows[0].patron_id, rows[0].copy_id
    if len(rows) > 1:
        raise ambiguous(patrons.by_typed(tx, text))
    blockers = []
    meant = patrons.by_typed(tx, text)
    if len(meant) > 1:
        raise ambiguous(meant)
    if not meant:
        blockers.append(Blocker(PatronNotFound.code, "No reader is known under this number.", "/patron"))
    if copies.by_barcode(tx, barcode) is None:
        blockers.append(Blocker(CopyNotFound.code, "No copy has this barcode.", "/barcode"))
    # Both are there when somebody added one a moment ago: the desk scans again.
    raise refuse(blockers or [Blocker(CopyNotFound.code, "The copy was not found; scan it again.", "/barcode")])


def _may_approve(tx: Transaction, facts: CheckoutFacts, by: Actor) -> bool:
    """Handing over a copy decides a pending request: that takes a librarian, and never one's own."""
    pending = facts.own_state == "PENDING_APPROVAL"
    return not pending or (by.has("librarian") and not is_own(tx, facts.patron_id, by))


def _decided(
    facts: CheckoutFacts,
    conditions: Conditions,
    *,
    now: datetime,
    zone: tzinfo,
    may_approve: bool,
    out_at: datetime | None = None,
) -> tuple[list[Blocker], datetime | None]:
    """Everything that stands against lending, and when it would be due; never, where no open day is in sight."""
    found = lending.blockers(facts, conditions.policy, now=now, zone=zone, may_approve=may_approve)
    try:
        return found, conditions.due(out_at or now, until=facts.until)
    except NoOpenDay as closed:
        return [*found, Blocker("NO_OPEN_DAY", str(closed), "/barcode", None, {"location": facts.location})], None


def _lend(
    tx: Transaction,
    facts: CheckoutFacts,
    conditions: Conditions,
    due_at: datetime | None,
    overrides: dict[str, Any] | None,
    *,
    by: Actor,
    now: datetime,
    zone: tzinfo,
    out_at: datetime,
) -> LoanView:
    """Write what was decided: the requests first, since they hold the copy that the loan needs."""
    displaced = facts.assigned_id if facts.assigned_patron_id != facts.patron_id else None
    if displaced is not None:
        requests.move(tx, displaced, "QUEUED", now=now)
        told(tx, "REQUEUED", by=by, now=now, request_id=displaced, copy_id=facts.copy_id)
    if facts.own_id is not None:
        decided_by = by.person if facts.own_state == "PENDING_APPROVAL" else None
        requests.move(tx, facts.own_id, "FULFILLED", now=now, decided_by=decided_by)
    assert due_at is not None, "without an open day nothing is lent, whoever overrules"
    policy, request_id = conditions.policy, facts.own_id
    loan = loans.open_loan(tx, facts, policy, due_at=due_at, now=out_at, request_id=request_id, overrides=overrides)
    told(
        tx,
        "CHECKED_OUT",
        by=by,
        now=now,
        loan_id=loan.id,
        request_id=facts.own_id,
        copy_id=facts.copy_id,
        overridden=overrides["codes"] if overrides else None,
        loaned_at=out_at.isoformat() if out_at < now else None,
    )
    if displaced is not None or facts.own_copy_id not in (None, facts.copy_id):
        allocate(tx, facts.title_id, facts.part, by=by, now=now, zone=zone)
    return loan
