"""Sections, their teaching lists and their rosters over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import ListingDep, Page
from configuration.kit.versions import etag
from faculty_mgt.dependencies import (
    DatabaseDep,
    Dean,
    KeyDep,
    Now,
    Overseer,
    PathId,
    Reader,
    Version,
    VersionOrNot,
    Zone,
)
from faculty_mgt.models.data.offer import SectionView
from faculty_mgt.models.request.sections import RosterSet, SectionChange, SectionCreate, TeachingCreate, TeachingEnd
from faculty_mgt.models.response.teaching import RosterRead, RosterVersionRead, SectionRead, TeachingRead
from faculty_mgt.services import roster, sections, teaching

router = APIRouter(prefix="/sections", tags=["sections"])
Filter = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@router.get("", name="faculty:sections", response_model=Page[SectionRead])
async def list_sections(
    listing: ListingDep,
    _: Reader,
    db: DatabaseDep,
    term_id: Filter = None,
    course_id: Filter = None,
    space_id: Filter = None,
) -> dict[str, Any]:
    """What is taught, in the order it was planned."""
    return await listing.of(db, sections.list_sections, term_id=term_id, course_id=course_id, space_id=space_id)


@router.post("", name="faculty:add_section", status_code=201, response_model=SectionRead)
async def add_section(new: SectionCreate, db: DatabaseDep, dean: Dean, now: Now, key: KeyDep) -> Answer:
    """Plan a section. Without `space_id` it gets a teaching space of its own."""
    return await act(db, key, sections.add, new, about="section:new", by=dean, now=now, answer=SectionRead, etag=etag)


@router.get("/{section_id}", name="faculty:section", response_model=SectionRead)
async def section(section_id: PathId, response: Response, _: Reader, db: DatabaseDep) -> SectionView:
    """One section; its ETag is what a change needs."""
    found = await db.read(sections.section, section_id)
    response.headers["ETag"] = etag(found)
    return found


@router.patch("/{section_id}", name="faculty:change_section", response_model=SectionRead)
async def change_section(
    section_id: PathId, said: SectionChange, db: DatabaseDep, dean: Dean, now: Now, version: Version
) -> Answer:
    """Open, close or cancel a section, or change its capacity."""
    return await act(
        db,
        None,
        sections.change,
        section_id,
        said,
        version=version,
        about=f"section:{section_id}",
        by=dean,
        now=now,
        answer=SectionRead,
        status=200,
        etag=etag,
    )


@router.get("/{section_id}/teaching", name="faculty:teaching", response_model=Page[TeachingRead])
async def teaching_list(section_id: PathId, listing: ListingDep, _: Reader, db: DatabaseDep) -> dict[str, Any]:
    """Who teaches a section, taught it, or will."""
    return await listing.of(db, teaching.teaching_list, section_id)


@router.post("/{section_id}/teaching", name="faculty:appoint", status_code=201, response_model=TeachingRead)
async def appoint(
    section_id: PathId, new: TeachingCreate, db: DatabaseDep, dean: Dean, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Let somebody of the faculty teach a section."""
    return await act(
        db,
        key,
        teaching.appoint,
        section_id,
        new,
        zone=zone,
        about=f"section:{section_id}",
        by=dean,
        now=now,
        answer=TeachingRead,
    )


@router.post("/{section_id}/teaching/{teaching_id}/end", name="faculty:end_teaching", response_model=TeachingRead)
async def end_teaching(
    section_id: PathId,
    teaching_id: PathId,
    said: TeachingEnd,
    db: DatabaseDep,
    dean: Dean,
    now: Now,
    zone: Zone,
    key: KeyDep,
) -> Answer:
    """Let somebody teach a section only until a day, or until now."""
    return await act(
        db,
        key,
        teaching.end,
        section_id,
        teaching_id,
        said,
        zone=zone,
        about=f"section:{section_id}",
        by=dean,
        now=now,
        answer=TeachingRead,
        status=200,
    )


@router.get("/{section_id}/roster", name="faculty:roster", response_model=RosterRead)
async def roster_of(
    section_id: PathId,
    listing: ListingDep,
    by: Overseer,
    db: DatabaseDep,
    now: Now,
    version: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="The newest, when left out.")] = None,
) -> dict[str, Any]:
    """Who attends a section, or attended it by an earlier version of its roster."""
    found, students = await db.read(
        roster.of_section,
        section_id,
        by,
        version=version,
        now=now,
        after=listing.after()[0],
        limit=listing.limit + 1,
    )
    listing.response.headers["ETag"] = etag(found)
    page = listing.shown(students, lambda one: (one.student_number,))
    return {**page, "version": found.version, "as_of": found.as_of, "source": found.source}


@router.put("/{section_id}/roster", name="faculty:set_roster", response_model=RosterVersionRead)
async def set_roster(
    section_id: PathId, said: RosterSet, db: DatabaseDep, dean: Dean, now: Now, version: VersionOrNot
) -> Answer:
    """Say who attends a section, everybody at once. A roster that is there already needs `If-Match`."""
    return await act(
        db,
        None,
        roster.set_by_hand,
        section_id,
        said,
        version=version,
        about=f"section:{section_id}",
        by=dean,
        now=now,
        answer=RosterVersionRead,
        status=200,
        etag=etag,
    )
