"""What a desk's screens offer: choices, and what a scan box means by what was scanned."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.security.actor import Actor
from library_mgt.domain.barcodes import normalised, reader_text
from library_mgt.errors import BarcodeTaken, CopyNotFound, NumberTaken, RequestNotFound, refuse
from library_mgt.models.data.catalogue import TitleRecord
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.loans import LoanView
from library_mgt.models.data.patrons import PatronView
from library_mgt.models.data.requests import RequestView
from library_mgt.models.request.title import CopyCreate, TitleCreate
from library_mgt.repository import copies, queue, references, titles
from library_mgt.repository import requests as request_rows
from library_mgt.services import catalogue, patrons, requests, undoing
from library_mgt.services import copies as copy_service


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanned or typed text may mean."""

    copy: CopyView | None
    readers: list[PatronView]


def meant(tx: Transaction, text: str) -> Scanned:
    """The copy with this barcode, and the readers with this reference, number, card or name.

    A card that is out of use, and nothing else, is refused with what became of it.
    """
    found = Scanned(copies.by_barcode(tx, normalised(text)), patrons.patron_found(tx, text))
    if found.copy is None and not found.readers and (stale := patrons.out_of_use(tx, reader_text(text))):
        raise stale
    return found


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A request that ended at the desk: where its copy lies, and whose it is now."""

    request: RequestView
    barcode: str | None
    on_hold_shelf: bool
    next: RequestView | None


def cancel_request(tx: Transaction, request_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> Cancelled:
    """Cancel a request, and say what is to be done with the copy that was set aside for it."""
    before = requests.request_seen(tx, request_id)
    ended = requests.cancel(tx, request_id, by=by, now=now, zone=zone)
    follows = queue.assigned_to(tx, before.copy_id) if before.copy_id is not None else None
    return Cancelled(
        ended,
        before.barcode,
        before.state == "READY",
        requests.request_seen(tx, follows) if follows is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Undone:
    """An act that was undone: the loan as it stands, and whose the copy in hand is now."""

    loan: LoanView
    request: RequestView | None


def undo(tx: Transaction, loan_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> Undone:
    """Undo what the desk has just done with a loan, and say for whom a copy is kept that was not lent after all."""
    loan = undoing.undo(tx, loan_id, by=by, now=now, zone=zone)
    not_lent = loan.copy_id if loan.state == "RETURNED" else None
    follows = queue.assigned_to(tx, not_lent) if not_lent is not None else None
    return Undone(loan, requests.request_seen(tx, follows) if follows is not None else None)


def wishes_of(tx: Transaction, patron_id: int, *, limit: int = 50) -> list[RequestView]:
    """The open requests of a reader."""
    return request_rows.page(tx, after=0, limit=limit, patron_id=patron_id, state="open")


def against_adding(tx: Transaction, title: TitleCreate, copy: CopyCreate) -> list[Blocker]:
    """What keeps a new title with its first copy out of the catalogue."""
    found = catalogue.unproved(title.isbns)
    if title.number is not None and titles.id_by_number(tx, title.number) is not None:
        found.append(Blocker(NumberTaken.code, f"{NumberTaken.title}.", "/number"))
    if copy.barcode is not None and copies.by_barcode(tx, normalised(copy.barcode)) is not None:
        found.append(Blocker(BarcodeTaken.code, f"{BarcodeTaken.title}.", "/barcode"))
    return found


def add_title_with_copy(
    tx: Transaction, title: TitleCreate, copy: CopyCreate, *, by: Actor, now: datetime, zone: tzinfo
) -> TitleRecord:
    """Catalogue a title together with its first copy; all that stands against it is told together."""
    if found := against_adding(tx, title, copy):
        raise refuse(found)
    made = catalogue.add_title(tx, title, by=by, now=now)
    copy_service.add_copy(tx, made.title.id, copy, by=by, now=now, zone=zone)
    return catalogue.title_record(tx, made.title.id)


def choices(tx: Transaction, table: str) -> list[tuple[str, str]]:
    """Codes and names of `location`, `item_type`, `material_type` or `patron_group`, to choose from."""
    return [(one.code, one.name) for one in references.listed(tx, table)]


def class_choices(tx: Transaction) -> list[tuple[str, str]]:
    """The categories, to choose from."""
    return [(one.value, one.name) for one in references.categories(tx)]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A copy on the hold shelf: whose request it is kept for, and whether it lay there before the scan."""

    request: RequestView
    already: bool


def shelve_scanned(tx: Transaction, barcode: str, *, by: Actor, now: datetime, zone: tzinfo) -> Shelved:
    """Put a scanned copy onto the hold shelf for whoever it is set aside for; one that lies there stays.

    Another free copy of the same title does as well: then it takes the place of the one set aside for the first.
    """
    copy = copies.by_barcode(tx, normalised(barcode))
    if copy is None:
        raise CopyNotFound()
    request_id = copy.request_id
    if request_id is None:
        waiting = [wish for wish in requests.queue_of(tx, copy.title_id) if wish.state == "ALLOCATED"]
        request_id = next((wish.id for wish in waiting if wish.part == copy.part), None)
    if request_id is None:
        raise RequestNotFound("Nobody's request waits for this copy; put it back on its shelf.")
    kept = requests.request_seen(tx, request_id)
    if kept.state == "READY" and kept.copy_id == copy.id:
        return Shelved(kept, already=True)
    return Shelved(requests.shelve(tx, request_id, barcode, by=by, now=now, zone=zone), already=False)
