"""Handing in: a file of 1 MB from sixteen clients, beside what the disk takes; and what a large one does to memory."""

import asyncio
import hashlib
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from tests.benchmarks.compare import Spread
from tests.benchmarks.load import drive
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.whole import whole
from tests.reliability.callers import Line, expect
from tests.reliability.installation import Installation
from tests.reliability.teaching_stage import FACULTY, Class, taught, upload

CLIENTS = 16
FILE = 1024 * 1024
LARGE = 24 * FILE
"""The largest that an assignment takes unless it says more is 25 MiB."""
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def handing_in(installation: Installation, pace: Pace) -> list[Row]:
    """The ratios."""
    cast = taught(installation, students=1)
    seconds = pace.seconds * pace.rounds / 2
    disk = _disk(installation.folder / "bare", seconds)
    with whole(installation) as server:
        token, tasks = asyncio.run(_prepared(cast, server.port))
        drive(server.port, _works(tasks, token, FILE), clients=4, seconds=0.5).only(201)
        before = server.cpu
        load = drive(server.port, _works(tasks, token, FILE), clients=CLIENTS, seconds=seconds).only(201)
        spent = (server.cpu - before) / load.done
        peak = _peak(server.pid)
        drive(server.port, _works(tasks, token, LARGE), clients=1, seconds=0.5).only(201)
        grown = (_peak(server.pid) - peak) / LARGE
    note = f"{load.rate:.0f}/s, p99 {load.percentile(0.99) * 1000:.0f} ms, {spent * 1000:.1f} ms CPU each"
    return [
        Row("hand in", "1 MB, 16 clients", "hash, write, fsync: 16 threads", _one(load.rate / disk), None, note),
        Row("hand in", "memory a 24 MB file takes", "its size", _one(grown), Goal("at most", 0.5)),
    ]


def _one(value: float) -> Spread:
    return Spread(value, value, value)


async def _prepared(cast: Class, port: int) -> tuple[str, list[int]]:
    line = Line(port)
    tasks = [await cast.assignment(line, attempts=1000) for _ in range(8)]
    token = await cast.student.token(line)
    expect(await line.send(next(_works(tasks, token, 1000))), 201)
    line.close()
    return token, tasks


def _works(tasks: list[int], token: str, size: int) -> Iterator[bytes]:
    """Work that nobody handed in before, spread over the assignments."""
    for number in count():
        content = f"{os.getpid()} {size} {number} {time.perf_counter_ns()} ".encode()
        whole_file = (content * (size // len(content) + 1))[:size]
        yield upload(f"{FACULTY}/assignments/{tasks[number % len(tasks)]}/submissions", token, whole_file)


def _disk(folder: Path, seconds: float) -> float:
    """Files per second that sixteen threads bring to the disk, doing nothing else."""
    folder.mkdir()
    until = time.perf_counter() + seconds

    def write(thread: int) -> int:
        done = 0
        while time.perf_counter() < until:
            content = (b"%d %d " % (thread, done)) * (FILE // 10)
            path = folder / hashlib.sha256(content).hexdigest()
            with path.open("wb") as file:
                file.write(content)
                os.fsync(file.fileno())
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(write, range(CLIENTS))) / seconds


def _peak(pid: int) -> int:
    found = PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024
