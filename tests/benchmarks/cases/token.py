"""What it costs to know who is calling, beside a bare request."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from configuration.kit.peers import PeerRegistry
from configuration.kit.security.actor import UNIVERSITY, Actor
from configuration.kit.security.authenticator import Authenticator
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import issue_access
from tests.benchmarks.compare import Spread
from tests.benchmarks.report import Goal, Row

TOKENS = 200
USES = 100
"""How often one token is shown in its ten minutes by a person at work: a page every six seconds."""


def token_check(folder: Path, bare_cpu: float) -> list[Row]:
    """`bare_cpu` is the CPU seconds of a bare request in the same run."""
    now = datetime.now(UTC)
    ring = KeyRing("student", folder, now)
    minted = [_token(ring, number, now) for number in range(1, TOKENS + 1)]
    fresh, cached = asyncio.run(_verify(ring, minted, now))
    amortised = (fresh + cached * (USES - 1)) / USES
    note = f"fresh {fresh / bare_cpu:.2g}, remembered {cached / bare_cpu:.2g}, {USES} uses of each"
    single = Spread(amortised / bare_cpu, amortised / bare_cpu, amortised / bare_cpu)
    return [Row("token", "token check, amortised", "bare call, CPU", single, Goal("at most", 0.05), note)]


def _token(ring: KeyRing, number: int, now: datetime) -> str:
    grants = {"student": frozenset({UNIVERSITY})}
    person = f"student:{number}"
    actor = Actor(person, "student", "A Reader", grants, frozenset({person}), account_id=number, family_id=number)
    return issue_access(ring, actor, now, version=1)[0]


async def _verify(ring: KeyRing, minted: list[str], now: datetime) -> tuple[float, float]:
    """CPU seconds of the first check of a token and of the next ones."""
    # Verifying a token of our own touches neither a peer nor the database.
    authenticator = Authenticator("student", ring, PeerRegistry(), cast(Any, None))
    started = time.process_time()
    for token in minted:
        await authenticator.verify(token, now)
    fresh = (time.process_time() - started) / len(minted)
    started = time.process_time()
    for _ in range(20):
        for token in minted:
            await authenticator.verify(token, now)
    return fresh, (time.process_time() - started) / (20 * len(minted))
