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
"""Seconds after which a server that should have died by then is killed from outside."""


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
    enough: int = 0
    """How many must be done before somebody is told."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, deed: Deed, reply: Reply) -> None:
        """Keep an answer."""
        self.done.append((deed, reply))
        if len(self.done) >= self.enough:
            self.reached.set()


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
        ledger.note(deed, reply)
        return True


async def write_until_dead(
    writers: Sequence[Writer], server: ServerProcess, ledger: Ledger, *, answers: int | None
) -> None:
    """Let all write at once. The server is killed after so many answers, or dies by itself where that is `None`."""
    await writers[0].caller.token(writers[0].line)  # Once for all: many sign-ins at the same moment would be slowed.
    ledger.enough = len(ledger.done) + (answers or 0)
    ledger.reached = asyncio.Event()

    async def kill() -> None:
        with suppress(subprocess.TimeoutExpired, TimeoutError):
            if answers is None:
                await asyncio.to_thread(server.join, LONGEST_LIFE)
            else:
                await asyncio.wait_for(ledger.reached.wait(), LONGEST_LIFE)
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
