"""Queues: free copies go to those who wait, the first by band and place."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.security.actor import Actor
from library_mgt.repository import policies, queue, requests
from library_mgt.services.trail import told


@dataclass(frozen=True, slots=True)
class Allocation:
    """A copy set aside: for which request, where it is to be fetched, and whether it lies there already."""

    request_id: int
    copy_id: int
    pickup_location: str
    ready: bool


def allocate(
    tx: Transaction,
    title_id: int,
    part: str,
    *,
    by: Actor,
    now: datetime,
    zone: tzinfo,
    in_hand: int | None = None,
    at: str | None = None,
) -> list[Allocation]:
    """Set free copies of a title's part aside for its waiting requests, until one or the other runs out.

    The caller has locked the title. `in_hand` is a copy that somebody holds at the desk of location `at`: when it is to
    be fetched there it is ready at once.
    """
    made: list[Allocation] = []
    today = local_day(now, zone)
    while match := queue.next_match(tx, title_id, part, in_hand=in_hand, today=today):
        ready = match.copy_id == in_hand and match.pickup_location == at
        kept = policies.for_pickup(tx, match.request_id, match.copy_id, zone) if ready else None
        requests.move(
            tx,
            match.request_id,
            "READY" if ready else "ALLOCATED",
            now=now,
            copy_id=match.copy_id,
            ready_until=kept.pickup_until(now) if kept else None,
        )
        kind = "READY" if ready else "ALLOCATED"
        told(tx, kind, by=by, now=now, request_id=match.request_id, copy_id=match.copy_id)
        made.append(Allocation(match.request_id, match.copy_id, match.pickup_location, ready))
    return made
