"""The background task that seals the audit while a service runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from configuration.kit.clock import Clock, utc_now
from configuration.kit.database import Database
from configuration.kit.features.audit.chain import PAGE, seal, unsealed

EVERY_SECONDS = 0.5
_log = logging.getLogger(__name__)


@asynccontextmanager
async def sealing(db: Database, *, clock: Clock = utc_now, every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Seal rows within a second of their insertion for as long as the context lasts, and once more at its end."""
    task = asyncio.create_task(_seal_on(db, clock, every), name="audit-sealer")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await _seal_waiting(db, clock)


async def _seal_on(db: Database, clock: Clock, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await _seal_waiting(db, clock)


async def _seal_waiting(db: Database, clock: Clock) -> None:
    """Seal all that waits. A database that is away is not this task's business: the next round tries again."""
    try:
        while await db.read(unsealed):
            if await db.write(seal, clock()) < PAGE:
                return
    except Exception:  # noqa: BLE001 - a sealer that dies leaves the audit open for ever
        _log.warning("the audit could not be sealed now", exc_info=True)
