"""Pages of the faculty service for people."""

from configuration.kit.web import MenuItem, marked

MENU = (
    MenuItem(marked("Start"), "/index"),
    MenuItem(marked("Applications"), "/applications", roles=frozenset({"dean"})),
    MenuItem(marked("Accounts"), "/people", roles=frozenset({"dean"})),
)
