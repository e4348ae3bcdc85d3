"""Importing lists of books: send a file, watch it being read, look at the verdicts, apply, undo."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Literal, cast

from fastapi import APIRouter
from fastapi import UploadFile as FastUploadFile
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import Refusal
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.forms import file_of
from configuration.kit.web.urls import next_link
from library_mgt.controllers.imports import received
from library_mgt.controllers.pages.doing import Doing, DoingDep
from library_mgt.dependencies import DatabaseDep, Id, LibrarianDep
from library_mgt.models.response.imports import ImportRead
from library_mgt.services import imports

RECENT = 20
ROWS = 50
Verdict = Literal["", "create", "update", "duplicate", "refuse"]
router = APIRouter(include_in_schema=False)


@router.get("/catalogue/import", name="pages:imports")
async def upload_form(request: Request, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep) -> Response:
    """The form, and the imports so far."""
    jobs = await db.read(imports.recent, before=None, limit=RECENT)
    return pages.render(request, "import.html", jobs=jobs, values=Fields(), errors=[])


@router.post("/catalogue/import", name="pages:imports:send", max_body_size=imports.LARGEST + 64 * 1024)
async def upload(actor: LibrarianDep, doing: DoingDep) -> Response:
    """Take the file; it is read by a worker, and nothing changes until it is applied."""
    file = await file_of(doing.request, "file")
    source = doing.fields["source"]
    errors: list[FieldError] = []
    if file is None:
        errors = [FieldError(doing.say("Choose a file."), "file")]
    elif source and not (source.replace("-", "").replace("_", "").replace(".", "").isalnum() and len(source) <= 60):
        errors = [FieldError(doing.say("One word of letters, digits, dots and dashes."), "source")]
    else:
        label = PurePath((file.filename or "books.csv").replace("\\", "/")).name[:200] or "books.csv"
        said = source or imports.source_of(label)
        job_id = await doing.db.write(imports.open_import, label, said, by=actor, now=doing.now)
        try:
            size = await received(doing.db, job_id, cast(FastUploadFile, file))
            planned = await doing.db.write(imports.plan, job_id, size)
            _wake(doing)
            return doing.back(f"/catalogue/import/{planned.id}")
        except Refusal as refusal:
            await doing.db.write(imports.discard, job_id, now=doing.now)
            errors = faults_of(refusal)
    jobs = await doing.db.read(imports.recent, before=None, limit=RECENT)
    return doing.pages.render(doing.request, "import.html", 422, jobs=jobs, values=doing.fields, errors=errors)


@router.get("/catalogue/import/{job_id}", name="pages:imports:job")
async def job_page(
    request: Request,
    job_id: Id,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: LibrarianDep,
    cursor: CursorDep,
    *,
    verdict: Verdict = "",
) -> Response:
    """How far an import is, what it would do or did, row by row."""
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    job = await db.read(imports.find, job_id)
    rows = await db.read(imports.rows, job_id, verdict=verdict or None, after=after, limit=ROWS + 1)
    shown, following = cut(rows, ROWS, lambda row: (row.row_no,))
    return pages.render(
        request,
        "import-job.html",
        job=job,
        summary=imports.summary(job),
        rows=shown,
        verdict=verdict,
        next_url=next_link(request, following),
    )


async def _step(use_case: Callable[..., Any], job_id: int, actor: Actor, doing: Doing, done: str) -> Response:
    back = f"/catalogue/import/{job_id}"
    try:
        await doing.act(use_case, job_id, about=f"job:{job_id}", by=actor, answer=ImportRead)
    except Refusal as refusal:
        return doing.back(back, refusal.detail, "danger")
    _wake(doing)
    return doing.back(back, done, "info")


def _wake(doing: Doing) -> None:
    """Tell the workers of this process that there is something to do."""
    runner = getattr(doing.request.app.state, "jobs", None)
    if runner is not None:
        runner.wake()


@router.post("/catalogue/import/{job_id}/apply", name="pages:imports:apply")
async def apply(job_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Do what the verdicts say."""
    return await _step(imports.apply, job_id, actor, doing, doing.say("The list is being applied."))


@router.post("/catalogue/import/{job_id}/undo", name="pages:imports:undo")
async def undo(job_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Take back what the import did; what was used since stays."""
    return await _step(imports.undo, job_id, actor, doing, doing.say("The import is being undone."))


@router.post("/catalogue/import/{job_id}/cancel", name="pages:imports:cancel")
async def cancel(job_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Give up an import that has changed nothing."""
    return await _step(imports.cancel, job_id, actor, doing, doing.say("The import was given up; nothing was changed."))
