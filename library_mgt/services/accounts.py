"""Who works in the library, and who may say so. Readers have their accounts where they study or teach."""

from configuration.kit.features.accounts import Roles

_LIBRARIANS = frozenset({"librarian"})

ROLES = Roles(
    service="library",
    managers=_LIBRARIANS,
    grantable={
        "librarian": _LIBRARIANS,
        "library_assistant": _LIBRARIANS,
        "auditor": _LIBRARIANS,
        "operator": frozenset({"operator"}),
    },
)
"""Librarians manage the accounts of their colleagues; only an operator makes another one."""
