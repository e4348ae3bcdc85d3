"""Acts that need the reader's standing, which another service may have to say."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from configuration.kit.database import Database
from configuration.kit.errors import Refusal
from configuration.kit.peers import PeerTimeout, PeerUnavailable
from configuration.kit.security.actor import Actor
from library_mgt.clients.standing import HomeServices
from library_mgt.services import patrons

_ASK_HOME = frozenset({"PATRON_NOT_FOUND", "PATRON_STANDING_UNAVAILABLE"})
T = TypeVar("T")


async def with_standing(
    db: Database,
    homes: HomeServices,
    typed: str,
    attempt: Callable[[], Awaitable[T]],
    *,
    by: Actor,
    now: datetime,
) -> T:
    """Try; where the reader is unknown or what is known is too old, ask the home services and try once more.

    A home service that does not answer leaves the first refusal standing, which says so.
    """
    try:
        return await attempt()
    except Refusal as refusal:
        codes = {refusal.code, *(blocker.code for blocker in refusal.blockers)}
        if not codes & _ASK_HOME:
            raise
        if not await refresh_standing(db, homes, typed, by=by, now=now):
            raise
    return await attempt()


async def refresh_standing(db: Database, homes: HomeServices, typed: str, *, by: Actor, now: datetime) -> bool:
    """Keep what the home services say now of whoever the text means; whether any of them knew the person."""
    try:
        standings = await homes.standings(typed.strip())
    except (PeerUnavailable, PeerTimeout):
        return False
    for standing in standings:
        await db.write(patrons.take_standing, **asdict(standing), by=by, now=now)
    return bool(standings)
