"""What a desk does with a loan besides lending and taking back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from configuration.kit.database import Database
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, Key
from configuration.kit.security.actor import Actor
from configuration.kit.versions import etag
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, KeyDep, LibrarianDep, Now, Zone
from library_mgt.models.request.circulation import Undoing
from library_mgt.models.response.circulation import DeskLoanRead
from library_mgt.services import losses, recalls, undoing

router = APIRouter(prefix="/loans/{loan_id}", tags=["loans"])


@router.post("/recall", name="library:recall", response_model=DeskLoanRead)
async def recall(loan_id: Id, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep) -> Answer:
    """Call a loan back for who waits; its reader is told the new due date."""
    return await _done(db, key, recalls.recall, loan_id, by=desk, now=now, zone=zone)


@router.post("/claim-returned", name="library:claim_returned", response_model=DeskLoanRead)
async def claim_returned(loan_id: Id, db: DatabaseDep, desk: DeskDep, now: Now, key: KeyDep) -> Answer:
    """Note that the reader says it was brought back; never of one's own loan."""
    return await _done(db, key, losses.claim_returned, loan_id, by=desk, now=now)


@router.post("/declare-lost", name="library:declare_lost", response_model=DeskLoanRead)
async def declare_lost(loan_id: Id, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep) -> Answer:
    """Give the copy up for lost; never of one's own loan."""
    return await _done(db, key, losses.declare_lost, loan_id, by=librarian, now=now)


@router.post("/settle", name="library:settle", response_model=DeskLoanRead)
async def settle(loan_id: Id, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep) -> Answer:
    """End the loan of a lost copy; never one's own."""
    return await _done(db, key, losses.settle, loan_id, by=librarian, now=now)


@router.post("/undo", name="library:undo", response_model=DeskLoanRead)
async def undo(
    loan_id: Id, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep, undoing_at: Undoing | None = None
) -> Answer:
    """Undo the check-out, the renewal or the return that was just done, within ten minutes."""
    location = (undoing_at or Undoing()).location
    return await _done(db, key, undoing.undo, loan_id, location=location, by=desk, now=now, zone=zone)


async def _done(
    db: Database,
    key: Key | None,
    use_case: Callable[..., Any],
    loan_id: int,
    *,
    by: Actor,
    now: datetime,
    **options: Any,
) -> Answer:
    """Do something with a loan, and answer it as it stands then."""
    about = f"loan:{loan_id}"
    return await act(
        db, key, use_case, loan_id, about=about, by=by, now=now, answer=DeskLoanRead, status=200, etag=etag, **options
    )
