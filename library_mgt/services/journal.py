"""Replaying the offline journal: each line once, in a unit of its own, dated by its own time."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.journal import Entry, Fault
from library_mgt.errors import JournalEntryNotFound
from library_mgt.models.data.journal import JournalRow
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.repository import journal
from library_mgt.services.circulation import check_out
from library_mgt.services.renewals import renew_copy
from library_mgt.services.returns import return_copy

Became = Literal["done", "done before", "settled before", "conflict", "refused"]


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line of a journal, at which line of the file.

    `outcome` is `LENT`, `RENEWED`, an outcome of a check-in, or the code of what stands in the way, which `detail` says
    in words.
    """

    line: int
    became: Became
    outcome: str
    detail: str | None = None


def replay(
    tx: Transaction, entry: Entry, *, location: str = "main", by: Actor, now: datetime, zone: tzinfo
) -> LineResult:
    """Do what the line says, as of its time; one that was done or settled before changes nothing.

    A refusal rolls everything back, and `note_conflict` writes it down. A conflict that comes again is tried again.
    """
    known = journal.locked(tx, entry)
    if known is not None and known.state != "CONFLICT":
        return LineResult(entry.line, "done before" if known.state == "DONE" else "settled before", known.outcome)
    outcome, loan_id = _done(tx, entry, min(entry.at, now), location, by=by, now=now, zone=zone)
    journal.keep(tx, known, entry, "DONE", outcome, location=location, by=by.person, now=now, loan_id=loan_id)
    return LineResult(entry.line, "done", outcome)


def _done(
    tx: Transaction, entry: Entry, at: datetime, location: str, *, by: Actor, now: datetime, zone: tzinfo
) -> tuple[str, int | None]:
    """Lend, renew or take back as of then; answers the outcome and the loan."""
    if entry.action == "lend":
        wish = LoanCreate(patron=entry.card, barcode=entry.barcode)
        return "LENT", check_out(tx, wish, loaned_at=at, by=by, now=now, zone=zone).id
    if entry.action == "renew":
        return "RENEWED", renew_copy(tx, entry.barcode, renewed_at=at, by=by, now=now, zone=zone).id
    back = return_copy(tx, entry.barcode, location=location, returned_at=at, by=by, now=now, zone=zone)
    return back.outcome, back.loan_id


def note_conflict(
    tx: Transaction, entry: Entry, refusal: Refusal, *, location: str = "main", by: Actor, now: datetime
) -> LineResult:
    """Keep a line that was refused for a person to settle, unless somebody else's replay of it was done meanwhile."""
    known = journal.locked(tx, entry)
    if known is not None and known.state != "CONFLICT":
        return LineResult(entry.line, "done before" if known.state == "DONE" else "settled before", known.outcome)
    why = refusal.detail
    journal.keep(tx, known, entry, "CONFLICT", refusal.code, location=location, by=by.person, now=now, detail=why)
    return LineResult(entry.line, "conflict", refusal.code, why)


def refused(fault: Fault) -> LineResult:
    """A line that says no act: it is not kept, for it has to be written otherwise."""
    return LineResult(fault.line, "refused", fault.code, fault.detail)


def conflicts(tx: Transaction, *, after: int = 0, limit: int = 50) -> list[JournalRow]:
    """The lines that a person has to settle, in the order they came."""
    return journal.conflicts(tx, after=after, limit=limit)


def conflict(tx: Transaction, entry_id: int) -> JournalRow:
    """A line that a person has to settle."""
    found = journal.by_id(tx, entry_id)
    if found is None or found.state != "CONFLICT":
        raise JournalEntryNotFound()
    return found


def settle(tx: Transaction, entry_id: int, word: str, *, by: Actor, now: datetime) -> JournalRow:
    """Note what was done about a conflict. Its reader is forgotten here; the word should not name them."""
    if not journal.conflict_locked(tx, entry_id):
        raise JournalEntryNotFound()
    journal.settle(tx, entry_id, word, by=by.person, now=now)
    audit.record(tx, "journal.settled", f"journal:{entry_id}", by=by, now=now)
    found = journal.by_id(tx, entry_id)
    assert found is not None
    return found


def forget(tx: Transaction, *, oldest: timedelta, now: datetime) -> int:
    """Delete lines that are older than a journal may be: the same line again would be refused for its age."""
    return journal.forget(tx, now - oldest)
