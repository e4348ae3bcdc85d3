"""Readers over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query

from configuration.kit.bodies import Outbound
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.peers import PeerTimeout, PeerUnavailable
from library_mgt.clients.standing import Standing
from library_mgt.dependencies import DatabaseDep, DeskDep, HomesDep, Id, KeyDep, LibrarianDep, Now, ReaderDep
from library_mgt.models.data.patrons import PatronView
from library_mgt.models.request.circulation import CardChange, CardCreate, PatronChange, PatronCreate
from library_mgt.models.response.circulation import PatronRead, PatronSummaryRead
from library_mgt.services import patrons

router = APIRouter(prefix="/patrons", tags=["patrons"])
CardNumber = Annotated[str, Path(max_length=40)]


class Found(Outbound):
    """At most twenty readers; more text finds fewer."""

    items: list[PatronSummaryRead]


@router.get("", name="library:find_patrons", response_model=Found)
async def find_patrons(
    db: DatabaseDep,
    _desk: DeskDep,
    homes: HomesDep,
    q: Annotated[str, Query(min_length=1, max_length=100, description="Reference, number, card or name.")],
) -> dict[str, Sequence[PatronView | Standing]]:
    """Find readers.

    Somebody the library does not know yet is asked for at the student and faculty service, and shown without an id:
    only lending or requesting makes a reader of them.
    """
    found = await db.read(patrons.patron_found, q)
    if found:
        return {"items": found}
    try:
        return {"items": await homes.standings(q.strip())}
    except (PeerUnavailable, PeerTimeout):
        return {"items": []}


@router.post("", name="library:add_patron", status_code=201, response_model=PatronRead)
async def add_local_patron(
    new: PatronCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Register a reader who belongs to no other service."""
    return await act(
        db, key, patrons.add_local_patron, new, about="patron:new", by=librarian, now=now, answer=PatronRead
    )


@router.get(
    "/me", name="library:my_patron", response_model=PatronRead, responses={404: {"description": "Not known here yet."}}
)
async def my_patron(db: DatabaseDep, reader: ReaderDep) -> patrons.PatronRecord:
    """How the library knows oneself; 404 before the first request or loan."""
    return await db.read(patrons.own_record, reader)


@router.get("/{patron_id}", name="library:patron", response_model=PatronRead)
async def patron_record(patron_id: Id, db: DatabaseDep, _desk: DeskDep) -> patrons.PatronRecord:
    """A reader with hats and cards."""
    return await db.read(patrons.patron_record, patron_id)


@router.post("/{patron_id}/block", name="library:block_patron", response_model=PatronRead)
async def block_patron(
    patron_id: Id, change: PatronChange, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Block a reader, who is told the reason, or lift the block."""
    return await act(
        db,
        key,
        patrons.block_patron,
        patron_id,
        blocked=change.blocked,
        reason=change.reason,
        about=f"patron:{patron_id}",
        by=librarian,
        now=now,
        answer=PatronRead,
        status=200,
    )


@router.post("/{patron_id}/cards", name="library:add_card", status_code=201, response_model=PatronRead)
async def add_card(patron_id: Id, card: CardCreate, db: DatabaseDep, desk: DeskDep, now: Now, key: KeyDep) -> Answer:
    """Give a reader a card."""
    return await act(
        db, key, patrons.add_card, patron_id, card.number, about=f"patron:{patron_id}", by=desk, now=now,
        answer=PatronRead,
    )  # fmt: skip


@router.patch("/{patron_id}/cards/{number}", name="library:mark_card", response_model=PatronRead)
async def mark_card(
    patron_id: Id, number: CardNumber, change: CardChange, db: DatabaseDep, desk: DeskDep, now: Now
) -> Answer:
    """Say that a card is lost, replaced, or active again."""
    return await act(
        db,
        None,
        patrons.mark_card,
        patron_id,
        number,
        change.state,
        about=f"patron:{patron_id}",
        by=desk,
        now=now,
        answer=PatronRead,
        status=200,
    )
