"""kill -9 in a loop: writers write with keys, the server dies, what was not answered is sent again."""

import asyncio
import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.wire import BrokenAnswer, Reply, encode
from tests.reliability.callers import Caller, Line
from tests.reliability.processes import ServerProcess

LONGEST_LIFE = 20.0
"""Seconds after which a server that was told to die at a commit is killed from outside."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One write: what is asked for, and the key under which it may be asked again."""

    kind: str
    name: str
    """What the write leaves behind is found by this name."""
    path: str
    body: Mapping[str, Any]
    key: str

    def request(self, token: str) -> bytes:
        """What is sent, the first time and again."""
        return encode("POST", self.path, body=self.body, token=token, Idempotency_Key=self.key)


@dataclass(slots=True)
class Ledger:
    """What the writers were told."""

    done: list[tuple[Deed, Reply]] = field(default_factory=list)
    unanswered: int = 0
    strange: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Writer:
    """Does one deed after the other; the one that got no answer comes first when the server is back."""

    deeds: Iterator[Deed]
    line: Line
    caller: Caller
    pending: Deed | None = None

    async def work(self, ledger: Ledger) -> None:
        """Write until the server is gone."""
        while await self._attempt(self.pending or next(self.deeds), ledger):
            self.pending = None

    async def settle(self, ledger: Ledger) -> None:
        """Send again what was in flight at the last kill."""
        if self.pending is not None and await self._attempt(self.pending, ledger):
            self.pending = None

    async def _attempt(self, deed: Deed, ledger: Ledger) -> bool:
        """Do one deed; whether it was answered as it should be."""
        self.pending = deed
        try:
            reply = await self.line.send(deed.request(await self.caller.token(self.line)))
        except (BrokenAnswer, OSError):
            self.line.close()
            ledger.unanswered += 1
            return False
        if reply.status not in (200, 201):
            ledger.strange.append(f"{deed.kind} {deed.name}: {reply.status} {reply.body[:300]!r}")
            return False
        ledger.done.append((deed, reply))
        return True


async def write_until_dead(
    writers: Sequence[Writer], server: ServerProcess, ledger: Ledger, *, seconds: float | None
) -> None:
    """Let all write at once. The server is killed after so many seconds, or dies by itself where that is `None`."""

    async def kill() -> None:
        if seconds is None:
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(server.join, LONGEST_LIFE)
        else:
            await asyncio.sleep(seconds)
        server.kill()

    async with asyncio.timeout(LONGEST_LIFE + 30):
        await asyncio.gather(kill(), *(writer.work(ledger) for writer in writers))


async def replayed(caller: Caller, line: Line, ledger: Ledger, *, sample: int = 50) -> list[str]:
    """Ask again for deeds that were answered: the key must give the very same answer. Which differ, in words."""
    different = []
    for deed, reply in random.sample(ledger.done, min(sample, len(ledger.done))):
        again = await line.send(deed.request(await caller.token(line)))
        if (again.status, again.body) != (reply.status, reply.body):
            told = f"was answered {reply.status} {reply.body[:200]!r}, now {again.status} {again.body[:200]!r}"
            different.append(f"{deed.kind} {deed.name} {told}")
    return different
