"""Marks over HTTP."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import ListingDep, Page
from configuration.kit.versions import etag
from faculty_mgt.controllers.submissions import Student
from faculty_mgt.dependencies import DatabaseDep, KeyDep, Member, Now, PathId, Teacher, VersionOrNot
from faculty_mgt.models.request.marks import MarkCreate, MarkWithoutWork
from faculty_mgt.models.response.submissions import MarkRead, OwnMarkRead, ReleasedRead
from faculty_mgt.services import marks

router = APIRouter(tags=["marks"])


@router.post("/submissions/{submission_id}/marks", name="faculty:mark", status_code=201, response_model=MarkRead)
async def mark(
    submission_id: PathId,
    said: MarkCreate,
    db: DatabaseDep,
    by: Teacher,
    now: Now,
    key: KeyDep,
    seen: VersionOrNot,
) -> Answer:
    """Mark an attempt, or change its mark: then `If-Match` names the version that was seen."""
    return await act(
        db,
        key,
        marks.mark,
        submission_id,
        said,
        seen=seen,
        about=f"submission:{submission_id}",
        by=by,
        now=now,
        answer=MarkRead,
        etag=etag,
    )


@router.post(
    "/assignments/{assignment_id}/students/{student_number}/marks",
    name="faculty:mark_without_work",
    status_code=201,
    response_model=MarkRead,
)
async def mark_without_work(
    assignment_id: PathId,
    student_number: PathId,
    said: MarkWithoutWork,
    db: DatabaseDep,
    by: Teacher,
    now: Now,
    key: KeyDep,
    seen: VersionOrNot,
) -> Answer:
    """Say of a student who handed nothing in that the work is missing, or excused."""
    return await act(
        db,
        key,
        marks.mark_without_work,
        assignment_id,
        student_number,
        said,
        seen=seen,
        about=f"assignment:{assignment_id}",
        by=by,
        now=now,
        answer=MarkRead,
        etag=etag,
    )


@router.get("/submissions/{submission_id}/marks", name="faculty:marks", response_model=Page[MarkRead])
async def mark_history(
    submission_id: PathId, response: Response, by: Member, db: DatabaseDep, now: Now
) -> dict[str, Any]:
    """The versions of a work's mark, the latest first, at most 200; its student sees the one that was released."""
    rows = await db.read(marks.history, submission_id, by, now=now)
    response.headers["ETag"] = f'"{rows[0].version if rows else 0}"'
    return {"items": rows, "next": None}


@router.post("/assignments/{assignment_id}/marks/release", name="faculty:release_marks", response_model=ReleasedRead)
async def release(assignment_id: PathId, db: DatabaseDep, by: Teacher, now: Now, key: KeyDep) -> Answer:
    """Show the marks of an assignment to their students, each in its latest version."""
    about = f"assignment:{assignment_id}"
    return await act(
        db, key, marks.release, assignment_id, about=about, by=by, now=now, answer=ReleasedRead, status=200
    )


@router.get("/marks/mine", name="faculty:my_marks", response_model=Page[OwnMarkRead])
async def my_marks(listing: ListingDep, by: Student, db: DatabaseDep) -> dict[str, Any]:
    """One's own marks, as far as they were released."""
    return await listing.of(db, marks.mine, by)
