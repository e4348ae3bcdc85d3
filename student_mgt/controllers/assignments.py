"""Assignments for students, through the faculty service: its answers and refusals reach the student as they are."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.carrying import body_of, headers_of
from configuration.kit.dependencies import PathId
from configuration.kit.envoy import EnvoyDep
from configuration.kit.features.idempotency import KeyDep, onward
from configuration.kit.features.idempotency.key import HeldKeyDep
from configuration.kit.pagination import ListingDep, Page
from student_mgt.clients import assignments
from student_mgt.dependencies import Student
from student_mgt.models.request.assignment import AssignmentSubmit, Work
from student_mgt.models.response.assignment import AssignmentRead, MarkRead, SubmissionRead

LARGEST = 1024 * 1024 * 1024
"""Bytes of a whole upload, none of which is held here; each assignment says how much it takes."""
_FILES = {"type": "array", "maxItems": 50, "items": {"type": "string", "format": "binary"}}
_TEXT = Work.model_json_schema()
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _TEXT},
            "multipart/form-data": {"schema": {**_TEXT, "properties": {**_TEXT["properties"], "files": _FILES}}},
        },
    }
}
router = APIRouter(tags=["assignments"])


@router.get("/assignments/list", name="assignment:list", response_model=Page[AssignmentRead])
@router.get("/assignment/list", name="assignment:list", response_model=Page[AssignmentRead])
async def list_assignments(listing: ListingDep, student: Student, envoy: EnvoyDep) -> Page[AssignmentRead]:
    """The assignments of one's spaces, with one's own dates."""
    page = await assignments.published(envoy, by=student, limit=listing.limit, cursor=listing.cursor)
    return listing.passed_on(page)


@router.get("/assignments/{assignment_id}", name="assignment:one", response_model=AssignmentRead)
async def assignment(assignment_id: PathId, student: Student, envoy: EnvoyDep) -> AssignmentRead:
    """One assignment."""
    return await assignments.one(envoy, assignment_id, by=student)


@router.post("/assignment/submit", name="assignment:submit", status_code=201, response_model=SubmissionRead)
async def submit_assignment(
    work: AssignmentSubmit, response: Response, student: Student, envoy: EnvoyDep, key: KeyDep
) -> SubmissionRead:
    """Hand in a text for an assignment, named by its number. When it came is said by the university's clock."""
    return (await assignments.submit(envoy, work, by=student, key=onward(key))).told_to(response)


@router.post(
    "/assignments/{assignment_id}/submissions",
    name="assignment:hand_in",
    status_code=201,
    response_model=SubmissionRead,
    max_body_size=LARGEST,
    openapi_extra=UPLOAD,
)
async def hand_in(
    assignment_id: PathId,
    request: Request,
    response: Response,
    student: Student,
    envoy: EnvoyDep,
    key: HeldKeyDep,
) -> SubmissionRead:
    """Hand in a text, files, or both. What arrives goes on at once; nothing is kept here, so nothing can be lost."""
    content, headers = body_of(request), headers_of(request)
    done = await assignments.hand_in(envoy, assignment_id, content, headers, by=student, key=onward(key))
    return done.told_to(response)


@router.get("/submissions/mine", name="assignment:work", response_model=Page[SubmissionRead])
async def own_work(
    listing: ListingDep,
    student: Student,
    envoy: EnvoyDep,
    assignment_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Page[SubmissionRead]:
    """What one has handed in, with its receipts."""
    page = await assignments.work(envoy, assignment_id, by=student, limit=listing.limit, cursor=listing.cursor)
    return listing.passed_on(page)


@router.get("/marks/mine", name="assignment:marks", response_model=Page[MarkRead])
async def own_marks(listing: ListingDep, student: Student, envoy: EnvoyDep) -> Page[MarkRead]:
    """One's own marks, as far as they were released."""
    return listing.passed_on(await assignments.marks(envoy, by=student, limit=listing.limit, cursor=listing.cursor))
