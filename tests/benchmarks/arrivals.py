"""Two ways of keeping a server busy with acts that depend on what was answered before.

In an open loop requests come when they come, whether or not the earlier ones were answered, and a latency counts from
the moment the request should have been sent. Whoever waits for an answer before sending the next one asks least while
the server is slow, and so measures it mostly while it is not (coordinated omission). In a closed loop so many clients
ask without pause.
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import uvloop

from tests.benchmarks.load import Load
from tests.benchmarks.wire import Connection, Reply, connect

PATIENCE = 60.0
"""Seconds that answers are waited for after the last request."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """One request: its kind, its bytes, and who wants to know the answer."""

    kind: str
    request: bytes
    answered: Callable[[Reply], None] | None = None


Acts = Callable[[], Act]
"""Says what is asked next, at the moment it is asked."""
Loads = Mapping[str, Load]
"""What a run gave, by the kind of the acts."""


def at_random(rate: float, seconds: float, chance: random.Random) -> list[float]:
    """The moments of a Poisson process with so many arrivals a second, in seconds from its start."""
    moments: list[float] = []
    at = chance.expovariate(rate)
    while at < seconds:
        moments.append(at)
        at += chance.expovariate(rate)
    return moments


def open_loop(port: int, moments: Sequence[float], acts: Acts) -> Loads:
    """Ask at these moments; each latency counts from its moment, however late the request could be sent."""
    return _run(_open(port, moments, acts))


def closed_loop(port: int, acts: Acts, *, clients: int, seconds: float) -> Loads:
    """Let so many clients ask for so long, each as soon as it has its answer."""
    return _run(_closed(port, acts, clients, seconds))


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def _open(port: int, moments: Sequence[float], acts: Acts) -> Loads:
    loads: dict[str, Load] = defaultdict(Load)
    idle: list[Connection] = []
    started = time.perf_counter()

    async def one(due: float) -> None:
        connection = idle.pop() if idle else await connect(port)
        act = acts()
        reply = await connection.send(act.request)
        _note(loads[act.kind], act, reply, time.perf_counter() - due)
        idle.append(connection)

    try:
        async with asyncio.timeout(moments[-1] + PATIENCE), asyncio.TaskGroup() as group:
            for moment in moments:
                await asyncio.sleep(started + moment - time.perf_counter())
                group.create_task(one(started + moment))
    finally:
        _hang_up(idle)
    return _timed(loads, started)


async def _closed(port: int, acts: Acts, clients: int, seconds: float) -> Loads:
    loads: dict[str, Load] = defaultdict(Load)
    connections = await asyncio.gather(*(connect(port) for _ in range(clients)))
    started = time.perf_counter()

    async def client(connection: Connection) -> None:
        while time.perf_counter() < started + seconds:
            act = acts()
            reply = await connection.send(act.request)
            _note(loads[act.kind], act, reply, reply.seconds)

    try:
        async with asyncio.timeout(seconds + PATIENCE):
            await asyncio.gather(*(client(connection) for connection in connections))
    finally:
        _hang_up(connections)
    return _timed(loads, started)


def _note(load: Load, act: Act, reply: Reply, seconds: float) -> None:
    load.statuses[reply.status] += 1
    load.latencies.append(seconds)
    if reply.status >= 400:
        load.strange.append(reply.body[:600].decode(errors="replace"))
    elif act.answered is not None:
        act.answered(reply)


def _hang_up(connections: Sequence[Connection]) -> None:
    for connection in connections:
        connection.close()


def _timed(loads: Mapping[str, Load], started: float) -> Loads:
    took = time.perf_counter() - started
    for load in loads.values():
        load.seconds = took
    return loads
