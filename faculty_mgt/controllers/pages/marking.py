"""Marking: one piece of work after the other, and releasing what was marked."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import NotFound, Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.doing import Doing, DoingDep, Said
from configuration.kit.web.forms import read, version_of
from faculty_mgt.controllers.pages.spelling import plain
from faculty_mgt.dependencies import DatabaseDep, Now, PathId, Teacher
from faculty_mgt.errors import SubmissionNotFound
from faculty_mgt.models.data.marks import Mark
from faculty_mgt.models.request.marks import MarkCreate, MarkWithoutWork
from faculty_mgt.models.response.submissions import MarkRead, ReleasedRead
from faculty_mgt.services import assignments, marks, overview, submissions

router = APIRouter(include_in_schema=False)


def _work(tx: Transaction, submission_id: int, by: Actor, now: Now) -> Said:
    """A piece of work as its marker sees it; what one does not teach is not there, one's own work neither."""
    seen = submissions.seen(tx, submission_id, by, now=now)
    row = seen.submission
    try:
        assignment = assignments.to_teach(tx, row.assignment_id, by, now)
    except NotFound:
        raise SubmissionNotFound() from None
    people = {one.student_number: one.display_name for one in overview.people(tx, assignment.space_id, by, now=now)}
    history = marks.history(tx, submission_id, by, now=now)
    return {
        "assignment": assignment,
        "seen": seen,
        "work": row,
        "student": people.get(row.student_number, f"student:{row.student_number}"),
        "history": history,
        "markers": overview.names_of(tx, [one.marked_by for one in history]),
    }


def _values(mark: Mark | None, version: int) -> Fields:
    """The mark as the form shows it."""
    if mark is None:
        return Fields(version="0")
    raw = "" if mark.raw is None else plain(mark.raw)
    return Fields(raw=raw, excused="yes" if mark.excused else "", comment=mark.comment, version=str(version))


@router.get("/teaching/submissions/{submission_id}", name="pages:submission")
async def work(
    request: Request, submission_id: PathId, db: DatabaseDep, pages: PagesDep, by: Teacher, now: Now
) -> Response:
    """A piece of work, the form for its mark, and the way to the next one that waits."""
    found = await db.read(_work, submission_id, by, now)
    values = _values(found["seen"].mark, found["seen"].version)
    return pages.render(request, "work.html", values=values, errors=[], **found)


@router.post("/teaching/submissions/{submission_id}", name="pages:submission:mark")
async def mark(submission_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Save the mark, and go on to the next work if asked to."""
    fields = doing.fields
    raw = fields["raw"].replace(",", ".") or None
    said, errors = read(MarkCreate, {"raw": raw, "excused": bool(fields["excused"]), "comment": fields["comment"]})
    found = await doing.db.read(_work, submission_id, by, doing.now)
    status = 422
    if said is not None:
        seen = version_of(fields) or None
        try:
            about = f"submission:{submission_id}"
            await doing.act(marks.mark, submission_id, said, seen=seen, about=about, by=by, answer=MarkRead)
            return _on(doing, found)
        except NotFound:
            raise
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
            found = await doing.db.read(_work, submission_id, by, doing.now)
    # Whoever was told what happened meanwhile decides again, knowing it.
    values = Fields(fields, version=str(found["seen"].version))
    errors = [FieldError(one.text, one.field or ("raw" if said is None else ""), one.code) for one in errors]
    return doing.pages.render(doing.request, "work.html", status, values=values, errors=errors, **found)


def _on(doing: Doing, found: Said) -> Response:
    """On to the next work that waits, or back to where one was."""
    told = f"{doing.say('Marked')}: {found['student']}"
    following = found["seen"].next_id or found["seen"].previous_id
    if doing.fields["then"] != "next":
        return doing.back(f"/teaching/submissions/{found['work'].id}", told)
    if following is None:
        told += f"\n{doing.say('Nothing else waits for a mark. Release the marks when you are content with them.')}"
        return doing.back(f"/teaching/assignments/{found['assignment'].id}?show=marked", told)
    return doing.back(f"/teaching/submissions/{following}", told)


@router.post("/teaching/assignments/{assignment_id}/students/{student}/mark", name="pages:submission:none")
async def mark_without_work(assignment_id: PathId, student: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Say of somebody who handed nothing in that the work is missing, or excused."""
    verdict = doing.fields["verdict"]
    said, errors = read(MarkWithoutWork, {"missing": verdict == "missing", "excused": verdict == "excused"})
    back, about = f"/teaching/assignments/{assignment_id}?show=nothing", f"assignment:{assignment_id}"
    if said is None:
        return doing.back(back, errors[0].text, "danger")
    try:
        await doing.act(
            marks.mark_without_work, assignment_id, student, said, seen=None, about=about, by=by, answer=MarkRead
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return doing.back(back, f"{refusal.title}\n{refusal.detail}", "danger")
    return doing.back(back, doing.say("Noted. The student sees it when the marks are released."))


@router.post("/teaching/assignments/{assignment_id}/release", name="pages:release")
async def release(assignment_id: PathId, by: Teacher, doing: DoingDep) -> Response:
    """Show the marks to their students."""
    back, about = f"/teaching/assignments/{assignment_id}?show=released", f"assignment:{assignment_id}"
    try:
        done = await doing.act(marks.release, assignment_id, about=about, by=by, answer=ReleasedRead, status=200)
    except NotFound:
        raise
    except Refusal as refusal:
        return doing.back(f"/teaching/assignments/{assignment_id}", f"{refusal.title}\n{refusal.detail}", "danger")
    return doing.back(back, f"{doing.say('Marks that their students see now')}: {done['released']}")
