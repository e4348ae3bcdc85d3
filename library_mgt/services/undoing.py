"""Undoing what a desk has just done, by an event that makes up for it: nothing is ever erased."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.security.actor import Actor
from library_mgt.domain.states import GONE
from library_mgt.errors import refuse
from library_mgt.models.data.loans import Event, LoanView
from library_mgt.repository import copies, events, loans, requests
from library_mgt.services import fees
from library_mgt.services.patrons import is_own
from library_mgt.services.queue import allocate
from library_mgt.services.returns import loan_for, location_known, locked_with_reader
from library_mgt.services.trail import told

WITHIN = timedelta(minutes=10)
"""For how long a desk may undo what it did."""


def undo(tx: Transaction, loan_id: int, *, location: str = "main", by: Actor, now: datetime, zone: tzinfo) -> LoanView:
    """Undo the check-out, the renewal or the return that is the last thing that happened to a loan.

    A renewed loan is due as before. A loan that should not have been made ends at once, without a fine, and its request
    waits again in its old place, the first to get the copy in hand at the desk of `location`. A return that was none
    makes the loan what it was, unless somebody was served by it meanwhile. All reasons against it are told together.
    """
    location_known(tx, location)
    row = locked_with_reader(tx, loan_id, "ON_LOAN", "ON_LOAN", "RETURNED")
    history = events.of_loan(tx, loan_id)
    last = history[-1]
    if last.kind not in ("CHECKED_OUT", "RENEWED", "RETURNED"):
        detail = "Something else has happened to the loan since."
        raise refuse([Blocker("NOT_THE_LAST_ACT", detail, None, None, {"last": last.kind})])
    found = _too_late(last, now)
    if last.kind == "RETURNED":
        found += _served_meanwhile(tx, row, history)
        found += fees.against_undoing(tx, row.id, own=is_own(tx, row.patron_id, by))
    if found:
        raise refuse(found)
    if last.kind == "CHECKED_OUT":
        _undo_check_out(tx, row, location, by=by, now=now, zone=zone)
    elif last.kind == "RENEWED":
        due_at = datetime.fromisoformat(last.facts["was_due_at"])
        loans.undo_renewal(tx, loan_id, due_at=due_at, announced_at=_called_off(history))
        told(tx, "RENEWAL_UNDONE", by=by, now=now, loan_id=loan_id, due_at=due_at.isoformat())
    else:
        loans.move(tx, loan_id, "ON_LOAN")
        fees.undo_overdue(tx, loan_id, by=by, now=now)
        told(tx, "UNDONE", by=by, now=now, loan_id=loan_id, copy_id=row.copy_id, act=last.kind)
    return loan_for(tx, loan_id, by)


def _undo_check_out(tx: Transaction, row: Any, location: str, *, by: Actor, now: datetime, zone: tzinfo) -> None:
    loans.undo_check_out(tx, row.id, now=now)
    if row.request_id is not None:
        requests.move(tx, row.request_id, "QUEUED", now=now)
    told(
        tx,
        "UNDONE",
        by=by,
        now=now,
        loan_id=row.id,
        request_id=row.request_id,
        copy_id=row.copy_id,
        act="CHECKED_OUT",
    )
    copy = copies.by_id(tx, row.copy_id)
    assert copy is not None
    allocate(tx, copy.title_id, copy.part, by=by, now=now, zone=zone, in_hand=copy.id, at=location)


def _called_off(history: list[Event]) -> datetime | None:
    """When the return was announced that the last renewal called off. A renewal that was undone called nothing off."""
    undone = 0
    for event in reversed(history[:-1]):
        if event.kind == "RENEWAL_UNDONE":
            undone += 1
        elif event.kind == "RENEWED" and undone:
            undone -= 1
        elif event.kind in ("RETURN_ANNOUNCED", "RENEWED"):
            return event.at if event.kind == "RETURN_ANNOUNCED" else None
    return None


def _too_late(last: Event, now: datetime) -> list[Blocker]:
    if now - last.at <= WITHIN:
        return []
    minutes = int(WITHIN.total_seconds()) // 60
    detail = f"It was done more than {minutes} minutes ago."
    return [Blocker("UNDO_TOO_LATE", detail, None, None, {"at": last.at.isoformat(), "minutes": minutes})]


def _served_meanwhile(tx: Transaction, row: Any, history: list[Event]) -> list[Blocker]:
    """Why a return stands: the copy has gone on, the reader has borrowed since, or it was no ordinary loan."""
    found: list[Blocker] = []
    copy = copies.by_id(tx, row.copy_id) if row.copy_id is not None else None
    if copy is None or copy.loan_id is not None or copy.request_id is not None:
        found.append(Blocker("SERVED_MEANWHILE", "The copy was given or set aside for somebody else since."))
    if copy is not None and (copy.part != row.part or copy.status in GONE):
        detail = "The copy was put to another part, or is not there any more."
        found.append(Blocker("COPY_CHANGED", detail, None, None, {"part": copy.part, "status": copy.status}))
    if row.patron_id is None or loans.borrowed_since(tx, row.patron_id, row.id):
        found.append(Blocker("BORROWED_SINCE", "The reader has borrowed something since, in its stead."))
    if any(event.kind in ("CLAIMED_RETURNED", "DECLARED_LOST", "SETTLED") for event in history):
        found.append(Blocker("WAS_GIVEN_UP", "The copy had been given up; its coming back is not undone."))
    return found
