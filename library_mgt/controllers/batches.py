"""Many copies at once: a batch, or what lay in the book drop. Each line is a unit of its own."""

from datetime import datetime, tzinfo

from fastapi import APIRouter

from configuration.kit.database import Database
from configuration.kit.errors import Refusal
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Key
from configuration.kit.security.actor import Actor
from library_mgt.dependencies import DatabaseDep, DeskDep, KeyDep, Now, Zone
from library_mgt.domain.barcodes import normalised
from library_mgt.models.request.desk import BatchReturn
from library_mgt.models.response.circulation import CheckInRead
from library_mgt.models.response.desk import BatchRead, ProblemLine, ReturnLine
from library_mgt.services import attested, returns

SCANNED_TWICE = "SCANNED_TWICE"
router = APIRouter(tags=["loans"])


@router.post("/returns/batch", name="library:return_batch", response_model=BatchRead)
async def return_batch(
    batch: BatchReturn, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep
) -> BatchRead:
    """Take many scanned copies in. A line that cannot be done says why and stops no other; the same batch is harmless.

    Of a book drop the copies count as back since its last closing, or since the time the desk attests.
    """
    return await take_back(db, key, batch, by=desk, now=now, zone=zone)


async def take_back(
    db: Database,
    key: Key | None,
    batch: BatchReturn,
    *,
    answer: type[CheckInRead] = CheckInRead,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> BatchRead:
    """Take every copy of the batch in, one after the other; a barcode that comes twice counts once."""
    await db.read(returns.location_known, batch.location)
    back_at = None if batch.returned_at is None else attested.attested(batch.returned_at, now)
    if batch.book_drop and back_at is None:
        back_at = await db.read(attested.last_closing, batch.location, now=now, zone=zone)
    lines: list[ReturnLine] = []
    seen: set[str] = set()
    for place, scanned in enumerate(batch.barcodes, 1):
        barcode = normalised(scanned)
        if barcode in seen:
            lines.append(ReturnLine(place=place, barcode=barcode, outcome=SCANNED_TWICE))
            continue
        seen.add(barcode)
        try:
            done = await act(
                db,
                key.part(barcode) if key is not None else None,
                returns.return_copy,
                barcode,
                location=batch.location,
                returned_at=back_at,
                zone=zone,
                about=f"copy:{barcode}",
                by=by,
                now=now,
                answer=answer,
                status=200,
            )
            found = answer.model_validate_json(bytes(done.body))
            lines.append(ReturnLine(place=place, barcode=barcode, outcome=found.outcome, check_in=found))
        except Refusal as refusal:
            if refusal.status == 503:
                raise
            problem = ProblemLine(code=refusal.code, detail=refusal.detail)
            lines.append(ReturnLine(place=place, barcode=barcode, outcome=refusal.code, problem=problem))
    problems = sum(line.problem is not None for line in lines)
    back = sum(line.check_in is not None for line in lines)
    return BatchRead(returned_at=back_at, taken_back=back, problems=problems, lines=lines)
