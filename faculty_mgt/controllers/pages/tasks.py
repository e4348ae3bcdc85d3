"""A student's assignments: what is due, handing in, what came of it."""

from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import NotFound, Refusal
from configuration.kit.features.acts import act
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, PagesDep, faults_of
from configuration.kit.web.doing import DoingDep, Said
from configuration.kit.web.forms import with_files
from faculty_mgt.controllers.pages.teaching import standing_in
from faculty_mgt.controllers.receiving import LARGEST, SignDep, handed_in
from faculty_mgt.controllers.submissions import Student
from faculty_mgt.dependencies import DatabaseDep, Now, PathId
from faculty_mgt.domain.hats import number_as
from faculty_mgt.models.data.overview import OPEN, Standing, Task
from faculty_mgt.models.request.submissions import SubmissionCreate
from faculty_mgt.models.response.submissions import SubmissionRead
from faculty_mgt.services import assignments, overview, submissions

View = Literal["open", "handed_in", "marked", "missed", "all"]
VIEWS: dict[View, frozenset[Standing]] = {
    "open": OPEN,
    "handed_in": frozenset({"handed_in"}),
    "marked": frozenset({"marked"}),
    "missed": frozenset({"missed"}),
}
MOST = 200
router = APIRouter(include_in_schema=False)


@router.get("/my/assignments", name="pages:tasks")
async def tasks(
    request: Request, db: DatabaseDep, pages: PagesDep, by: Student, now: Now, show: View = "open"
) -> Response:
    """One's assignments: what is overdue first, then what is due soonest."""
    found = await db.read(overview.tasks, by, now=now)
    counts = {view: sum(one.standing(now) in states for one in found) for view, states in VIEWS.items()}
    counts["all"] = len(found)
    wanted = VIEWS.get(show)
    shown = [one for one in found if wanted is None or one.standing(now) in wanted]
    return pages.render(request, "tasks.html", tasks=shown, counts=counts, view=show)


def _task(tx: Transaction, assignment_id: int, by: Actor, now: Now) -> Said:
    """An assignment with one's own dates, attempts and released mark; and why nothing can be handed in, if so."""
    assignment = assignments.seen(tx, assignment_id, by, now=now)
    attempts = submissions.mine(tx, by, assignment_id=assignment_id, after=0, limit=MOST)
    closed = None
    try:
        assignments.open_for(tx, assignment_id, student=number_as(by, "student") or 0, now=now)
    except Refusal as refusal:
        closed = refusal
    return {
        "assignment": assignment,
        "space": overview.space(tx, assignment.space_id, by, now=now),
        "attempts": attempts[::-1],
        "own_mark": overview.own_mark(tx, assignment_id, by),
        "closed": closed,
    }


@router.get("/my/assignments/{assignment_id}", name="pages:task")
async def task(
    request: Request, assignment_id: PathId, db: DatabaseDep, pages: PagesDep, by: Student, now: Now
) -> Response:
    """One assignment: what is asked, until when, what was handed in, and the mark once it is released."""
    found = await db.read(_task, assignment_id, by, now)
    return pages.render(request, "task.html", text="", errors=[], **found)


@router.post("/my/assignments/{assignment_id}/hand-in", name="pages:task:hand_in", max_body_size=LARGEST)
async def hand_in(assignment_id: PathId, by: Student, doing: DoingDep, sign: SignDep) -> Response:
    """Hand in: it counts as received when its last byte has come."""
    student = number_as(by, "student")
    about = f"assignment:{assignment_id}"
    try:
        limits = await doing.db.read(submissions.limits_for, assignment_id, by, now=doing.now, student=student)
        async with handed_in(doing.request, SubmissionCreate, limits, None) as came:
            await act(
                doing.db,
                with_files(doing.key, came.work.files),
                submissions.submit,
                assignment_id,
                came.work,
                sign=sign,
                about=about,
                by=by,
                now=came.at,
                answer=SubmissionRead,
            )
    except NotFound:
        raise
    except Refusal as refusal:
        found = await doing.db.read(_task, assignment_id, by, doing.now)
        errors = [FieldError(one.text, one.field, one.code) for one in faults_of(refusal)]
        return doing.pages.render(
            doing.request, "task.html", refusal.status, text=doing.fields["text"], errors=errors, **found
        )
    told = doing.say("Handed in. Keep the receipt: it proves what arrived, and when.")
    return doing.back(f"/my/assignments/{assignment_id}", told)


def _space(tx: Transaction, space_id: int, by: Actor, now: Now) -> Said:
    own = {one.id: one for one in overview.tasks(tx, by, now=now) if one.space_id == space_id}
    found = standing_in(tx, space_id, by, now)
    tasks: list[Task] = [own[one.id] for one in found.pop("assignments") if one.id in own]
    return {**found, "tasks": tasks}


@router.get("/my/spaces/{space_id}", name="pages:my_space")
async def my_space(
    request: Request, space_id: PathId, db: DatabaseDep, pages: PagesDep, by: Student, now: Now
) -> Response:
    """A course one attends: what was announced, what there is to read, what is asked."""
    return pages.render(request, "my-space.html", **await db.read(_space, space_id, by, now))
