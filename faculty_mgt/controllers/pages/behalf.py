"""Work that came another way, handed in for a student by whoever teaches them."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.days import deadline
from configuration.kit.errors import NotFound, Refusal
from configuration.kit.features.acts import act
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import Fields, PagesDep, faults_of
from configuration.kit.web.doing import DoingDep, Said
from configuration.kit.web.forms import given, read, whole, with_files
from faculty_mgt.controllers.receiving import LARGEST, SignDep, handed_in
from faculty_mgt.dependencies import DatabaseDep, Now, PathId, Teacher
from faculty_mgt.models.request.submissions import OnBehalfCreate
from faculty_mgt.models.response.submissions import SubmissionRead
from faculty_mgt.services import assignments, overview, submissions

router = APIRouter(include_in_schema=False)


def _form(tx: Transaction, assignment_id: int, by: Actor, now: Now) -> Said:
    row = assignments.to_teach(tx, assignment_id, by, now)
    return {"assignment": row, "people": overview.people(tx, row.space_id, by, now=now)}


@router.get("/teaching/assignments/{assignment_id}/hand-in", name="pages:behalf")
async def form(
    request: Request, assignment_id: PathId, db: DatabaseDep, pages: PagesDep, by: Teacher, now: Now
) -> Response:
    """The form for work that came by e-mail, on paper, or while nothing could be handed in."""
    found = await db.read(_form, assignment_id, by, now)
    return pages.render(request, "behalf.html", values=Fields(), errors=[], **found)


@router.post("/teaching/assignments/{assignment_id}/hand-in", name="pages:behalf:hand_in", max_body_size=LARGEST)
async def hand_in(assignment_id: PathId, by: Teacher, doing: DoingDep, sign: SignDep) -> Response:
    """Hand in for a student; it counts from the time that is attested."""
    values: dict[str, Any] = given(doing.fields, "text", "attested_at", "reason")
    values["student_number"] = whole(doing.fields["student_number"]) or 0
    said, errors = read(OnBehalfCreate, values)
    found, status = await doing.db.read(_form, assignment_id, by, doing.now), 422
    try:
        limits = await doing.db.read(submissions.limits_for, assignment_id, by, now=doing.now, student=None)
        if said is not None:
            behalf = submissions.OnBehalf(said.student_number, deadline(said.attested_at, doing.zone), said.reason)
            async with handed_in(doing.request, OnBehalfCreate, limits, None) as came:
                await act(
                    doing.db,
                    with_files(doing.key, came.work.files),
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
            told = doing.say("Handed in. The student sees it, with your name and your reason.")
            return doing.back(f"/teaching/assignments/{assignment_id}", told)
    except NotFound:
        raise
    except Refusal as refusal:
        errors, status = faults_of(refusal), refusal.status
    return doing.pages.render(doing.request, "behalf.html", status, values=doing.fields, errors=errors, **found)
