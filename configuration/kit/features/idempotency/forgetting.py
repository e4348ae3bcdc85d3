"""The background task that forgets stored answers, and with them who asked, after a day."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from configuration.kit.clock import Clock, utc_now
from configuration.kit.database import Database
from configuration.kit.features.idempotency.once import forget_before

KEPT = timedelta(days=1)
"""How long a duplicate is recognised. Nobody repeats a request a day later without looking first."""

EVERY_SECONDS = 600.0
_log = logging.getLogger(__name__)


@asynccontextmanager
async def forgetting(db: Database, *, clock: Clock = utc_now, every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Forget answers older than `KEPT` now and then, for as long as the context lasts."""
    task = asyncio.create_task(_forget_on(db, clock, every), name="idempotency-forgetting")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _forget_on(db: Database, clock: Clock, every: float) -> None:
    while True:
        try:
            await db.write(forget_before, clock() - KEPT)
        except Exception:  # noqa: BLE001 - the next round tries again
            _log.warning("old answers could not be forgotten now", exc_info=True)
        await asyncio.sleep(every)
