"""Teaching spaces over HTTP: one's own, and what stands in them."""

from typing import Any

from fastapi import APIRouter

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import ListingDep, Page
from configuration.kit.versions import etag
from faculty_mgt.dependencies import DatabaseDep, KeyDep, Member, Now, PathId, Teacher, Zone
from faculty_mgt.models.request.assignments import AssignmentCreate
from faculty_mgt.models.request.postings import AnnouncementCreate, MaterialCreate
from faculty_mgt.models.response.assignments import AssignmentRead
from faculty_mgt.models.response.postings import AnnouncementRead, MaterialRead
from faculty_mgt.models.response.teaching import SpaceRead
from faculty_mgt.services import announcements, assignments, materials, teaching

router = APIRouter(prefix="/spaces", tags=["teaching spaces"])


@router.get("/mine", name="faculty:my_spaces", response_model=Page[SpaceRead])
async def my_spaces(listing: ListingDep, by: Member, db: DatabaseDep, now: Now) -> dict[str, Any]:
    """The spaces one teaches now, or attends."""
    return await listing.of(db, teaching.own_spaces, by, now=now)


@router.get("/{space_id}/assignments", name="faculty:space_assignments", response_model=Page[AssignmentRead])
async def assignments_of(
    space_id: PathId, listing: ListingDep, by: Member, db: DatabaseDep, now: Now
) -> dict[str, Any]:
    """The assignments of a space; drafts are there for those who teach."""
    return await listing.of(db, assignments.of_space, space_id, by, now=now)


@router.post("/{space_id}/assignments", name="faculty:add_assignment", status_code=201, response_model=AssignmentRead)
async def add_assignment(
    space_id: PathId, new: AssignmentCreate, db: DatabaseDep, by: Teacher, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Set an assignment. It is a draft until it is published."""
    return await act(
        db,
        key,
        assignments.add,
        space_id,
        new,
        zone=zone,
        about=f"space:{space_id}",
        by=by,
        now=now,
        answer=AssignmentRead,
        etag=etag,
    )


@router.get("/{space_id}/materials", name="faculty:materials", response_model=Page[MaterialRead])
async def materials_of(space_id: PathId, listing: ListingDep, by: Member, db: DatabaseDep, now: Now) -> dict[str, Any]:
    """The materials of a space by their positions."""
    return await listing.of(
        db, materials.BOARD.of_space, space_id, by, now=now, places=2, key=lambda one: (one.position, one.id)
    )


@router.post("/{space_id}/materials", name="faculty:add_material", status_code=201, response_model=MaterialRead)
async def add_material(
    space_id: PathId, new: MaterialCreate, db: DatabaseDep, by: Teacher, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Put a text or a link into a space."""
    return await act(
        db,
        key,
        materials.add,
        space_id,
        new,
        zone=zone,
        about=f"space:{space_id}",
        by=by,
        now=now,
        answer=MaterialRead,
        etag=etag,
    )


@router.get("/{space_id}/announcements", name="faculty:announcements", response_model=Page[AnnouncementRead])
async def announcements_of(
    space_id: PathId, listing: ListingDep, by: Member, db: DatabaseDep, now: Now
) -> dict[str, Any]:
    """What was said in a space, in order."""
    return await listing.of(db, announcements.BOARD.of_space, space_id, by, now=now)


@router.post(
    "/{space_id}/announcements", name="faculty:add_announcement", status_code=201, response_model=AnnouncementRead
)
async def add_announcement(
    space_id: PathId, new: AnnouncementCreate, db: DatabaseDep, by: Teacher, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Say something to everybody of a space."""
    return await act(
        db,
        key,
        announcements.add,
        space_id,
        new,
        zone=zone,
        about=f"space:{space_id}",
        by=by,
        now=now,
        answer=AnnouncementRead,
        etag=etag,
    )
