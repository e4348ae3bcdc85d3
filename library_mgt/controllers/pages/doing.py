"""What the library's forms share: who may open what, and how an act of a form runs."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from configuration.kit.security.access import anyone
from configuration.kit.security.actor import Actor
from configuration.kit.web import doing as forms
from configuration.kit.web.doing import Said
from library_mgt.clients.standing import HomeServices
from library_mgt.dependencies import HomesDep

DESK_ROLES = frozenset({"librarian", "library_assistant"})
LIBRARIAN = frozenset({"librarian"})
Visitor = Annotated[Actor | None, Depends(anyone("The catalogue is open; who is signed in can request from it."))]

__all__ = ["DESK_ROLES", "LIBRARIAN", "Doing", "DoingDep", "Said", "Visitor", "may_catalogue", "works_at_desk"]


def works_at_desk(actor: Actor | None) -> bool:
    """Whether the desk's pages are open to the person."""
    return actor is not None and actor.has(*DESK_ROLES)


def may_catalogue(actor: Actor | None) -> bool:
    """Whether the person may change the catalogue."""
    return actor is not None and actor.has(*LIBRARIAN)


@dataclass(frozen=True, slots=True)
class Doing(forms.Doing):
    """A form's act, with the services that know the readers."""

    homes: HomeServices


async def _doing(form: forms.DoingDep, homes: HomesDep) -> Doing:
    return Doing(form.request, form.db, form.pages, form.fields, form.key, form.now, form.zone, homes)


DoingDep = Annotated[Doing, Depends(_doing)]
"""A form's act; name it after the actor, whose access rule comes first."""
