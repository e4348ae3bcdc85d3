"""Importing books over HTTP: send a file, look at the verdicts, apply, undo. Work is a job: 202 and its address."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from configuration.kit.database import Database
from configuration.kit.errors import Blocker, Refusal
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, Key, once
from configuration.kit.features.idempotency.answer import REPLAYED
from configuration.kit.features.jobs import Runner
from configuration.kit.pagination import Page, cut, set_next_link
from configuration.kit.security.actor import Actor
from library_mgt.dependencies import After, DatabaseDep, Id, KeyDep, LibrarianDep, LimitDep, Now
from library_mgt.errors import ImportTooLarge
from library_mgt.models.response.imports import ImportRead, ImportRowRead
from library_mgt.services import imports

router = APIRouter(prefix="/imports", tags=["imports"])

Source = Annotated[
    str | None,
    Form(
        pattern=r"^[A-Za-z0-9._-]{1,60}$",
        description="Where the file's own numbers come from; the file's name says it otherwise.",
    ),
]
Verdict = Annotated[Literal["create", "update", "duplicate", "refuse"] | None, Query(description="Only these rows.")]
Kept = Annotated[bool, Query(description="Only rows whose titles an undo left standing.")]


@router.post(
    "",
    name="library:import_books",
    status_code=202,
    response_model=ImportRead,
    max_body_size=imports.LARGEST + 64 * 1024,
)
async def import_books(
    request: Request,
    db: DatabaseDep,
    desk: LibrarianDep,
    now: Now,
    key: KeyDep,
    file: Annotated[UploadFile, File(description="CSV with a header; at most 25 MiB.")],
    source: Source = None,
) -> Response:
    """Send a books file. It is read, every row gets a verdict, and nothing changes until it is applied."""
    label = PurePath((file.filename or "books.csv").replace("\\", "/")).name[:200] or "books.csv"
    job_id = await db.write(imports.open_import, label, source or imports.source_of(label), by=desk, now=now)
    try:
        size = await received(db, job_id, file)
        answer = await db.write(once, key, imports.plan, job_id, size, answer=ImportRead, status=202)
    except Refusal:
        await db.write(imports.discard, job_id, now=now)
        raise
    if REPLAYED in answer.headers:
        await db.write(imports.discard, job_id, now=now)
    return _accepted(request, answer)


@router.get("", name="library:imports", response_model=Page[ImportRead])
async def recent_imports(
    request: Request, response: Response, db: DatabaseDep, _desk: LibrarianDep, before: After, limit: LimitDep
) -> Page[ImportRead]:
    """The imports, the latest first."""
    found, cursor = cut(
        await db.read(imports.recent, before=before or None, limit=limit + 1), limit, lambda job: (job.id,)
    )
    set_next_link(request, response, cursor)
    return Page(items=[ImportRead.model_validate(job) for job in found], next=cursor)


@router.get("/{job_id}", name="library:import", response_model=ImportRead)
async def find_import(db: DatabaseDep, _desk: LibrarianDep, job_id: Id) -> ImportRead:
    """How far an import is, and what it found."""
    return ImportRead.model_validate(await db.read(imports.find, job_id))


@router.get("/{job_id}/rows", name="library:import_rows", response_model=Page[ImportRowRead])
async def import_rows(
    request: Request,
    response: Response,
    db: DatabaseDep,
    _desk: LibrarianDep,
    job_id: Id,
    after: After,
    limit: LimitDep,
    verdict: Verdict = None,
    kept: Kept = False,
) -> Page[ImportRowRead]:
    """The rows in the order of the file, each with its verdict and why."""
    rows = await db.read(imports.rows, job_id, verdict=verdict, kept=kept, after=after, limit=limit + 1)
    found, cursor = cut(rows, limit, lambda row: (row.row_no,))
    set_next_link(request, response, cursor)
    return Page(items=[ImportRowRead.model_validate(row) for row in found], next=cursor)


@router.post("/{job_id}/apply", name="library:import_apply", status_code=202, response_model=ImportRead)
async def apply_import(
    request: Request, db: DatabaseDep, desk: LibrarianDep, now: Now, key: KeyDep, job_id: Id
) -> Response:
    """Do what the plan says. Asking again is harmless."""
    return _accepted(request, await _acted(imports.apply, job_id, db, key, by=desk, now=now, status=202))


@router.post("/{job_id}/undo", name="library:import_undo", status_code=202, response_model=ImportRead)
async def undo_import(
    request: Request, db: DatabaseDep, desk: LibrarianDep, now: Now, key: KeyDep, job_id: Id
) -> Response:
    """Take back all that the import did. Titles that were used or changed since stay, and are listed."""
    return _accepted(request, await _acted(imports.undo, job_id, db, key, by=desk, now=now, status=202))


@router.post("/{job_id}/cancel", name="library:import_cancel", response_model=ImportRead)
async def cancel_import(db: DatabaseDep, desk: LibrarianDep, now: Now, key: KeyDep, job_id: Id) -> Answer:
    """Give up an import that has changed nothing yet."""
    return await _acted(imports.cancel, job_id, db, key, by=desk, now=now, status=200)


async def received(db: Database, job_id: int, file: UploadFile) -> int:
    """Store the file part by part, and answer its size."""
    size = part = 0
    while content := await file.read(imports.PART):
        size += len(content)
        if size > imports.LARGEST:
            detail = "A books file may have at most 25 MiB; send it in pieces."
            raise ImportTooLarge(detail, blockers=[Blocker(ImportTooLarge.code, detail, "/file")])
        await db.write(imports.receive, job_id, part, content)
        part += 1
    return size


async def _acted(
    use_case: Callable[..., Any], job_id: int, db: Database, key: Key | None, *, by: Actor, now: datetime, status: int
) -> Answer:
    about = f"job:{job_id}"
    return await act(db, key, use_case, job_id, about=about, by=by, now=now, answer=ImportRead, status=status)


def _accepted(request: Request, answer: Answer) -> Response:
    """Tell the workers, and the client where to look."""
    runner: Runner | None = getattr(request.app.state, "jobs", None)
    if runner is not None:
        runner.wake()
    job_id = json.loads(bytes(answer.body))["id"]
    path = request.app.url_path_for("library:import", job_id=job_id)
    answer.headers["Location"] = f"{request.scope['root_path']}{path}"
    return answer
