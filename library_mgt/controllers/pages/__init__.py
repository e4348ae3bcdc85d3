"""Pages of the library for people."""

from fastapi import APIRouter

from configuration.kit.web import MenuItem, marked
from library_mgt.controllers.pages import (
    calendar,
    catalogue,
    desk,
    fast_add,
    find,
    imports,
    journal,
    lists,
    loan,
    money,
    my,
    offline,
    policies,
    purchases,
    queue,
    reader,
    receipt,
    returns,
    tasks,
    till,
    wishes,
)
from library_mgt.controllers.pages.doing import DESK_ROLES, LIBRARIAN
from library_mgt.controllers.pages.home import home

MENU = (
    MenuItem(marked("Find"), "/find"),
    MenuItem(marked("Desk"), "/desk", roles=DESK_ROLES),
    MenuItem(marked("Queue"), "/queue", roles=DESK_ROLES),
    MenuItem(marked("My loans"), "/my", signed_in=True),
    MenuItem(marked("Rules"), "/policy", roles=LIBRARIAN, office=True),
    MenuItem(marked("Hours"), "/calendar", roles=LIBRARIAN, office=True),
    MenuItem(marked("Imports"), "/catalogue/import", roles=LIBRARIAN, office=True),
    MenuItem(marked("To buy"), "/purchases", roles=LIBRARIAN, office=True),
    MenuItem(marked("Accounts"), "/people", roles=LIBRARIAN, office=True),
    MenuItem(marked("Tasks"), "/tasks", roles=tasks.KEEPERS, office=True),
)
router = APIRouter(include_in_schema=False)
PAGES = (
    find, my, desk, loan, wishes, reader, money, till, returns, receipt, fast_add, journal, offline, queue, lists,
    imports, catalogue, policies, calendar, purchases, tasks,
)  # fmt: skip
for page in PAGES:
    router.routes.extend(page.router.routes)

__all__ = ["MENU", "home", "router"]
