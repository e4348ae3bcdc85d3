"""Keeps a server busy with a number of clients and tells what came back."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import uvloop

from tests.benchmarks.wire import BrokenAnswer, Connection, Reply, connect


@dataclass(slots=True)
class Load:
    """What a run under load gave."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Number of answers."""
        return sum(self.statuses.values())

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.done / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency that this share of the answers stayed under, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def only(self, *statuses: int) -> "Load":
        """This load, if every answer had one of the statuses: a refusal is cheap and must not count as work."""
        if self.strange or any(status not in statuses for status in self.statuses) or not self.done:
            raise BrokenAnswer(f"expected only {statuses}, got {dict(self.statuses)}: {self.strange[:1]}")
        return self


async def _client(
    connection: Connection,
    requests: Iterator[bytes],
    until: float,
    load: Load,
    keep: bool,
) -> None:
    for request in requests:
        reply: Reply = await connection.send(request)
        load.statuses[reply.status] += 1
        load.latencies.append(reply.seconds)
        if reply.status >= 400 and len(load.strange) < 5:
            load.strange.append(reply.body[:600].decode(errors="replace"))
        if keep:
            load.bodies.append(reply.body)
        if time.perf_counter() >= until:
            return


async def drive_async(
    port: int,
    requests: Iterable[bytes],
    *,
    clients: int,
    seconds: float,
    keep: bool = False,
) -> Load:
    """Serve `requests` with so many clients until they run out or the time is over."""
    load = Load()
    connections = await asyncio.gather(*(connect(port) for _ in range(clients)))
    source = iter(requests)
    started = time.perf_counter()
    try:
        async with asyncio.timeout(seconds + 60):
            await asyncio.gather(*(_client(one, source, started + seconds, load, keep) for one in connections))
    finally:
        for one in connections:
            one.close()
    load.seconds = time.perf_counter() - started
    return load


def drive(
    port: int,
    requests: Iterable[bytes],
    *,
    clients: int,
    seconds: float,
    keep: bool = False,
) -> Load:
    """Like `drive_async`, in an event loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(drive_async(port, requests, clients=clients, seconds=seconds, keep=keep))
