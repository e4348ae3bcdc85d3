"""What happens in the library without anybody asking: requests end when their time is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from loguru import logger

from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from library_mgt.services import requests

EVERY_SECONDS = 300.0
CLOCK = Actor("service:library", "library", "The library's clock", via="service")


@asynccontextmanager
async def expiring(app: FastAPI, *, every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """End requests whose time is over, every few minutes for as long as the context lasts."""
    task = asyncio.create_task(_expire_on(app, every), name="request-expiry")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _expire_on(app: FastAPI, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await expire_now(app)
        except Exception:  # noqa: BLE001 - a database that is away for a while must not end this for ever
            logger.opt(exception=True).warning("requests could not be looked through now")


async def expire_now(app: FastAPI) -> int:
    """End what is over at this moment, each request in a unit of its own; answers how many were looked at."""
    state = app.state
    now, zone = state.clock(), state.settings.zone_info
    over = await state.database.read(requests.expiring, now=now, zone=zone)
    for request_id in over:
        with suppress(Refusal):
            await state.database.write(requests.expire, request_id, by=CLOCK, now=now, zone=zone)
    return len(over)
