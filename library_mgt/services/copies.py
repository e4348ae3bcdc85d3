"""Copies: adding, changing and finding what is lent."""

from datetime import datetime, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker, VersionMismatch
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.barcodes import generated, normalised
from library_mgt.errors import BarcodeTaken, CopyAlreadyOnLoan, CopyNotFound, OwnFee, TitleNotFound, UnknownReference
from library_mgt.models.data.copies import CopyView
from library_mgt.models.request.title import CopyChange, CopyCreate
from library_mgt.repository import copies, loans, references, requests, titles
from library_mgt.services.patrons import is_own
from library_mgt.services.queue import allocate
from library_mgt.services.trail import told

_NEVER_EMPTY = ("part", "location", "item_type", "status")


def add_copy(tx: Transaction, title_id: int, new: CopyCreate, *, by: Actor, now: datetime, zone: tzinfo) -> CopyView:
    """Put a copy of the title on the shelf, and set it aside at once where somebody waits for it."""
    if titles.locked(tx, title_id) is None:
        raise TitleNotFound()
    _codes_known(tx, new.location, new.item_type)
    values = {name: getattr(new, name) for name in copies.CHANGEABLE}
    copy_id = copies.add(tx, title_id, values, now=now)
    barcode = normalised(new.barcode) if new.barcode is not None else generated(copy_id)
    copies.set_barcode(tx, copy_id, barcode, now=now)
    audit.record(tx, "copy.added", f"copy:{copy_id}", by=by, now=now, facts={"title_id": title_id, "barcode": barcode})
    allocate(tx, title_id, new.part, by=by, now=now, zone=zone)
    return _view(tx, copy_id)


def edit_copy(
    tx: Transaction,
    barcode: str,
    change: CopyChange,
    *,
    version: int | None,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> CopyView:
    """Change what the change names.

    A copy that leaves service while it is set aside goes back: its request waits again, in its old place, and gets
    another copy if there is one. A copy that is out keeps its status and part until it is back.
    """
    if copies.locked(tx, normalised(barcode)) is None:
        raise CopyNotFound()
    present = copies.by_barcode(tx, normalised(barcode))
    assert present is not None
    if version is not None and present.version != version:
        raise VersionMismatch(f"The copy is at version {present.version} now; look at it again.")
    given = change.model_fields_set
    values = {name: getattr(change if name in given else present, name) for name in copies.CHANGEABLE}
    _kept(values)
    _codes_known(tx, values["location"], values["item_type"])
    moved = [name for name in ("status", "part") if values[name] != getattr(present, name)]
    if moved and present.loan_id is not None:
        detail = f"The copy is on loan; take it back before changing its {' and '.join(moved)}."
        raise CopyAlreadyOnLoan(detail, blockers=[Blocker("COPY_ALREADY_ON_LOAN", detail, f"/{moved[0]}")])
    costs = [name for name in ("price_minor", "location") if values[name] != getattr(present, name)]
    if costs and present.loan_id is not None:
        _nobodys_own(tx, present.loan_id, by)
    if moved and present.request_id is not None:
        requests.move(tx, present.request_id, "QUEUED", now=now)
        told(tx, "REQUEUED", by=by, now=now, request_id=present.request_id, copy_id=present.id)
    copies.change(tx, present.id, values, now=now)
    if change.barcode is not None and normalised(change.barcode) != present.barcode:
        _relabel(tx, present, normalised(change.barcode), now)
    facts = {"fields": sorted(given), "status": values["status"]}
    audit.record(tx, "copy.changed", f"copy:{present.id}", by=by, now=now, facts=facts)
    for part in dict.fromkeys((present.part, values["part"])):
        allocate(tx, present.title_id, part, by=by, now=now, zone=zone)
    return _view(tx, present.id)


def copy_found(tx: Transaction, barcode: str) -> CopyView:
    """The copy that has, or ever had, the barcode."""
    found = copies.by_barcode(tx, normalised(barcode))
    if found is None:
        raise CopyNotFound()
    return found


def title_of_barcode(tx: Transaction, text: str) -> int | None:
    """The title of the copy that has, or ever had, this barcode."""
    found = copies.by_barcode(tx, normalised(text))
    return found.title_id if found is not None else None


def copies_of(tx: Transaction, title_id: int, *, after: int = 0, limit: int = 50) -> list[CopyView]:
    """Copies of a title in order of their ids, at most `limit`, with ids above `after`."""
    if titles.by_id(tx, title_id) is None:
        raise TitleNotFound()
    return copies.of_title(tx, title_id, after)[:limit]


def _nobodys_own(tx: Transaction, loan_id: int, by: Actor) -> None:
    """Refuse to change what the fine of one's own loan follows from: the price, and the hours of the place."""
    lent = loans.by_id(tx, loan_id)
    if lent is not None and is_own(tx, lent.patron_id, by):
        raise OwnFee("You have this copy on loan, and what it may cost you hangs on that; ask a colleague.")


def _relabel(tx: Transaction, present: CopyView, barcode: str, now: datetime) -> None:
    holder = copies.by_barcode(tx, barcode)
    if holder is not None and holder.id != present.id:
        raise BarcodeTaken()
    copies.set_barcode(tx, present.id, barcode, now=now, former=holder is not None)


def _view(tx: Transaction, copy_id: int) -> CopyView:
    found = copies.by_id(tx, copy_id)
    assert found is not None
    return found


def _kept(values: dict[str, Any]) -> None:
    for name in _NEVER_EMPTY:
        if values[name] is None:
            detail = f"The {name.replace('_', ' ')} cannot be emptied."
            raise UnknownReference(detail, blockers=[Blocker("REQUIRED", detail, f"/{name}")])


def _codes_known(tx: Transaction, location: str, item_type: str) -> None:
    blockers = [
        Blocker("UNKNOWN_CODE", f"{code!r} is no {table.replace('_', ' ')} of the library.", f"/{table}")
        for table, code in (("location", location), ("item_type", item_type))
        if not references.exists(tx, table, code)
    ]
    if blockers:
        raise UnknownReference(" ".join(blocker.detail for blocker in blockers), blockers=blockers)
