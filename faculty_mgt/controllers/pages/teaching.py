"""A lecturer's spaces: what stands in each, and posting in it."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import NotFound, Refusal
from configuration.kit.features.acts import act
from configuration.kit.features.files import receiving
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.doing import Doing, DoingDep, Said
from configuration.kit.web.forms import given, read, version_of, whole, with_files
from configuration.kit.web.urls import next_link
from faculty_mgt.controllers.pages.spelling import placed
from faculty_mgt.controllers.receiving import StoreDep
from faculty_mgt.dependencies import DatabaseDep, Now, PathId, Teacher
from faculty_mgt.models.request.postings import AnnouncementCreate, MaterialCreate, MaterialFileCreate
from faculty_mgt.models.response.postings import AnnouncementRead, MaterialRead
from faculty_mgt.services import announcements, assignments, materials, overview, sections, teaching

PAGE = 50
MOST = 200
FORM = 1024 * 1024
"""Bytes of a form beside its file."""
router = APIRouter(include_in_schema=False)


def standing_in(tx: Transaction, space_id: int, by: Actor, now: Now) -> Said:
    """What stands in a space, as whoever asks sees it."""
    return {
        "space": overview.space(tx, space_id, by, now=now),
        "assignments": assignments.of_space(tx, space_id, by, now=now, after=0, limit=MOST),
        "materials": materials.BOARD.of_space(tx, space_id, by, now=now, after=(0, 0), limit=MOST),
        "announcements": announcements.BOARD.of_space(tx, space_id, by, now=now, after=0, limit=MOST)[::-1],
        "sections": sections.list_sections(tx, space_id=space_id, after=0, limit=MOST),
    }


def _space(tx: Transaction, space_id: int, by: Actor, now: Now) -> Said:
    grading = {one.id: one for one in overview.to_grade(tx, by, now=now)}
    editor = overview.arranges(tx, space_id, by, now=now)
    return {**standing_in(tx, space_id, by, now), "grading": grading, "editor": editor}


def _spaces(tx: Transaction, by: Actor, now: Now, after: int) -> Said:
    found = teaching.own_spaces(tx, by, now=now, after=after, limit=PAGE + 1)
    spaces, following = cut(found, PAGE, lambda space: (space.id,))
    waiting: dict[int, int] = {}
    for one in overview.to_grade(tx, by, now=now):
        waiting[one.space_id] = waiting.get(one.space_id, 0) + one.waiting
    return {"spaces": spaces, "waiting": waiting, "following": following}


@router.get("/teaching", name="pages:teaching")
async def spaces(
    request: Request, db: DatabaseDep, pages: PagesDep, by: Teacher, now: Now, cursor: CursorDep
) -> Response:
    """The spaces one teaches now."""
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await db.read(_spaces, by, now, after)
    next_url = next_link(request, found.pop("following"))
    return pages.render(request, "teaching.html", next_url=next_url, **found)


@router.get("/teaching/spaces/{space_id}", name="pages:space")
async def space(
    request: Request, space_id: PathId, db: DatabaseDep, pages: PagesDep, by: Teacher, now: Now
) -> Response:
    """What stands in a space."""
    found = await db.read(_space, space_id, by, now)
    return pages.render(request, "space.html", form="", values=Fields(), errors=[], **found)


async def _post(
    doing: Doing,
    by: Actor,
    space_id: int,
    form: str,
    body: type[BaseModel],
    values: dict[str, Any],
    add: Callable[..., Any],
    answer: type[BaseModel],
) -> Response:
    """Post something; a form that cannot be taken is shown again, open, with what is wrong."""
    new, faults = read(body, values)
    errors, status = faults, 422
    if new is not None:
        try:
            about = f"space:{space_id}"
            made = await doing.act(add, space_id, new, about=about, by=by, zone=doing.zone, answer=answer)
            return doing.back(f"/teaching/spaces/{space_id}", f"{doing.say('Posted')}: {made['title']}")
        except NotFound:
            raise
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    return await _again(doing, by, space_id, form, placed(errors, f"{form}-"), status)


async def _again(
    doing: Doing, by: Actor, space_id: int, form: str, errors: Sequence[FieldError], status: int
) -> Response:
    found = await doing.db.read(_space, space_id, by, doing.now)
    return doing.pages.render(
        doing.request, "space.html", status, form=form, values=doing.fields, errors=errors, **found
    )


@router.post("/teaching/spaces/{space_id}/materials", name="pages:material:add")
async def add_material(space_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Put a text or a link into a space."""
    values = given(doing.fields, "title", "body", "url", "visible_from")
    values["kind"] = "link" if doing.fields["url"] else "text"
    place = whole(doing.fields["position"])
    if place is not None:
        values["position"] = place
    return await _post(doing, by, space_id, "material", MaterialCreate, values, materials.add, MaterialRead)


@router.post("/teaching/spaces/{space_id}/announcements", name="pages:announcement:add")
async def add_announcement(space_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Say something to everybody of a space."""
    values = {"body": doing.fields["body"], **given(doing.fields, "title", "publish_at")}
    return await _post(
        doing, by, space_id, "announcement", AnnouncementCreate, values, announcements.add, AnnouncementRead
    )


@router.post(
    "/teaching/spaces/{space_id}/files", name="pages:material:upload", max_body_size=materials.LARGEST_FILE + FORM
)
async def add_file(space_id: PathId, by: Teacher, doing: DoingDep, store: StoreDep) -> Response:
    """Put a file into a space."""
    said, errors = read(MaterialFileCreate, given(doing.fields, "title", "body", "visible_from"))
    status = 422
    try:
        limits = await doing.db.read(materials.limits_for, space_id, by, now=doing.now)
        async with receiving(doing.request, store, limits) as upload:
            if not upload.files:
                errors.append(FieldError(doing.say("Choose a file."), "files"))
            if said is not None and not errors:
                made = await act(
                    doing.db,
                    with_files(doing.key, upload.files),
                    materials.add_file,
                    space_id,
                    said,
                    upload.files[0],
                    zone=doing.zone,
                    about=f"space:{space_id}",
                    by=by,
                    now=doing.now,
                    answer=MaterialRead,
                )
                title = json.loads(bytes(made.body))["title"]
                return doing.back(f"/teaching/spaces/{space_id}", f"{doing.say('Posted')}: {title}")
    except NotFound:
        raise
    except Refusal as refusal:
        errors, status = faults_of(refusal), refusal.status
    return await _again(doing, by, space_id, "file", placed(errors, "file-"), status)


async def _remove(doing: Doing, by: Actor, posting: Any, about: str, use_case: Callable[..., Any]) -> Response:
    back = f"/teaching/spaces/{posting.space_id}"
    try:
        version = version_of(doing.fields)
        await doing.act(use_case, posting.id, version=version, about=about, by=by, answer=None)
    except Refusal as refusal:
        return doing.back(back, f"{doing.say('Not taken down')}\n{refusal.detail}", "danger")
    return doing.back(back, f"{doing.say('Taken down')}: {posting.title}", "info")


@router.post("/teaching/materials/{material_id}/remove", name="pages:material:remove")
async def remove_material(material_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Take a material down."""
    seen = await doing.db.read(materials.BOARD.seen, material_id, by, now=doing.now)
    return await _remove(doing, by, seen, f"material:{material_id}", materials.remove)


@router.post("/teaching/announcements/{announcement_id}/remove", name="pages:announcement:remove")
async def remove_announcement(announcement_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Take an announcement down."""
    seen = await doing.db.read(announcements.BOARD.seen, announcement_id, by, now=doing.now)
    return await _remove(doing, by, seen, f"announcement:{announcement_id}", announcements.remove)
