"""What it takes until the whole university answers its first call, and what memory it holds."""

import resource
import subprocess
import sys

from tests.benchmarks.compare import Spread
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.whole import whole
from tests.reliability.installation import Installation

STACK = "import fastapi, uvicorn, httpx, loguru, pydantic_settings, sqlalchemy, alembic, jinja2, babel, argon2, joserfc"
MOST_MEBIBYTES = 150


def startup(installation: Installation, pace: Pace) -> list[Row]:
    """Starts in turns with `python -c pass` and with the bare import of the libraries, all in CPU seconds."""
    stack, ready, waits, peaks = [], [], [], []
    for _ in range(pace.starts):
        nothing = _cpu_of("pass")
        stack.append(_cpu_of(STACK) / nothing)
        with whole(installation) as server:
            ready.append(server.cpu / nothing)
            waits.append(server.ready_after)
            peaks.append(server.peak_mebibytes)
    of = "python -c pass, CPU"
    memory = Spread.of([peak / MOST_MEBIBYTES for peak in peaks])
    return [
        Row("start", "importing the libraries alone", of, Spread.of(stack)),
        Row(
            "start", "start to the first good answer", of, Spread.of(ready), Goal("at most", 45), f"{min(waits):.1f} s"
        ),
        Row(
            "start", "memory at its peak", f"{MOST_MEBIBYTES} MiB", memory, Goal("at most", 1), f"{max(peaks):.0f} MiB"
        ),
    ]


def _cpu_of(program: str) -> float:
    """CPU seconds of a Python process that runs the program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
