"""Workbins over HTTP, with the book's addresses about work."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import ListingDep, Page
from faculty_mgt.controllers.receiving import SignDep
from faculty_mgt.dependencies import DatabaseDep, KeyDep, Member, Now
from faculty_mgt.models.data.workbins import BinnedWork
from faculty_mgt.models.request.submissions import BookSubmission, WorkbinCreate
from faculty_mgt.models.response.submissions import BinnedWorkRead, SubmissionRead, WorkbinRead
from faculty_mgt.services import submissions, workbins

router = APIRouter(tags=["workbins"])
BinId = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only this workbin, which is one's own.")]


@router.post("/workbins", name="faculty:make_workbin", response_model=WorkbinRead)
@router.post("/assignments/student/workbin", name="faculty:make_workbin", response_model=WorkbinRead)
async def make_workbin(said: WorkbinCreate, db: DatabaseDep, by: Member, now: Now, key: KeyDep) -> Answer:
    """The workbin of a student and a lecturer who teaches them: made once, answered as often as asked."""
    return await act(
        db,
        key,
        workbins.make,
        student=said.student,
        lecturer=said.lecturer,
        about="workbin:new",
        by=by,
        now=now,
        answer=WorkbinRead,
        status=200,
    )


@router.get("/workbins", name="faculty:my_workbins", response_model=Page[WorkbinRead])
async def my_workbins(listing: ListingDep, by: Member, db: DatabaseDep) -> dict[str, Any]:
    """One's own workbins."""
    return await listing.of(db, workbins.mine, by)


@router.get("/assignments/view/workbins", name="faculty:view_workbins", response_model=Page[BinnedWorkRead])
async def view_workbins(
    listing: ListingDep, by: Member, db: DatabaseDep, now: Now, bin_id: BinId = None
) -> dict[str, Any]:
    """What lies in one's own workbins, or in one of them."""
    return await listing.of(db, workbins.work, by, bin_id=bin_id, now=now, key=_place, places=2)


def _place(lying: BinnedWork) -> tuple[int, int]:
    return lying.bin_id, lying.id


@router.post("/assignments/student/submit", name="faculty:book_submit", status_code=201, response_model=SubmissionRead)
async def book_submit(
    said: BookSubmission, db: DatabaseDep, by: Member, now: Now, key: KeyDep, sign: SignDep
) -> Answer:
    """The book's way to hand in: an assignment by its number. A lecturer hands in for the student of a workbin."""
    return await act(
        db,
        key,
        submissions.submit_by_number,
        said,
        sign=sign,
        about="assignment:by-number",
        by=by,
        now=now,
        answer=SubmissionRead,
    )
