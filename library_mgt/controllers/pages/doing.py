"""What the pages' forms share: who may open what, and how an act of a form runs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Database
from configuration.kit.dependencies import DatabaseDep, Now
from configuration.kit.features.idempotency import Key
from configuration.kit.security.access import anyone
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import Fields, FieldsDep, FormKeyDep, PagesDep
from configuration.kit.web.flash import Kind
from configuration.kit.web.pages import Pages
from library_mgt.clients.standing import HomeServices
from library_mgt.controllers.acts import act
from library_mgt.dependencies import HomesDep, Zone

DESK_ROLES = frozenset({"librarian", "library_assistant"})
LIBRARIAN = frozenset({"librarian"})
Visitor = Annotated[Actor | None, Depends(anyone("The catalogue is open; who is signed in can request from it."))]
Said: TypeAlias = dict[str, Any]


def works_at_desk(actor: Actor | None) -> bool:
    """Whether the desk's pages are open to the person."""
    return actor is not None and actor.has(*DESK_ROLES)


def may_catalogue(actor: Actor | None) -> bool:
    """Whether the person may change the catalogue."""
    return actor is not None and actor.has(*LIBRARIAN)


@dataclass(frozen=True, slots=True)
class Doing:
    """A form on its way: what it says, its key, and all that acting on it needs."""

    request: Request
    db: Database
    pages: Pages
    fields: Fields
    key: Key | None
    now: datetime
    zone: ZoneInfo
    homes: HomeServices

    def say(self, message: str) -> str:
        """The message in the visitor's language."""
        return self.pages.gettext(self.request)(message)

    def say_many(self, one: str, many: str, count: int) -> str:
        """The message for that many, with the number put in, in the visitor's language."""
        return self.pages.ngettext(self.request)(one, many, count) % count

    def back(self, path: str, message: str | None = None, kind: Kind = "success", about: str = "") -> Response:
        """On to a page, with a message; its first line is the title."""
        return self.pages.redirect(path, message, kind, about)

    async def act(
        self,
        use_case: Callable[..., Any],
        *args: Any,
        about: str,
        by: Actor,
        answer: type[BaseModel] | None,
        **options: Any,
    ) -> Said:
        """Run a use case once per key, as the JSON controllers do; what it answered, also when sent twice."""
        done = await act(self.db, self.key, use_case, *args, about=about, by=by, now=self.now, answer=answer, **options)
        said: Said = json.loads(bytes(done.body) or b"{}")
        return said


async def _doing(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    fields: FieldsDep,
    key: FormKeyDep,
    now: Now,
    *,
    zone: Zone,
    homes: HomesDep,
) -> Doing:
    return Doing(request, db, pages, fields, key, now, zone, homes)


DoingDep = Annotated[Doing, Depends(_doing)]
"""A form's act; name it after the actor, whose access rule comes first."""
