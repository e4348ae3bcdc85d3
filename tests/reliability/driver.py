"""Runs a race: so many clients, each on a connection of its own, at the same moment, again and again."""

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Protocol

from tests.benchmarks.wire import BrokenAnswer, Reply
from tests.reliability.callers import Line, Unexpected
from tests.reliability.verdicts import Rule, Score

CLIENTS = 64
ROUND_SECONDS = 60.0
AUDIT_EVERY = 5
"""Rounds between two looks at a stage that is not yet cleared."""

ENOUGH_PROBLEMS = 5
"""A race that fails this often is stopped: more of the same tells nothing."""


class Race(Protocol):
    """A contest for one thing."""

    name: str

    @property
    def rule(self) -> Rule:
        """How the answers must look."""
        ...

    async def prepare(self, line: Line, clients: int) -> Sequence[bytes]:
        """Set the stage; one request per client, to be sent at once."""
        ...

    async def finish(self, line: Line, replies: Sequence[Reply]) -> list[str]:
        """Look at what really happened and clear the stage; what is wrong, in words."""
        ...


async def burst(lines: Sequence[Line], requests: Sequence[bytes]) -> list[Reply]:
    """Send every request at once, each on its own line, and collect the answers."""
    connections = [await line.open() for line in lines]
    async with asyncio.timeout(ROUND_SECONDS):
        sent = [connection.send(request) for connection, request in zip(connections, requests, strict=True)]
        return list(await asyncio.gather(*sent))


async def run_race(
    race: Race,
    ports: Sequence[int],
    *,
    rounds: int,
    where: str,
    audit: Callable[[], list[str]],
    clients: int = CLIENTS,
    advance: Callable[[], None] = lambda: None,
    enough: int = ENOUGH_PROBLEMS,
) -> Score:
    """Run the race round by round over servers on these ports, until there are `enough` problems.

    `audit` names broken invariants: now and then before the stage is cleared, and at the end.
    """
    score = Score(race.name, where)
    started = time.perf_counter()
    desk = Line(ports[0])
    lines = [Line(port) for port in islice(cycle(ports), clients)]
    try:
        for _ in range(rounds):
            await _round(race, desk, lines, score, audit if score.rounds % AUDIT_EVERY == 0 else list)
            advance()
            if len(score.problems) >= enough:
                break
    except (Unexpected, BrokenAnswer, OSError) as answer:
        score.problems.append(f"round {score.rounds + 1}: the stage could not be set: {answer}")
    finally:
        for line in (desk, *lines):
            line.close()
    score.problems += audit()
    score.seconds = time.perf_counter() - started
    return score


async def _round(race: Race, desk: Line, lines: Sequence[Line], score: Score, audit: Callable[[], list[str]]) -> None:
    requests = await race.prepare(desk, len(lines))
    replies = await burst(lines, requests)
    problems = race.rule.judge(replies) + await asyncio.to_thread(audit)
    score.add(replies, race.rule.winners(replies), problems + await race.finish(desk, replies))
