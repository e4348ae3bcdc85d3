"""Assignments for students, through the faculty service: its answers and refusals reach the student as they are."""

from fastapi import APIRouter

from configuration.kit.dependencies import PathId
from configuration.kit.envoy import EnvoyDep
from configuration.kit.pagination import ListingDep, Page
from student_mgt.clients import assignments
from student_mgt.dependencies import Student
from student_mgt.models.response.assignment import AssignmentRead

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
