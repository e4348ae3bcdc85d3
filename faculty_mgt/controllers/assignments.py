"""Assignments and overrides over HTTP, with the book's addresses about them."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import ListingDep, Page
from configuration.kit.versions import etag
from faculty_mgt.dependencies import DatabaseDep, KeyDep, Member, Now, PathId, Teacher, Version, Zone
from faculty_mgt.models.data.assignments import Assignment
from faculty_mgt.models.request.assignments import AssignmentChange, BookAssignmentCreate, OverrideCreate
from faculty_mgt.models.response.assignments import AssignmentRead, OverrideRead
from faculty_mgt.services import assignments, overrides

router = APIRouter(prefix="/assignments", tags=["assignments"])


@router.get("/list", name="faculty:my_assignments", response_model=Page[AssignmentRead])
async def my_assignments(listing: ListingDep, by: Member, db: DatabaseDep, now: Now) -> dict[str, Any]:
    """The assignments of all one's spaces: for students those that are published, with their own dates."""
    return await listing.of(db, assignments.mine, by, now=now)


@router.post("/faculty", name="faculty:book_add_assignment", status_code=201, response_model=AssignmentRead)
async def add_by_course(
    new: BookAssignmentCreate, db: DatabaseDep, by: Teacher, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """The book's way to set an assignment: name the course one teaches; it is published at once."""
    return await act(
        db,
        key,
        assignments.add_by_course,
        new,
        zone=zone,
        about="assignment:new",
        by=by,
        now=now,
        answer=AssignmentRead,
        etag=etag,
    )


@router.get("/{assignment_id}", name="faculty:assignment", response_model=AssignmentRead)
async def assignment(assignment_id: PathId, response: Response, by: Member, db: DatabaseDep, now: Now) -> Assignment:
    """One assignment; its ETag is what a change needs."""
    seen = await db.read(assignments.seen, assignment_id, by, now=now)
    response.headers["ETag"] = etag(seen)
    return seen


@router.patch("/{assignment_id}", name="faculty:change_assignment", response_model=AssignmentRead)
async def change_assignment(
    assignment_id: PathId,
    said: AssignmentChange,
    db: DatabaseDep,
    by: Teacher,
    now: Now,
    zone: Zone,
    version: Version,
) -> Answer:
    """Change an assignment; what is left out stays."""
    return await act(
        db,
        None,
        assignments.change,
        assignment_id,
        said,
        version=version,
        zone=zone,
        about=f"assignment:{assignment_id}",
        by=by,
        now=now,
        answer=AssignmentRead,
        status=200,
        etag=etag,
    )


@router.post("/{assignment_id}/publish", name="faculty:publish_assignment", response_model=AssignmentRead)
async def publish(assignment_id: PathId, db: DatabaseDep, by: Teacher, now: Now, key: KeyDep) -> Answer:
    """Show a draft to its students, or take work for a closed one again."""
    return await _moved(assignments.publish, assignment_id, db, by, now, key)


@router.post("/{assignment_id}/close", name="faculty:close_assignment", response_model=AssignmentRead)
async def close(assignment_id: PathId, db: DatabaseDep, by: Teacher, now: Now, key: KeyDep) -> Answer:
    """Take no more work, whatever the dates say."""
    return await _moved(assignments.close, assignment_id, db, by, now, key)


async def _moved(use_case: Any, assignment_id: int, db: DatabaseDep, by: Teacher, now: Now, key: KeyDep) -> Answer:
    return await act(
        db,
        key,
        use_case,
        assignment_id,
        about=f"assignment:{assignment_id}",
        by=by,
        now=now,
        answer=AssignmentRead,
        status=200,
        etag=etag,
    )


@router.get("/{assignment_id}/overrides", name="faculty:overrides", response_model=Page[OverrideRead])
async def overrides_of(
    assignment_id: PathId, listing: ListingDep, by: Teacher, db: DatabaseDep, now: Now
) -> dict[str, Any]:
    """What was granted to single students, those that ended too."""
    return await listing.of(db, overrides.of_assignment, assignment_id, by, now=now)


@router.post("/{assignment_id}/overrides", name="faculty:grant_override", status_code=201, response_model=OverrideRead)
async def grant_override(
    assignment_id: PathId, said: OverrideCreate, db: DatabaseDep, by: Teacher, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Grant a student later dates or more attempts. The most generous of all that was granted holds."""
    return await act(
        db,
        key,
        overrides.grant,
        assignment_id,
        said,
        zone=zone,
        about=f"assignment:{assignment_id}",
        by=by,
        now=now,
        answer=OverrideRead,
    )


@router.post("/{assignment_id}/overrides/{override_id}/end", name="faculty:end_override", response_model=OverrideRead)
async def end_override(
    assignment_id: PathId, override_id: PathId, db: DatabaseDep, by: Teacher, now: Now, key: KeyDep
) -> Answer:
    """Take back what was granted."""
    return await act(
        db,
        key,
        overrides.end,
        assignment_id,
        override_id,
        about=f"assignment:{assignment_id}",
        by=by,
        now=now,
        answer=OverrideRead,
        status=200,
    )
