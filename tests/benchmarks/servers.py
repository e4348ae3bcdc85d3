"""Real server processes on free ports of this machine, ended by their own id, with their own CPU time."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.wire import ask

ROOT = Path(__file__).resolve().parents[2]
QUIET_UVICORN = ("--log-level", "warning", "--no-access-log")


class ServerFailed(Exception):
    """A server under measurement did not start or died."""


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

    process: "subprocess.Popen[bytes]"
    port: int
    ready_after: float
    """Seconds from the start of the process to its first good answer."""

    @property
    def cpu(self) -> float:
        """CPU seconds used so far."""
        return cpu_seconds(self.process.pid)

    @property
    def peak_mebibytes(self) -> float:
        """The most memory it ever held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _wait(process: "subprocess.Popen[bytes]", port: int, path: str, seconds: float, log: Path) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        if process.poll() is not None:
            raise ServerFailed(f"the server ended with {process.returncode}:\n{log.read_text()[-3000:]}")
        try:
            if ask(port, "GET", path).status == 200:
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.02)
    raise ServerFailed(f"no good answer from {path} within {seconds} s:\n{log.read_text()[-3000:]}")


@contextmanager
def running(
    command: Sequence[str],
    *,
    port: int,
    ready: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run `python -m <command>` until the block ends; its own output goes to a file in the folder."""
    log = folder / f"server-{port}.out"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Server(process, port, _wait(process, port, ready, 60, log))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


@contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """The yardstick: `tests.benchmarks.bare` under plain uvicorn."""
    port = free_port()
    command = (
        "uvicorn",
        "tests.benchmarks.bare:app",
        "--port",
        str(port),
        *QUIET_UVICORN,
    )
    with running(command, port=port, ready="/index", folder=folder) as server:
        yield server
