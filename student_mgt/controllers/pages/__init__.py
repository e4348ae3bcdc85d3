"""Pages of the student service for people."""

from configuration.kit.web import MenuItem, marked

MENU = (
    MenuItem(marked("Start"), "/index"),
    MenuItem(marked("My record"), "/my-record", roles=frozenset({"student", "registrar"})),
    MenuItem(marked("Students"), "/records", roles=frozenset({"registrar"})),
    MenuItem(marked("Applications"), "/applications", roles=frozenset({"registrar"})),
    MenuItem(marked("Accounts"), "/people", roles=frozenset({"registrar"})),
)
