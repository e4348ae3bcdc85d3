"""How every act runs: once per key, and audited as refused when it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from configuration.kit.database import Database
from configuration.kit.errors import Refusal
from configuration.kit.features import audit
from configuration.kit.features.idempotency import Answer, Key, once
from configuration.kit.security.actor import Actor

AUDITED = (403, 409, 412, 422)
"""Refusals with these statuses leave a trace; of what is absent, or away, there is nothing to tell."""


async def act(
    db: Database,
    key: Key | None,
    use_case: Callable[..., Any],
    *args: Any,
    about: str,
    by: Actor,
    now: datetime,
    answer: type[BaseModel] | None,
    **options: Any,
) -> Answer:
    """Run a use case in one write. `about` names the thing (`copy:12`); a refusal is audited in a second write."""
    try:
        return await db.write(lambda tx: once(tx, key, use_case, *args, by=by, now=now, answer=answer, **options))
    except Refusal as refusal:
        if refusal.status in AUDITED:
            action = f"{use_case.__module__.rpartition('.')[2]}.{use_case.__name__}"
            await audit.refused(db, refusal, action, about, by, now)
        raise
