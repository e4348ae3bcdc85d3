"""Returns by the heap: scanned one after another without a reader, or many barcodes sent at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.days import instant
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, PagesDep, faults_of
from configuration.kit.web.flash import Kind
from configuration.kit.web.forms import file_of, read
from library_mgt.controllers import batches
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.controllers.pages.words import READER, TakenBack, checked_in, flashed
from library_mgt.dependencies import DatabaseDep, DeskDep
from library_mgt.models.request.desk import BatchReturn
from library_mgt.models.response.circulation import CheckInRead
from library_mgt.models.response.desk import BatchRead
from library_mgt.models.response.title import DeskCopyRead
from library_mgt.services import attested, desk, requests, returns

LARGEST_FILE = 64 * 1024
router = APIRouter(include_in_schema=False)


class BatchBack(CheckInRead):
    """A check-in with the copy's title, as a batch keeps it under its key."""

    copy_: DeskCopyRead = Field(validation_alias="copy", serialization_alias="copy")


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of one barcode: its first sentence, and the others."""

    barcode: str
    kind: Kind
    text: str
    more: Sequence[str]


@dataclass(frozen=True, slots=True)
class Heap:
    """Where a heap is scanned, and since when its copies count as back."""

    location: str = "main"
    drop: bool = False
    back_at: str = ""
    count: int = 0

    @property
    def address(self) -> str:
        """The page that goes on with it."""
        said = {"location": self.location, "count": self.count}
        said |= {"drop": "yes"} if self.drop else {}
        said |= {"back_at": self.back_at} if self.back_at else {}
        return f"/desk/returns?{urlencode(said)}"


def _heap(doing: Doing) -> Heap:
    fields = doing.fields
    count = int(fields["count"]) if fields["count"].isdecimal() and len(fields["count"]) < 7 else 0
    return Heap(fields["location"][:40] or "main", fields["drop"] == "yes", fields["back_at"][:19], count)


def _choices(tx: Transaction) -> Said:
    return {"locations": desk.choices(tx, "location")}


@router.get("/desk/returns", name="pages:returns")
async def open_returns(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: DeskDep,
    *,
    location: Annotated[str, Query(max_length=40)] = "main",
    drop: Annotated[str, Query(max_length=3)] = "",
    back_at: Annotated[str, Query(max_length=19)] = "",
    count: Annotated[int, Query(ge=0, le=999_999)] = 0,
) -> Response:
    """The box for a heap of returned copies."""
    shown: Said = {"heap": Heap(location, drop == "yes", back_at, count), "batch": None, "lines": [], "errors": []}
    seen = await db.read(_choices)
    return pages.render(request, "returns.html", flash=await flashed(request, db), **shown, **seen)


@router.post("/desk/returns", name="pages:returns:scan")
async def scan(actor: DeskDep, doing: DoingDep) -> Response:
    """Take one copy of the heap in."""
    heap, scanned = _heap(doing), doing.fields["scan"][:40]
    if not scanned:
        return doing.back(heap.address)
    try:
        back_at = await _back_at(doing, heap)
    except Refusal as refusal:
        return doing.back(heap.address, f"{doing.say('Not taken back')}: {scanned}\n{refusal.detail}", "danger")
    kept = Heap(heap.location, heap.drop, heap.back_at, heap.count + 1)
    return await _take_back(doing, actor, scanned, heap.address, kept.address, heap.location, back_at)


@router.post("/queue/clear", name="pages:queue:clear")
async def clear(actor: DeskDep, doing: DoingDep) -> Response:
    """Take a copy off the hold shelf."""
    back, scanned = "/queue?view=clear", doing.fields["scan"][:40]
    return await _take_back(doing, actor, scanned, back, back) if scanned else doing.back(back)


@router.post("/queue/found", name="pages:queue:found")
async def found(actor: DeskDep, doing: DoingDep) -> Response:
    """Take a missing copy in that lies there after all."""
    back, scanned = "/queue?view=missing", doing.fields["scan"][:40]
    return await _take_back(doing, actor, scanned, back, back) if scanned else doing.back(back)


async def _take_back(
    doing: Doing,
    actor: Actor,
    scanned: str,
    failed: str,
    done: str,
    location: str = "main",
    back_at: datetime | None = None,
) -> Response:
    try:
        found = await doing.act(
            returns.return_copy,
            scanned,
            location=location,
            returned_at=back_at,
            about="scan",
            by=actor,
            zone=doing.zone,
            answer=TakenBack,
        )
    except Refusal as refusal:
        return doing.back(failed, f"{doing.say('Not taken back')}: {scanned}\n{refusal.detail}", "danger")
    told = await checked_in(doing, found)
    return doing.back(done, told.text, told.kind, told.about)


@router.post("/desk/returns/many", name="pages:returns:many")
async def many(actor: DeskDep, doing: DoingDep) -> Response:
    """Take many copies in at once, from a list that is pasted or sent."""
    heap, errors, batch = _heap(doing), list[FieldError](), None
    values: dict[str, Any] = {
        "barcodes": await _barcodes(doing),
        "location": heap.location,
        "book_drop": heap.drop,
        "returned_at": _attested(doing, heap) if heap.drop else None,
    }
    wish, errors = read(BatchReturn, values)
    if wish is not None:
        try:
            batch = await batches.take_back(
                doing.db, doing.key, wish, answer=BatchBack, by=actor, now=doing.now, zone=doing.zone
            )
        except Refusal as refusal:
            errors = faults_of(refusal)
    lines = await _told(doing, batch) if batch is not None else []
    seen = await doing.db.read(_choices)
    shown: Said = {"heap": heap, "batch": batch, "lines": lines, "errors": errors}
    return doing.pages.render(doing.request, "returns.html", 422 if errors else 200, **shown, **seen)


async def _barcodes(doing: Doing) -> list[str]:
    """What was pasted and what the file holds, one barcode per line or cell."""
    text, file = doing.fields["barcodes"], await file_of(doing.request, "file")
    if file is not None:
        text += "\n" + (await file.read(LARGEST_FILE)).decode("utf-8-sig", "replace")
    return [part.strip() for part in re.split(r"[\n\r\t,;]+", text) if part.strip()]


def _attested(doing: Doing, heap: Heap) -> datetime | None:
    """The time on the clock of the library that the desk attests; none when none that reads was given."""
    try:
        return instant(datetime.fromisoformat(heap.back_at).replace(tzinfo=None), doing.zone)
    except (ValueError, OverflowError):
        return None


async def _back_at(doing: Doing, heap: Heap) -> datetime | None:
    if not heap.drop:
        return None
    said = _attested(doing, heap)
    if said is not None:
        return attested.attested(said, doing.now)
    return await doing.db.read(attested.last_closing, heap.location, now=doing.now, zone=doing.zone)


def _readers(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """Whose requests these are."""
    found = [requests.request_seen(tx, request_id) for request_id in ids]
    return {wish.id: wish.display_name or wish.person or "" for wish in found}


async def _told(doing: Doing, batch: BatchRead) -> list[Line]:
    """The batch line by line, in words, with the names that go onto the labels of the hold shelf."""
    holds = [line.check_in.request.id for line in batch.lines if line.check_in and line.check_in.request]
    names = await doing.db.read(_readers, holds)
    lines = []
    for line in batch.lines:
        if line.problem is not None:
            lines.append(Line(line.barcode, "danger", doing.say("Not taken back"), [line.problem.detail]))
        elif line.check_in is None:
            lines.append(Line(line.barcode, "info", doing.say("Scanned twice"), [doing.say("It counts once.")]))
        else:
            told = await checked_in(doing, line.check_in.model_dump(mode="json"))
            hold = line.check_in.request
            first, *others = told.text.replace(READER, names[hold.id] if hold else "").splitlines()
            lines.append(Line(line.barcode, told.kind, first, others))
    return lines
