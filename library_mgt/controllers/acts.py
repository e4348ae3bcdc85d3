"""Acts that need the reader's standing, which another service may have to say."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from configuration.kit.database import Database, Transaction
from configuration.kit.errors import Refusal
from configuration.kit.peers import PeerTimeout, PeerUnavailable
from configuration.kit.security.actor import Actor
from library_mgt.clients.standing import HomeServices, Standing
from library_mgt.services import patrons

_ASK_HOME = frozenset({"PATRON_NOT_FOUND", "PATRON_STANDING_UNAVAILABLE"})
T = TypeVar("T")


def keeping(told: Sequence[Standing], use_case: Callable[..., Any]) -> Callable[..., Any]:
    """The use case, with what home services said of readers kept in the same unit, or not at all."""
    if not told:
        return use_case

    @wraps(use_case)
    def unit(tx: Transaction, *args: Any, by: Actor, now: datetime, **options: Any) -> Any:
        for standing in told:
            patrons.take_standing(tx, **asdict(standing), by=by, now=now)
        return use_case(tx, *args, by=by, now=now, **options)

    return unit


async def with_standing(homes: HomeServices, typed: str, attempt: Callable[[Sequence[Standing]], Awaitable[T]]) -> T:
    """Try; where the reader is unknown or what is known is too old, ask the home services and try once more.

    The attempt gets what they said: looking at somebody leaves no trace, only an act that succeeds makes a reader of
    them. A home service that does not answer leaves the first refusal standing, which says so.
    """
    try:
        return await attempt(())
    except Refusal as refusal:
        codes = {refusal.code, *(blocker.code for blocker in refusal.blockers)}
        if not codes & _ASK_HOME:
            raise
        told = await standings_of(homes, typed)
        if not told:
            raise
    return await attempt(told)


async def standings_of(homes: HomeServices, typed: str) -> list[Standing]:
    """What the home services say of whoever the text may mean; nothing when one of them does not answer."""
    try:
        return await homes.standings(typed.strip())
    except (PeerUnavailable, PeerTimeout):
        return []


async def keep_standings(db: Database, told: Sequence[Standing], *, by: Actor, now: datetime) -> None:
    """Keep what the home services said."""
    for standing in told:
        await db.write(patrons.take_standing, **asdict(standing), by=by, now=now)
