"""Real server processes on free ports of this machine, ended by their own id, with their own CPU time."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.processes import ServerProcess, clean_environment

QUIET_UVICORN = ("--log-level", "warning", "--no-access-log")


def free_port() -> int:
    """A port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(pid: int) -> float:
    """User and system time of a whole process, from the kernel's own clock of it (clock_getcpuclockid)."""
    return time.clock_gettime((~pid << 3) | 2)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    pid: int
    port: int
    ready_after: float
    """Seconds from the start of the process to its first good answer."""

    @property
    def cpu(self) -> float:
        """CPU seconds used so far."""
        return cpu_seconds(self.pid)

    @property
    def peak_mebibytes(self) -> float:
        """The most memory it ever held."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


@contextmanager
def plain(app: str, folder: Path) -> Iterator[Server]:
    """An application under plain uvicorn, ready when `/index` answers."""
    port = free_port()
    process = ServerProcess(
        ("uvicorn", app, "--port", str(port), *QUIET_UVICORN),
        port=port,
        ready="/index",
        environment=clean_environment(),
        output=folder / f"plain-{port}.out",
    )
    try:
        ready_after = process.start()
        yield Server(process.pid, port, ready_after)
    finally:
        process.stop()


@contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """The yardstick: `tests.benchmarks.bare` under plain uvicorn."""
    with plain("tests.benchmarks.bare:app", folder) as server:
        yield server
