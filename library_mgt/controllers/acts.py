"""How every act runs: once per key, and audited as refused when it is."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from configuration.kit.database import Database, Transaction
from configuration.kit.errors import Refusal
from configuration.kit.features import audit
from configuration.kit.features.idempotency import Answer, Key, once
from configuration.kit.peers import PeerTimeout, PeerUnavailable
from configuration.kit.security.actor import Actor
from library_mgt.clients.standing import HomeServices, Standing
from library_mgt.services import patrons

AUDITED = (403, 409, 412, 422)
_ASK_HOME = frozenset({"PATRON_NOT_FOUND", "PATRON_STANDING_UNAVAILABLE"})
T = TypeVar("T")


async def act(
    db: Database,
    key: Key | None,
    use_case: Callable[..., Any],
    *args: Any,
    about: str,
    by: Actor,
    now: datetime,
    answer: type[BaseModel] | None,
    told: Sequence[Standing] = (),
    **options: Any,
) -> Answer:
    """Run a use case in one write. `about` names the thing (`copy:12`); a refusal is audited in a second write.

    `told` is what home services said of readers: it is kept together with what the use case does, or not at all.
    """

    def unit(tx: Transaction) -> Answer:
        for standing in told:
            patrons.take_standing(tx, **asdict(standing), by=by, now=now)
        return once(tx, key, use_case, *args, by=by, now=now, answer=answer, **options)

    try:
        return await db.write(unit)
    except Refusal as refusal:
        if refusal.status in AUDITED:
            action = f"{use_case.__module__.rpartition('.')[2]}.{use_case.__name__}"
            await audit.refused(db, refusal, action, about, by, now)
        raise


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


def etag(seen: Any) -> str:
    """The ETag of what carries a version."""
    return f'"{seen.version}"'
