"""The loop: start, write, die, start again; at the end count what is there."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reliability.callers import Line
from tests.reliability.deeds import BOOKS, Writings
from tests.reliability.installation import Installation, serving
from tests.reliability.kill import Ledger, Writer, replayed, write_until_dead
from tests.reliability.processes import cpu_seconds
from tests.reliability.report import KillFigures

DEATHS = (None, "before_commit", "after_commit")
"""Every third life ends from outside at any moment, the others around a COMMIT of the server."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the loop gave: figures for the table, and what is wrong, in words."""

    figures: KillFigures
    problems: Sequence[str]


def kill_in_a_loop(
    installation: Installation,
    where: str,
    cycles: int,
    *,
    advance: Callable[[], None],
    of: Writings = BOOKS,
    faults: str = "",
    deaths: Sequence[str | None] = DEATHS,
) -> Outcome:
    """Kill a server so many times under writers. `faults` are planted in all its lives but the last."""
    server = installation.whole()
    writers = of.writers(installation, server.port)
    ledger = Ledger()
    ready: list[float] = []
    ready_cpu: list[float] = []
    for cycle in range(cycles):
        death, moment = deaths[cycle % len(deaths)], random.randint(40, 100)
        planted = f"{death}:{moment}" if death else ""
        server.environment["ERP_TEST_FAULTS"] = f"{faults} {planted}"
        try:
            ready.append(server.start())
            ready_cpu.append(cpu_seconds(server.pid))
            asyncio.run(write_until_dead(writers, server, ledger, answers=None if death else moment))
        finally:
            server.kill()
        advance()
    server.environment["ERP_TEST_FAULTS"] = ""
    with serving([server]) as ports:
        changed = asyncio.run(_settled_and_replayed(writers, ports[0], ledger))
    asked, found = of.asked_for([deed for deed, _ in ledger.done]), of.found_in(installation)
    lost, doubled = asked - found, found - asked
    figures = KillFigures(
        where=where,
        cycles=cycles,
        acknowledged=len(ledger.done),
        unanswered=ledger.unanswered,
        lost=lost.total(),
        doubled=doubled.total(),
        ready=ready,
        ready_cpu=ready_cpu,
    )
    problems = [f"lost: {name}" for name in lost] + [f"there too often: {name}" for name in doubled]
    return Outcome(figures, problems + ledger.strange + changed + of.broken(installation))


async def _settled_and_replayed(writers: Sequence[Writer], port: int, ledger: Ledger) -> list[str]:
    """Send again what was in flight at the last kill, then some of what was answered; which answers differ."""
    for writer in writers:
        await writer.settle(ledger)
        writer.line.close()
    line = Line(port)
    try:
        return await replayed(writers[0].caller, line, ledger)
    finally:
        line.close()
