"""What follows the closing and opening of days: moving what lies on them, in short units one after the other."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from configuration.kit.database import Database
from configuration.kit.security.actor import Actor
from library_mgt.services.closures import Mark


async def go_through(
    db: Database, step: Callable[..., Mark | None], closure_id: int, *, by: Actor, now: datetime, **options: Any
) -> None:
    """Do the steps until there is nothing left. After a crash the library's clock does the rest."""
    mark = await db.write(step, closure_id, by=by, now=now, **options)
    while mark is not None:
        mark = await db.write(step, closure_id, mark, by=by, now=now, **options)
