"""The offline journal over HTTP: send its lines, see what became of each, settle what conflicts."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from fastapi import APIRouter

from configuration.kit.database import Database
from configuration.kit.errors import Refusal
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import ListingDep, Page
from configuration.kit.security.actor import Actor
from library_mgt.clients.standing import HomeServices, Standing
from library_mgt.controllers.acts import keeping, with_standing
from library_mgt.dependencies import DatabaseDep, DeskDep, HomesDep, Id, JournalAge, KeyDep, Now, Zone
from library_mgt.domain.journal import Entry, in_turn, read
from library_mgt.errors import JournalEntryTaken
from library_mgt.models.request.desk import Journal, Settlement
from library_mgt.models.response.desk import ConflictRead, JournalLineRead, JournalRead
from library_mgt.services import journal, returns

router = APIRouter(prefix="/journal", tags=["journal"])


@router.post("", name="library:replay_journal", response_model=JournalRead)
async def replay_journal(
    sent: Journal, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, homes: HomesDep, age: JournalAge
) -> JournalRead:
    """Replay lines that a desk wrote while the library was away, in the order of their times.

    Loans and returns are dated by their lines. The same line acts once, however often it is sent; what cannot be done
    is kept as a conflict until a person settles it, and tried again when it comes again.
    """
    return await replay_all(db, homes, sent, age=age, by=desk, now=now, zone=zone)


@router.get("/conflicts", name="library:journal_conflicts", response_model=Page[ConflictRead])
async def conflicts(db: DatabaseDep, _desk: DeskDep, listing: ListingDep) -> object:
    """What a person has to settle, in the order it came."""
    return await listing.of(db, journal.conflicts)


@router.post("/conflicts/{entry_id}/settle", name="library:settle_journal_conflict", response_model=ConflictRead)
async def settle(entry_id: Id, settlement: Settlement, db: DatabaseDep, desk: DeskDep, now: Now, key: KeyDep) -> Answer:
    """Note what was done about a conflict."""
    return await act(
        db,
        key,
        journal.settle,
        entry_id,
        settlement.word,
        about=f"journal:{entry_id}",
        by=desk,
        now=now,
        answer=ConflictRead,
        status=200,
    )


async def replay_all(
    db: Database, homes: HomeServices, sent: Journal, *, age: timedelta, by: Actor, now: datetime, zone: tzinfo
) -> JournalRead:
    """Replay every line as it happened; what became of them, in the order of the file."""
    await db.read(returns.location_known, sent.location)
    await db.write(journal.forget, oldest=age, now=now)
    entries, faults = read(sent.lines, now=now, oldest=age)
    lines = [JournalLineRead.model_validate(journal.refused(fault)) for fault in faults]
    lines += [await _replayed(db, homes, one, sent.location, by=by, now=now, zone=zone) for one in in_turn(entries)]
    counts = {name: sum(line.became == name for line in lines) for name in ("done", "conflict", "refused")}
    return JournalRead(
        done=counts["done"],
        done_before=sum(line.became in ("done before", "settled before") for line in lines),
        conflicts=counts["conflict"],
        refused=counts["refused"],
        lines=sorted(lines, key=lambda line: line.line),
    )


async def _replayed(
    db: Database, homes: HomeServices, entry: Entry, location: str, *, by: Actor, now: datetime, zone: tzinfo
) -> JournalLineRead:
    async def attempt(told: Sequence[Standing] = ()) -> JournalLineRead:
        answer = await act(
            db,
            None,
            keeping(told, journal.replay),
            entry,
            location=location,
            zone=zone,
            about=f"journal:{entry.digest[:16]}",
            by=by,
            now=now,
            answer=JournalLineRead,
        )
        return JournalLineRead.model_validate_json(bytes(answer.body))

    try:
        return await (with_standing(homes, entry.card, attempt) if entry.action == "lend" else attempt())
    except Refusal as refusal:
        if refusal.status == 503 and not refusal.blockers:
            raise
        kept = await _noted(db, entry, refusal, location, by=by, now=now)
    return JournalLineRead.model_validate(kept)


async def _noted(
    db: Database, entry: Entry, refusal: Refusal, location: str, *, by: Actor, now: datetime
) -> journal.LineResult:
    """Keep the conflict; when somebody else sends the same journal at this moment, the second look finds theirs."""
    try:
        return await db.write(journal.note_conflict, entry, refusal, location=location, by=by, now=now)
    except JournalEntryTaken:
        return await db.write(journal.note_conflict, entry, refusal, location=location, by=by, now=now)
