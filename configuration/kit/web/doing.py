"""A form on its way: what it says, its key, and all that acting on it needs."""

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
from configuration.kit.dependencies import DatabaseDep, Now, Zone
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Key
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import Fields, FieldsDep, FormKeyDep, PagesDep
from configuration.kit.web.flash import Kind
from configuration.kit.web.pages import Pages

Said: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doing:
    """A form's act. `key` makes it act once, however often it is sent."""

    request: Request
    db: Database
    pages: Pages
    fields: Fields
    key: Key | None
    now: datetime
    zone: ZoneInfo

    def say(self, message: str) -> str:
        """The message in the visitor's language."""
        return self.pages.gettext(self.request)(message)

    def say_many(self, one: str, many: str, count: int) -> str:
        """The message for that many, with the number put in, in the visitor's language."""
        return self.pages.ngettext(self.request)(one, many, count) % count

    def told(self, text: str) -> str:
        """A fault's sentence in the visitor's language."""
        return self.pages.speech(self.request).said(text)

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


async def doing_of(
    request: Request, db: DatabaseDep, pages: PagesDep, fields: FieldsDep, key: FormKeyDep, now: Now, *, zone: Zone
) -> Doing:
    """The form that was sent."""
    return Doing(request, db, pages, fields, key, now, zone)


DoingDep = Annotated[Doing, Depends(doing_of)]
"""A form's act; name it after the actor, whose access rule comes first."""
