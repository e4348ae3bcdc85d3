"""One section: its state, who teaches it, who attends it."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import NotFound, Refusal
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.doing import Doing, DoingDep, Said
from configuration.kit.web.forms import given, read, version_of, whole
from configuration.kit.web.urls import next_link
from faculty_mgt.clients.students import HomesDep
from faculty_mgt.controllers.pages.pasting import named, pasted, written
from faculty_mgt.dependencies import DatabaseDep, Dean, Now, Overseer, PathId
from faculty_mgt.domain.sections import FOLLOWING, TEACHING_ROLES
from faculty_mgt.errors import RosterNotFound
from faculty_mgt.models.request.sections import (
    MOST_STUDENTS,
    RosterSet,
    SectionChange,
    TeachingCreate,
    TeachingEnd,
)
from faculty_mgt.models.response.teaching import RosterVersionRead, SectionRead, TeachingRead
from faculty_mgt.services import roster, sections, teaching

PAGE = 100
MOST = 200
router = APIRouter(include_in_schema=False)


def _section(tx: Transaction, section_id: int, by: Actor, now: Now) -> Said:
    section = sections.section(tx, section_id)
    try:
        version, students = roster.of_section(tx, section_id, by, version=None, now=now, after=0, limit=MOST_STUDENTS)
    except RosterNotFound:
        version, students = None, []
    return {
        "section": section,
        "following": sorted(FOLLOWING[section.state]),
        "lines": teaching.teaching_list(tx, section_id, after=0, limit=MOST),
        "roles": TEACHING_ROLES,
        "roster": version,
        "students": students,
        "pasted": written(students),
    }


async def _show(
    doing: Doing, section_id: int, by: Actor, form: str, errors: Sequence[FieldError], status: int
) -> Response:
    found = await doing.db.read(_section, section_id, by, doing.now)
    if form == "roster":
        found["pasted"] = doing.fields["students"]
    return doing.pages.render(
        doing.request, "section.html", status, form=form, values=doing.fields, errors=errors, **found
    )


@router.get("/offer/sections/{section_id}", name="pages:section")
async def section(
    request: Request, section_id: PathId, db: DatabaseDep, pages: PagesDep, by: Dean, now: Now
) -> Response:
    """A section with its teaching list and its roster."""
    found = await db.read(_section, section_id, by, now)
    return pages.render(request, "section.html", form="", values=Fields(), errors=[], **found)


@router.post("/offer/sections/{section_id}", name="pages:section:change")
async def change(section_id: PathId, by: Dean, doing: DoingDep) -> Response:
    """Change a section's state or capacity."""
    values: dict[str, Any] = given(doing.fields, "state")
    if doing.fields["capacity"]:
        values["capacity"] = whole(doing.fields["capacity"])
    said, errors = read(SectionChange, values)
    status = 422
    if said is not None:
        try:
            about = f"section:{section_id}"
            version = version_of(doing.fields)
            await doing.act(sections.change, section_id, said, version=version, about=about, by=by, answer=SectionRead)
            return doing.back(f"/offer/sections/{section_id}", doing.say("The section is saved."))
        except NotFound:
            raise
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    return await _show(doing, section_id, by, "section", errors, status)


@router.post("/offer/sections/{section_id}/teaching", name="pages:teaching:appoint")
async def appoint(section_id: PathId, by: Dean, doing: DoingDep) -> Response:
    """Put somebody onto the teaching list."""
    values: dict[str, Any] = given(doing.fields, "role", "valid_from", "valid_until")
    values["person"] = whole(doing.fields["person"].removeprefix("faculty:")) or 0
    new, errors = read(TeachingCreate, values)
    status = 422
    if new is not None:
        try:
            about = f"section:{section_id}"
            made = await doing.act(
                teaching.appoint, section_id, new, zone=doing.zone, about=about, by=by, answer=TeachingRead
            )
            told = f"{doing.say('On the teaching list')}: {made['display_name']}"
            return doing.back(f"/offer/sections/{section_id}", told)
        except NotFound:
            raise
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    return await _show(doing, section_id, by, "teaching", errors, status)


@router.post("/offer/sections/{section_id}/teaching/{line_id}/end", name="pages:teaching:end")
async def end(section_id: PathId, line_id: PathId, by: Dean, doing: DoingDep) -> Response:
    """Let somebody teach the section no longer."""
    back, about, said = f"/offer/sections/{section_id}", f"section:{section_id}", TeachingEnd()
    try:
        ended = await doing.act(
            teaching.end, section_id, line_id, said, zone=doing.zone, about=about, by=by, answer=TeachingRead
        )
    except Refusal as refusal:
        return doing.back(back, f"{refusal.title}\n{refusal.detail}", "danger")
    return doing.back(back, f"{doing.say('Teaches it no longer')}: {ended['display_name']}", "info")


@router.post("/offer/sections/{section_id}/roster", name="pages:roster:set")
async def set_roster(section_id: PathId, by: Dean, doing: DoingDep, students: HomesDep) -> Response:
    """Set the roster to the students whose numbers were pasted; who is not among them attends no longer."""
    lines, errors = pasted(doing.fields["students"], doing.say)
    if not errors:
        lines, errors = await named(doing, lines, students)
    said, faults = read(RosterSet, {"students": lines}) if not errors else (None, [])
    errors, status = [*errors, *(FieldError(one.text, "students", one.code) for one in faults)], 422
    if said is not None:
        try:
            about, version = f"section:{section_id}", version_of(doing.fields) or None
            made = await doing.act(
                roster.set_by_hand, section_id, said, version=version, about=about, by=by, answer=RosterVersionRead
            )
            told = f"{doing.say('The roster is set')}: {len(lines)}\n{doing.say('Version')} {made['version']}"
            return doing.back(f"/offer/sections/{section_id}", told)
        except NotFound:
            raise
        except Refusal as refusal:
            errors, status = [FieldError(refusal.detail, "students", refusal.code)], refusal.status
    return await _show(doing, section_id, by, "roster", errors, status)


def _roster(tx: Transaction, section_id: int, by: Actor, now: Now, after: int) -> Said:
    section = sections.section(tx, section_id)
    version, rows = roster.of_section(tx, section_id, by, version=None, now=now, after=after, limit=PAGE + 1)
    students, following = cut(rows, PAGE, lambda row: (row.student_number,))
    return {"section": section, "roster": version, "students": students, "following": following}


@router.get("/teaching/sections/{section_id}", name="pages:roster")
async def roster_page(
    request: Request, section_id: PathId, db: DatabaseDep, pages: PagesDep, by: Overseer, now: Now, cursor: CursorDep
) -> Response:
    """Who attends a section one teaches, in order of their numbers."""
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await db.read(_roster, section_id, by, now, after)
    next_url = next_link(request, found.pop("following"))
    return pages.render(request, "roster.html", next_url=next_url, **found)
