"""Readers over HTTP."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from configuration.kit.bodies import Outbound
from configuration.kit.database import Database
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, Key
from configuration.kit.peers import PeerTimeout, PeerUnavailable
from configuration.kit.security.actor import Actor
from library_mgt.clients.standing import Standing
from library_mgt.dependencies import DatabaseDep, DeskDep, HomesDep, Id, KeyDep, LibrarianDep, Now, ReaderDep, Zone
from library_mgt.models.data.patrons import PatronView
from library_mgt.models.request.patrons import (
    BlockLifting,
    CardChange,
    CardCreate,
    GroupChange,
    PatronChange,
    PatronCreate,
    PatronExtension,
    PatronJoining,
)
from library_mgt.models.response.patrons import PatronRead, PatronSummaryRead
from library_mgt.services import blocks, cards, joining, patrons

router = APIRouter(prefix="/patrons", tags=["patrons"])
CardNumber = Annotated[str, Path(max_length=40)]


class Found(Outbound):
    """At most twenty readers; more text finds fewer."""

    items: list[PatronSummaryRead]


@dataclass(frozen=True, slots=True)
class Acting:
    """An act about one reader: once per key, and answered with the reader as they then are."""

    patron_id: int
    db: Database
    now: datetime
    zone: tzinfo

    async def act(
        self, key: Key | None, use_case: Callable[..., Any], *args: Any, by: Actor, status: int = 200, **more: Any
    ) -> Answer:
        """Run the use case about the reader."""
        return await act(
            self.db,
            key,
            use_case,
            self.patron_id,
            *args,
            about=f"patron:{self.patron_id}",
            by=by,
            now=self.now,
            zone=self.zone,
            answer=PatronRead,
            status=status,
            **more,
        )


async def _acting(patron_id: Id, db: DatabaseDep, now: Now, zone: Zone) -> Acting:
    return Acting(patron_id, db, now, zone)


ActingDep = Annotated[Acting, Depends(_acting)]


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
    new: PatronCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Register a reader who belongs to no other service."""
    return await act(
        db, key, patrons.add_local_patron, new, about="patron:new", by=librarian, now=now, zone=zone, answer=PatronRead
    )


@router.get(
    "/me", name="library:my_patron", response_model=PatronRead, responses={404: {"description": "Not known here yet."}}
)
async def my_patron(db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone) -> patrons.PatronRecord:
    """How the library knows oneself; 404 before the first request or loan."""
    return await db.read(patrons.own_record, reader, now=now, zone=zone)


@router.get("/{patron_id}", name="library:patron", response_model=PatronRead)
async def patron_record(patron_id: Id, db: DatabaseDep, _desk: DeskDep, now: Now, zone: Zone) -> patrons.PatronRecord:
    """A reader with hats, cards and the blocks that hold."""
    return await db.read(patrons.patron_record, patron_id, now=now, zone=zone)


@router.post("/{patron_id}/extend", name="library:extend_patron", response_model=PatronRead)
async def extend(extension: PatronExtension, librarian: LibrarianDep, acting: ActingDep, key: KeyDep) -> Answer:
    """Let a local reader belong to the library until another day."""
    return await acting.act(key, patrons.extend, extension, by=librarian)


@router.post("/{patron_id}/block", name="library:block_patron", response_model=PatronRead)
async def block_patron(change: PatronChange, librarian: LibrarianDep, acting: ActingDep, key: KeyDep) -> Answer:
    """Block a reader, who is told the reason, perhaps until a day; or lift every block."""
    return await acting.act(key, blocks.block_patron, by=librarian, **change.model_dump())


@router.post("/{patron_id}/blocks/{block_id}/lift", name="library:lift_block", response_model=PatronRead)
async def lift_block(
    block_id: Id, lifting: BlockLifting, librarian: LibrarianDep, acting: ActingDep, key: KeyDep
) -> Answer:
    """Lift one block of a reader."""
    return await acting.act(key, blocks.lift_block, block_id, lifting.reason, by=librarian)


@router.post("/{patron_id}/group", name="library:change_patron_group", response_model=PatronRead)
async def change_group(change: GroupChange, librarian: LibrarianDep, acting: ActingDep, key: KeyDep) -> Answer:
    """Put a reader into a group, whatever the home service says, or leave it to the home service again."""
    return await acting.act(key, blocks.change_group, change.group, change.reason, by=librarian)


@router.post("/{patron_id}/join", name="library:join_patrons", response_model=PatronRead)
async def join(joined: PatronJoining, librarian: LibrarianDep, acting: ActingDep, key: KeyDep) -> Answer:
    """Make one record of two of the same human: hats, cards, loans, requests and fees move here."""
    return await acting.act(key, joining.join, joined, by=librarian)


@router.post("/{patron_id}/cards", name="library:add_card", status_code=201, response_model=PatronRead)
async def add_card(card: CardCreate, desk: DeskDep, acting: ActingDep, key: KeyDep) -> Answer:
    """Give a reader a card."""
    return await acting.act(key, cards.add_card, card.number, by=desk, status=201)


@router.patch("/{patron_id}/cards/{number}", name="library:mark_card", response_model=PatronRead)
async def mark_card(number: CardNumber, _change: CardChange, desk: DeskDep, acting: ActingDep) -> Answer:
    """Say that a card is lost. Nobody is served with it any more, whoever brings it back."""
    return await acting.act(None, cards.report_lost, number, by=desk)


@router.post(
    "/{patron_id}/cards/{number}/replace", name="library:replace_card", status_code=201, response_model=PatronRead
)
async def replace_card(number: CardNumber, card: CardCreate, desk: DeskDep, acting: ActingDep, key: KeyDep) -> Answer:
    """Give a reader another card instead of this one; who scans the old one is told the new one."""
    return await acting.act(key, cards.replace_card, number, card.number, by=desk, status=201)
