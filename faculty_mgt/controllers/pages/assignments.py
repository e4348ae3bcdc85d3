"""A lecturer's assignments: set, changed, published, closed; what is different for single students; the queue."""

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import NotFound, Refusal
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.doing import Doing, DoingDep, Said
from configuration.kit.web.forms import given, read, version_of, whole
from configuration.kit.web.urls import next_link
from faculty_mgt.controllers.pages import spelling
from faculty_mgt.dependencies import DatabaseDep, Now, PathId, Teacher, Zone
from faculty_mgt.models.data.submissions import Queued
from faculty_mgt.models.request.assignments import AssignmentChange, AssignmentCreate, OverrideCreate
from faculty_mgt.models.response.assignments import AssignmentRead, OverrideRead
from faculty_mgt.services import assignments, overrides, overview, submissions
from faculty_mgt.services.teaching import require_editor

PAGE = 50
MOST = 200
View = Literal["unmarked", "marked", "released", "nothing", "all"]
router = APIRouter(include_in_schema=False)


def _form_for(tx: Transaction, space_id: int, by: Actor, now: Now) -> Said:
    require_editor(tx, space_id, by, now)
    return {"space": overview.space(tx, space_id, by, now=now), "assignment": None}


def _form_of(tx: Transaction, assignment_id: int, by: Actor, now: Now) -> Said:
    row = assignments.to_teach(tx, assignment_id, by, now)
    return {**_form_for(tx, row.space_id, by, now), "assignment": row}


def _page(tx: Transaction, assignment_id: int, by: Actor, now: Now, *, view: View = "unmarked", after: int = 0) -> Said:
    """An assignment with what was granted, and one view of its work."""
    row = assignments.to_teach(tx, assignment_id, by, now)
    people = overview.people(tx, row.space_id, by, now=now)
    state = None if view == "all" else view
    found: list[Queued] = []
    following = None
    if view != "nothing":
        rows = submissions.queue(tx, assignment_id, by, now=now, state=state, after=after, limit=PAGE + 1)
        found, following = cut(rows, PAGE, lambda one: (one.id,))
    return {
        "assignment": row,
        "space": overview.space(tx, row.space_id, by, now=now),
        "editor": overview.arranges(tx, row.space_id, by, now=now),
        "people": people,
        "names": {one.student_number: one.display_name for one in people},
        "granted": overrides.of_assignment(tx, assignment_id, by, now=now, after=0, limit=MOST),
        "view": view,
        "queue": found,
        "following": following,
        "nothing": overview.without_work(tx, assignment_id, by, now=now),
        "waiting": next((one for one in overview.to_grade(tx, by, now=now) if one.id == assignment_id), None),
    }


@router.get("/teaching/assignments/{assignment_id}", name="pages:assignment")
async def assignment(
    request: Request,
    assignment_id: PathId,
    db: DatabaseDep,
    pages: PagesDep,
    by: Teacher,
    now: Now,
    cursor: CursorDep,
    *,
    show: View = "unmarked",
) -> Response:
    """An assignment, what was granted to single students, and the work that was handed in."""
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await db.read(_page, assignment_id, by, now, view=show, after=after)
    next_url = next_link(request, found.pop("following"))
    return pages.render(request, "assignment.html", next_url=next_url, values=Fields(), errors=[], **found)


@router.get("/teaching/spaces/{space_id}/assignments/new", name="pages:assignment:new")
async def new_form(
    request: Request, space_id: PathId, db: DatabaseDep, pages: PagesDep, by: Teacher, now: Now
) -> Response:
    """The form for a new assignment."""
    found = await db.read(_form_for, space_id, by, now)
    return _form(pages, request, found, spelling.FRESH, [], 200)


def _form(
    pages: PagesDep, request: Request, found: Said, values: Fields, errors: list[FieldError], status: int
) -> Response:
    kinds = spelling.KINDS if values["kinds"] in spelling.KINDS else (*spelling.KINDS, values["kinds"])
    return pages.render(request, "assignment-form.html", status, values=values, errors=errors, kinds=kinds, **found)


@router.post("/teaching/spaces/{space_id}/assignments/new", name="pages:assignment:add")
async def add(space_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Set an assignment: a draft, unless it is to be published at once."""
    values, errors = spelling.assignment_values(doing.fields, doing.say)
    new, faults = read(AssignmentCreate, values)
    errors, status = [*errors, *spelling.placed(faults)], 422
    if new is not None and not errors:
        state = "published" if doing.fields["publish"] else "draft"
        try:
            made = await doing.act(
                assignments.add,
                space_id,
                new,
                zone=doing.zone,
                state=state,
                about=f"space:{space_id}",
                by=by,
                answer=AssignmentRead,
            )
            told = doing.say("Published") if state == "published" else doing.say("Saved as a draft")
            return doing.back(f"/teaching/assignments/{made['id']}", f"{told}: {made['title']}")
        except NotFound:
            raise
        except Refusal as refusal:
            errors, status = spelling.placed(faults_of(refusal)), refusal.status
    found = await doing.db.read(_form_for, space_id, by, doing.now)
    return _form(doing.pages, doing.request, found, doing.fields, errors, status)


@router.get("/teaching/assignments/{assignment_id}/edit", name="pages:assignment:edit")
async def edit_form(
    request: Request, assignment_id: PathId, db: DatabaseDep, pages: PagesDep, by: Teacher, now: Now, *, zone: Zone
) -> Response:
    """The form with what the assignment says now."""
    found = await db.read(_form_of, assignment_id, by, now)
    return _form(pages, request, found, spelling.fields_of(found["assignment"], zone), [], 200)


@router.post("/teaching/assignments/{assignment_id}/edit", name="pages:assignment:change")
async def change(assignment_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Save the assignment, unless somebody else changed it meanwhile."""
    found = await doing.db.read(_form_of, assignment_id, by, doing.now)
    values, errors = spelling.assignment_values(doing.fields, doing.say)
    if not doing.fields["number"]:
        values["number"] = None
    said, faults = read(AssignmentChange, spelling.unchanged(values, found["assignment"], doing.zone))
    errors, status = [*errors, *spelling.placed(faults)], 422
    if said is not None and not errors:
        try:
            await doing.act(
                assignments.change,
                assignment_id,
                said,
                version=version_of(doing.fields),
                zone=doing.zone,
                about=f"assignment:{assignment_id}",
                by=by,
                answer=AssignmentRead,
            )
            return doing.back(f"/teaching/assignments/{assignment_id}", doing.say("The changes are saved."))
        except Refusal as refusal:
            errors, status = spelling.placed(faults_of(refusal)), refusal.status
    return _form(doing.pages, doing.request, found, doing.fields, errors, status)


async def _move(doing: Doing, by: Actor, assignment_id: int, use_case: Callable[..., Any], done: str) -> Response:
    back = f"/teaching/assignments/{assignment_id}"
    try:
        about = f"assignment:{assignment_id}"
        moved = await doing.act(use_case, assignment_id, about=about, by=by, answer=AssignmentRead)
    except NotFound:
        raise
    except Refusal as refusal:
        return doing.back(back, f"{refusal.title}\n{refusal.detail}", "danger")
    return doing.back(back, f"{done}: {moved['title']}")


@router.post("/teaching/assignments/{assignment_id}/publish", name="pages:assignment:publish")
async def publish(assignment_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Show a draft to its students, or take work for a closed one again."""
    return await _move(doing, by, assignment_id, assignments.publish, doing.say("Published"))


@router.post("/teaching/assignments/{assignment_id}/close", name="pages:assignment:close")
async def close(assignment_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Take no more work."""
    return await _move(doing, by, assignment_id, assignments.close, doing.say("Closed"))


@router.post("/teaching/assignments/{assignment_id}/overrides", name="pages:override:grant")
async def grant(assignment_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Grant a student later dates or more attempts, with the reason."""
    values: dict[str, Any] = given(doing.fields, "due_at", "locks_at", "reason")
    for name in ("student_number", "attempts"):
        if doing.fields[name]:
            values[name] = whole(doing.fields[name]) or 0
    said, errors = read(OverrideCreate, values)
    status = 422
    if said is not None:
        try:
            about = f"assignment:{assignment_id}"
            await doing.act(
                overrides.grant, assignment_id, said, zone=doing.zone, about=about, by=by, answer=OverrideRead
            )
            told = doing.say("Granted. The student sees the new dates at once.")
            return doing.back(f"/teaching/assignments/{assignment_id}", told)
        except NotFound:
            raise
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    found = await doing.db.read(_page, assignment_id, by, doing.now)
    found.pop("following")
    return doing.pages.render(
        doing.request, "assignment.html", status, next_url="", values=doing.fields, errors=errors, **found
    )


@router.post("/teaching/assignments/{assignment_id}/overrides/{override_id}/end", name="pages:override:end")
async def end_grant(assignment_id: PathId, override_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Take back what was granted."""
    back, about = f"/teaching/assignments/{assignment_id}", f"assignment:{assignment_id}"
    try:
        await doing.act(overrides.end, assignment_id, override_id, about=about, by=by, answer=OverrideRead)
    except Refusal as refusal:
        return doing.back(back, f"{refusal.title}\n{refusal.detail}", "danger")
    return doing.back(back, doing.say("It ends here; what was handed in meanwhile stays."), "info")
