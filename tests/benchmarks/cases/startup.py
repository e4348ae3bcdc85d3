"""How long the whole university takes to answer its first call, and what memory it holds."""

import subprocess
import sys
import time

from tests.benchmarks.compare import Spread
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.whole import whole
from tests.reliability.installation import Installation


def startup(installation: Installation, pace: Pace) -> list[Row]:
    """Starts in turns with `python -c pass`."""
    ratios, peaks = [], []
    for _ in range(pace.starts):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        nothing = time.perf_counter() - started
        with whole(installation) as server:
            ratios.append(server.ready_after / nothing)
            peaks.append(server.peak_mebibytes)
    memory = Spread.of([peak / 150 for peak in peaks])
    return [
        Row("start", "cold start to the first good answer", "python -c pass", Spread.of(ratios), Goal("at most", 45)),
        Row("start", "memory at its peak", "150 MiB", memory, Goal("at most", 1), f"{max(peaks):.0f} MiB"),
    ]
