"""The first page: what waits for whoever asks."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.security.actor import Actor
from configuration.kit.web import Pages, marked
from configuration.kit.web.doing import Said
from configuration.kit.web.home import MOST_COUNTED, Door, Say, counted, entrance, everybody
from faculty_mgt.models.data.overview import OPEN
from faculty_mgt.services import overview

TITLE = marked("For lecturers")
LEAD = marked("Apply for your account or sign in: your teaching spaces, what is to grade, and your books.")
FEW = 8


async def home(request: Request, actor: Actor | None) -> Response:
    """The faculty service's home: what is to grade for lecturers, what is due for students, who applies for deans."""
    pages: Pages = request.app.state.pages
    _ = pages.gettext(request)
    if actor is None:
        doors = entrance(pages, _, may_apply=request.app.state.settings.signup_open)
        return pages.render(request, "faculty-home.html", title=_(TITLE), lead=_(LEAD), doors=doors, **_nobody())
    found = await request.app.state.database.read(_waiting, actor, now=request.app.state.clock())
    doors = [*_doors(pages, _, actor, found), *everybody(pages, _, actor)]
    title = _("Good to see you, %s") % actor.name
    return pages.render(request, "faculty-home.html", title=title, lead="", doors=doors, **found)


def _nobody() -> Said:
    return {"grading": [], "deadlines": [], "tasks": [], "applications": 0}


def _waiting(tx: Transaction, actor: Actor, *, now: datetime) -> Said:
    """What waits for a person, whatever they are."""
    found = _nobody()
    if actor.holds("lecturer"):
        found |= {
            "grading": overview.to_grade(tx, actor, now=now),
            "deadlines": overview.deadlines(tx, actor, now=now),
        }
    if actor.holds("student"):
        found["tasks"] = [one for one in overview.tasks(tx, actor, now=now) if one.standing(now) in OPEN][:FEW]
    if actor.has("dean"):
        applications = staffing.list_applications(tx, state="submitted", after=0, limit=MOST_COUNTED + 1)
        found["applications"] = len(applications)
    return found


def _doors(pages: Pages, _: Say, actor: Actor, found: Said) -> list[Door]:
    doors = []
    if actor.holds("lecturer"):
        waiting = counted(sum(one.waiting for one in found["grading"]))
        note = _("Your spaces, and what is to grade")
        doors.append(Door("cap", _("Teaching"), note, pages.url("/teaching"), waiting))
    if actor.has("dean"):
        count = counted(found["applications"])
        note = _("Approve or reject, oldest first")
        doors.append(Door("inbox", _("Applications to decide"), note, pages.url("/applications"), count))
        doors.append(Door("board", _("Sections"), _("Who teaches, who attends"), pages.url("/offer/sections")))
    return doors
