"""Handing in over HTTP, the lecturer's queue, and what was handed in."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from configuration.kit.database import Database
from configuration.kit.days import deadline
from configuration.kit.errors import Conflict
from configuration.kit.features.acts import act
from configuration.kit.features.files import Limits, attachment
from configuration.kit.features.idempotency import Answer
from configuration.kit.features.idempotency.key import HeldKey, HeldKeyDep
from configuration.kit.pagination import ListingDep, Page
from configuration.kit.security.access import roles
from configuration.kit.security.actor import Actor
from configuration.kit.versions import etag
from faculty_mgt.controllers.receiving import LARGEST, SignDep, StoreDep, described, handed_in
from faculty_mgt.dependencies import DatabaseDep, Member, Now, PathId, Teacher, Zone
from faculty_mgt.domain.hats import number_as
from faculty_mgt.models.request.submissions import OnBehalfCreate, SubmissionCreate
from faculty_mgt.models.response.submissions import QueuedRead, SubmissionDetail, SubmissionRead
from faculty_mgt.services import submissions

router = APIRouter(tags=["submissions"])
Student = Annotated[
    Actor, Depends(roles("student", relationship="own", description="students, for the spaces they attend"))
]
State = Annotated[Literal["unmarked", "marked", "released"] | None, Query(description="Only work in this state.")]
Position = PathId
TOO_LARGE: dict[int | str, dict[str, Any]] = {413: {"description": "A file is larger than the assignment takes."}}


@router.post(
    "/assignments/{assignment_id}/submissions",
    name="faculty:submit",
    status_code=201,
    response_model=SubmissionRead,
    responses=TOO_LARGE,
    max_body_size=LARGEST,
    openapi_extra=described(SubmissionCreate),
)
async def submit(
    assignment_id: PathId, request: Request, db: DatabaseDep, by: Student, key: HeldKeyDep, sign: SignDep
) -> Answer:
    """Hand in one's own work. It counts as received when its last byte has come, by the server's clock."""
    limits = await _limits(db, assignment_id, by, key, request.app.state.clock(), student=number_as(by, "student"))
    async with handed_in(request, SubmissionCreate, limits, key) as came:
        return await act(
            db,
            came.key,
            submissions.submit,
            assignment_id,
            came.work,
            sign=sign,
            about=f"assignment:{assignment_id}",
            by=by,
            now=came.at,
            answer=SubmissionRead,
        )


@router.post(
    "/assignments/{assignment_id}/submissions/on-behalf",
    name="faculty:submit_on_behalf",
    status_code=201,
    response_model=SubmissionRead,
    responses=TOO_LARGE,
    max_body_size=LARGEST,
    openapi_extra=described(OnBehalfCreate),
)
async def submit_on_behalf(
    assignment_id: PathId, request: Request, db: DatabaseDep, by: Teacher, zone: Zone, key: HeldKeyDep, sign: SignDep
) -> Answer:
    """Hand in a student's work that came another way: it counts from the attested time, and they see by whom."""
    limits = await _limits(db, assignment_id, by, key, request.app.state.clock(), student=None)
    async with handed_in(request, OnBehalfCreate, limits, key) as came:
        said = came.said
        behalf = submissions.OnBehalf(said.student_number, deadline(said.attested_at, zone), said.reason)
        return await act(
            db,
            came.key,
            submissions.hand_in_for,
            assignment_id,
            came.work,
            behalf,
            sign=sign,
            about=f"assignment:{assignment_id}",
            by=by,
            now=came.at,
            answer=SubmissionRead,
        )


async def _limits(
    db: Database, assignment_id: int, by: Actor, key: HeldKey | None, now: Any, *, student: int | None
) -> Limits:
    """Refuse before the first byte what would be refused after the last, but for what a repeated request may replay."""
    try:
        return await db.read(submissions.limits_for, assignment_id, by, now=now, student=student)
    except Conflict:
        if key is None:
            raise
        return await db.read(submissions.limits_of, assignment_id)


@router.get("/assignments/{assignment_id}/submissions", name="faculty:queue", response_model=Page[QueuedRead])
async def queue(
    assignment_id: PathId, listing: ListingDep, by: Teacher, db: DatabaseDep, now: Now, state: State = None
) -> dict[str, Any]:
    """The work for an assignment one teaches, in the order it first came, and how far its marks are."""
    return await listing.of(db, submissions.queue, assignment_id, by, now=now, state=state)


@router.get("/submissions/mine", name="faculty:my_submissions", response_model=Page[SubmissionRead])
async def my_submissions(
    listing: ListingDep,
    by: Student,
    db: DatabaseDep,
    assignment_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> dict[str, Any]:
    """What one has handed in, in the order it came."""
    return await listing.of(db, submissions.mine, by, assignment_id=assignment_id)


@router.get("/submissions/{submission_id}", name="faculty:submission", response_model=SubmissionDetail)
async def submission(
    submission_id: PathId, response: Response, by: Member, db: DatabaseDep, now: Now
) -> dict[str, Any]:
    """One attempt with its mark; for its teachers, where to go on in the queue. The ETag is what a mark needs."""
    seen = await db.read(submissions.seen, submission_id, by, now=now)
    response.headers["ETag"] = etag(seen)
    own = {name: getattr(seen.submission, name) for name in SubmissionRead.model_fields}
    return {
        **own,
        "version": seen.version,
        "mark": seen.mark,
        "attempts": seen.attempts,
        "previous_id": seen.previous_id,
        "next_id": seen.next_id,
    }


@router.get(
    "/submissions/{submission_id}/files/{position}",
    name="faculty:submission_file",
    response_class=FileResponse,
    responses={200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def submission_file(
    submission_id: PathId, position: Position, by: Member, db: DatabaseDep, now: Now, store: StoreDep
) -> Response:
    """A file of an attempt, to be saved under the name it came with."""
    file = await db.read(submissions.file_of, submission_id, position, by, now=now)
    return attachment(store, file.sha256, name=file.name, media_type=file.media_type)


@router.get("/submissions/{submission_id}/receipt", name="faculty:submission_receipt", response_class=PlainTextResponse)
async def submission_receipt(submission_id: PathId, by: Member, db: DatabaseDep, now: Now) -> Response:
    """The signed receipt of an attempt, as one line of text: `erp receipt verify` checks it offline."""
    row, _ = await db.read(submissions.visible, submission_id, by, now=now)
    name = f"receipt-{row.assignment_id}-{row.student_number}-{row.attempt}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return PlainTextResponse(f"{row.receipt}\n", headers=headers)
