"""A rush of sign-ins: how many a second, how near to what the hash itself allows, and whether others feel it."""

import asyncio
import time
from itertools import cycle, repeat

import uvloop

from configuration.kit.security.hashing import Hasher
from tests.benchmarks import people
from tests.benchmarks.compare import Spread
from tests.benchmarks.load import Load, drive, drive_async
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.whole import whole
from tests.benchmarks.wire import encode
from tests.reliability.installation import PREFIX, Installation

ACCOUNTS = 400
CLIENTS = 32
NEEDED = 3000 / 180
"""Sign-ins a second: three thousand people in three minutes."""
TRIVIAL = f"{PREFIX}/library/index"


def rush(installation: Installation, pace: Pace) -> list[Row]:
    """The ratios."""
    names = people.enrol(installation, "student", "student", range(1, ACCOUNTS + 1))
    seconds = pace.seconds * pace.rounds / 2
    with whole(installation) as server:
        requests = [people.sign_in_request("student", name) for name in names]
        drive(server.port, requests[:8], clients=4, seconds=5).only(200)
        before = server.cpu
        alone = drive(server.port, cycle(requests), clients=CLIENTS, seconds=seconds).only(200)
        spent = (server.cpu - before) / alone.done
        calm = drive(server.port, repeat(encode("GET", TRIVIAL)), clients=4, seconds=seconds / 2).only(200)
        rushed, felt = _both(server.port, requests, seconds)
    hash_alone = _hash_seconds()
    rate, cost = alone.rate / NEEDED, spent / hash_alone
    wait = felt.percentile(0.95) / calm.percentile(0.95)
    needed = f"{NEEDED:.1f}/s: 3,000 in 3 minutes"
    return [
        Row("sign-in", "sign-ins per second", needed, _one(rate), Goal("at least", 1), f"{alone.rate:.0f}/s"),
        Row("sign-in", "CPU of a sign-in", "Argon2 alone", _one(cost), None, f"{hash_alone * 1000:.0f} ms alone"),
        Row(
            "sign-in",
            "trivial call during a rush, p95",
            "the same in peace",
            _one(wait),
            Goal("at most", 5),
            f"{felt.percentile(0.95) * 1000:.0f} ms beside {rushed.rate:.0f} sign-ins/s",
        ),
    ]


def _one(value: float) -> Spread:
    return Spread(value, value, value)


def _hash_seconds() -> float:
    hasher = Hasher(1)
    started = time.process_time()
    for _ in range(10):
        hasher.hash_now(people.PASSWORD)
    return (time.process_time() - started) / 10


def _both(port: int, requests: list[bytes], seconds: float) -> tuple[Load, Load]:
    async def run() -> tuple[Load, Load]:
        return await asyncio.gather(
            drive_async(port, cycle(requests), clients=CLIENTS, seconds=seconds),
            drive_async(port, repeat(encode("GET", TRIVIAL)), clients=1, seconds=seconds),
        )

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        rushed, felt = runner.run(run())
    return rushed.only(200), felt.only(200)
