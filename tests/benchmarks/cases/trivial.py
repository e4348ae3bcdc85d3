"""What the house costs before anybody does anything: a trivial call, bare, mounted, and with the central log."""

from itertools import repeat
from pathlib import Path
from statistics import median

from tests.benchmarks.compare import Subject, in_turns
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.servers import Server, bare
from tests.benchmarks.whole import SILENT, whole
from tests.benchmarks.wire import encode
from tests.reliability.installation import PREFIX, Installation

CLIENTS = 16
NAMES = (
    ("trivial call, mounted, log off", None),
    ("trivial call, mounted, log on", Goal("at most", 1.9)),
)


def trivial(folder: Path, quiet: Installation, usual: Installation, pace: Pace) -> tuple[list[Row], float]:
    """The ratios, and the CPU seconds of the bare call that other questions compare with."""
    with (
        bare(folder) as plain,
        whole(quiet, **SILENT) as silent,
        whole(usual) as logged,
    ):
        calls = [_calls(plain, "/index"), *(_calls(server, f"{PREFIX}/library/index") for server in (silent, logged))]
        found = in_turns(calls, clients=CLIENTS, seconds=pace.seconds, rounds=pace.rounds)
    bare_cpu = median(row[0].cpu for row in found.slices)
    of = "bare call, CPU"
    rows = [
        Row("call", "trivial call, mounted, log off", of, found.cpu[1], None, _rates(found.rates[1].median)),
        Row(
            "call",
            "trivial call, mounted, log on",
            of,
            found.cpu[2],
            Goal("at most", 1.9),
            _rates(found.rates[2].median),
        ),
    ]
    return rows, bare_cpu


def _calls(server: Server, path: str) -> Subject:
    return Subject(server, lambda: repeat(encode("GET", path)))


def _rates(value: float) -> str:
    return f"{value:.2f} of its requests per second, {CLIENTS} clients"
