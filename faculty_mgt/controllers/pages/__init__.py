"""Pages of the faculty service for people."""

from fastapi import APIRouter

from configuration.kit.web import MenuItem, marked
from faculty_mgt.controllers.pages import assignments, behalf, marking, offer, sections, tasks, teaching
from faculty_mgt.controllers.pages.home import home

LECTURER, STUDENT, DEAN = frozenset({"lecturer"}), frozenset({"student"}), frozenset({"dean"})
MENU = (
    MenuItem(marked("Start"), "/index"),
    MenuItem(marked("Teaching"), "/teaching", roles=LECTURER),
    MenuItem(marked("My assignments"), "/my/assignments", roles=STUDENT),
    MenuItem(marked("Sections"), "/offer/sections", roles=DEAN),
    MenuItem(marked("Courses"), "/offer/courses", roles=DEAN),
    MenuItem(marked("Terms"), "/offer/terms", roles=DEAN),
    MenuItem(marked("Lecturers and staff"), "/records", roles=DEAN),
    MenuItem(marked("My record"), "/my-record", roles=LECTURER | DEAN),
    MenuItem(marked("Applications"), "/applications", roles=DEAN),
    MenuItem(marked("Accounts"), "/people", roles=DEAN),
)
router = APIRouter(include_in_schema=False)
for page in (tasks, teaching, assignments, marking, behalf, sections, offer):
    router.routes.extend(page.router.routes)

__all__ = ["MENU", "home", "router"]
