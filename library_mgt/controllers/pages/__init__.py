"""Pages of the library for people."""

from fastapi import APIRouter

from configuration.kit.web import MenuItem, marked
from library_mgt.controllers.pages import catalogue, desk, find, imports, my, purchases, queue, tasks
from library_mgt.controllers.pages.doing import DESK_ROLES, LIBRARIAN
from library_mgt.controllers.pages.home import home

MENU = (
    MenuItem(marked("Find"), "/find"),
    MenuItem(marked("Desk"), "/desk", roles=DESK_ROLES),
    MenuItem(marked("Queue"), "/queue", roles=DESK_ROLES),
    MenuItem(marked("Imports"), "/catalogue/import", roles=LIBRARIAN),
    MenuItem(marked("My loans and requests"), "/my", signed_in=True),
    MenuItem(marked("Accounts"), "/people", roles=LIBRARIAN),
    MenuItem(marked("To buy"), "/purchases", roles=LIBRARIAN),
    MenuItem(marked("Tasks"), "/tasks", roles=tasks.KEEPERS),
)
router = APIRouter(include_in_schema=False)
for page in (find, my, desk, queue, imports, catalogue, purchases, tasks):
    router.routes.extend(page.router.routes)

__all__ = ["MENU", "home", "router"]
