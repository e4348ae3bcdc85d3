"""Who works in the library, and who may say so. Readers have their accounts where they study or teach."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features.accounts import Newcomer, Person, Roles
from configuration.kit.features.accounts.repository import accounts
from configuration.kit.security.actor import Actor
from library_mgt.repository import patrons

LONGEST_NUMBER = 18
_LIBRARIANS = frozenset({"librarian"})


class LibraryPeople:
    """Whom the library knows under numbers of its own: its staff, and the readers who belong to no other service."""

    def find(self, tx: Transaction, number: int) -> Person | None:
        """The reader with this number, who is not to be mistaken for a newcomer."""
        patron_id = patrons.id_of(tx, f"library:{number}")
        found = patrons.by_id(tx, patron_id) if patron_id is not None else None
        return None if found is None else Person(number, found.display_name or "")

    def admit(self, tx: Transaction, newcomer: Newcomer, *, by: Actor, now: datetime) -> Person:
        """The newcomer as they are: the account is the record of staff."""
        return Person(newcomer.number, newcomer.display_name)


def colleague_name(tx: Transaction, person: str | None) -> str | None:
    """The name of one of the library's staff, by their reference."""
    service, _, number = (person or "").partition(":")
    if service != "library" or not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return None
    found = accounts.by_number(tx, int(number))
    return found.display_name if found is not None else None


def address_of(tx: Transaction, person: str) -> str | None:
    """The mail address of one of the library's staff, by their reference."""
    found = accounts.by_number(tx, int(person.partition(":")[2]))
    return found.email if found is not None else None


ROLES = Roles(
    service="library",
    managers=_LIBRARIANS,
    people=LibraryPeople(),
    grantable={
        "librarian": _LIBRARIANS,
        "library_assistant": _LIBRARIANS,
        "auditor": _LIBRARIANS,
        "operator": frozenset({"operator"}),
    },
)
"""Librarians manage the accounts of their colleagues; only an operator makes another one."""
