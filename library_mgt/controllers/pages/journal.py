"""The offline journal on a page: send a file, see what became of each line, settle what conflicts."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Database
from configuration.kit.errors import Refusal
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, PagesDep, faults_of
from configuration.kit.web.forms import file_of, read
from configuration.kit.web.urls import next_link
from library_mgt.controllers.journal import replay_all
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, JournalAge
from library_mgt.models.request.desk import MOST_LINES, Journal, Settlement
from library_mgt.models.response.desk import ConflictRead, JournalRead
from library_mgt.services import desk, journal

PAGE = 50
LARGEST_FILE = 400 * 1024
router = APIRouter(include_in_schema=False)


async def _seen(request: Request, db: Database, cursor: str | None = None) -> Said:
    """What the page shows besides the result: the conflicts, and what the form lets choose from."""
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await db.read(journal.conflicts, after=after, limit=PAGE + 1)
    conflicts, following = cut(found, PAGE, lambda row: (row.id,))
    locations = await db.read(desk.choices, "location")
    return {"conflicts": conflicts, "next_url": next_link(request, following), "locations": locations}


@router.get("/desk/journal", name="pages:journal")
async def open_journal(
    request: Request, db: DatabaseDep, pages: PagesDep, _actor: DeskDep, cursor: CursorDep, age: JournalAge
) -> Response:
    """The form for a journal, and the conflicts that a person has to settle."""
    shown: Said = {"result": None, "sent": [], "errors": [], "location": "main", "most_days": age.days}
    return pages.render(request, "journal.html", **shown, **await _seen(request, db, cursor))


@router.post("/desk/journal", name="pages:journal:send")
async def send(actor: DeskDep, doing: DoingDep, age: JournalAge) -> Response:
    """Replay what was sent. The same file again does nothing twice."""
    lines, location = await _lines(doing), doing.fields["location"][:40] or "main"
    result: JournalRead | None = None
    sent, errors = read(Journal, {"lines": lines, "location": location})
    if not any(lines):
        errors = [FieldError(doing.say("Choose a file, or paste its lines."), "file")]
    elif len(lines) > MOST_LINES:
        errors = [FieldError(doing.say("At most %s lines at once; send it in pieces.") % MOST_LINES, "file")]
    elif sent is not None:
        try:
            result = await replay_all(doing.db, doing.homes, sent, age=age, by=actor, now=doing.now, zone=doing.zone)
        except Refusal as refusal:
            errors = faults_of(refusal)
    shown: Said = {"result": result, "sent": lines, "errors": errors, "location": location, "most_days": age.days}
    seen = await _seen(doing.request, doing.db)
    return doing.pages.render(doing.request, "journal.html", 422 if errors else 200, **shown, **seen)


async def _lines(doing: Doing) -> list[str]:
    """What the file holds, or what was pasted."""
    file = await file_of(doing.request, "file")
    if file is None:
        return doing.fields["lines"].splitlines()
    return (await file.read(LARGEST_FILE)).decode("utf-8-sig", "replace").splitlines()


@router.post("/desk/journal/{entry_id}/settle", name="pages:journal:settle")
async def settle(entry_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Note in a word what was done about a conflict."""
    wish, errors = read(Settlement, {"word": doing.fields["word"][:300]})
    if wish is None:
        said = " ".join(doing.told(error.text) for error in errors)
        return doing.back(
            "/desk/journal", f"{doing.say('Not settled: say in a word what was done.')}\n{said}", "danger"
        )
    try:
        await doing.act(journal.settle, entry_id, wish.word, about=f"journal:{entry_id}", by=actor, answer=ConflictRead)
    except Refusal as refusal:
        return doing.back("/desk/journal", refusal.detail, "info")
    return doing.back("/desk/journal", doing.say("The conflict is settled."))


@router.post("/desk/journal/{entry_id}/again", name="pages:journal:again")
async def again(entry_id: Id, actor: DeskDep, doing: DoingDep, age: JournalAge) -> Response:
    """Try a conflict again: what stood in its way may be gone."""
    try:
        told = await _tried(doing, entry_id, actor, age=age)
    except Refusal as refusal:
        return doing.back("/desk/journal", refusal.detail, "danger")
    [line] = told.lines
    if line.became in ("conflict", "refused"):
        return doing.back("/desk/journal", f"{doing.say('Still not done')}\n{line.detail}", "danger")
    return doing.back("/desk/journal", doing.say("It is done now."))


async def _tried(doing: Doing, entry_id: int, actor: Actor, **options: Any) -> JournalRead:
    row = await doing.db.read(journal.conflict, entry_id)
    sent = Journal(lines=[f"{row.at.isoformat()};{row.action};{row.card or ''};{row.barcode}"], location=row.location)
    return await replay_all(doing.db, doing.homes, sent, by=actor, now=doing.now, zone=doing.zone, **options)
