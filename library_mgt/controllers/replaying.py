"""Replaying past loans under proposed rules, in units short enough that nobody waits for them."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from time import monotonic

from configuration.kit.database import Database
from library_mgt.domain.replay import Outcome
from library_mgt.models.request.policy import ReplayCreate
from library_mgt.services import policies

MOST = 100_000
"""Loans that a replay looks at: years of a university's library, and some seconds."""
LONGEST = 20.0
"""Seconds after which no further chunk is looked at: some rules, such as the ten thousandth closing, take long."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of the loans, and whether those were all of the time that was asked for."""

    outcome: Outcome
    whole: bool


async def replay(db: Database, proposal: ReplayCreate, *, now: datetime, zone: tzinfo) -> Replay:
    """Look at the loans chunk by chunk, the latest first."""
    ends = monotonic() + LONGEST
    outcome, before = await db.read(policies.replayed, proposal, now=now, zone=zone)
    while before is not None and outcome.loans < MOST and monotonic() < ends:
        outcome, before = await db.read(policies.replayed, proposal, before=before, counted=outcome, now=now, zone=zone)
    return Replay(outcome, before is None)
