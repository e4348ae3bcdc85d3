"""Server processes that can be killed and started again on the same port; each is ended by its own id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.wire import BrokenAnswer, ask

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0
"""How long a start is waited for at all; how long it took is reported, on shared machines it is no verdict."""


class ServerFailed(Exception):
    """A server did not start, or died without being told to."""


def clean_environment(**settings: str) -> dict[str, str]:
    """This process's environment with the given `ERP_*` settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ERP_")}
    return kept | settings


class ServerProcess:
    """One server. `command` follows `program`; its own output goes to a file that is shown when it fails."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        port: int,
        ready: str,
        environment: Mapping[str, str],
        output: Path,
        program: Sequence[str] = (sys.executable, "-m"),
    ) -> None:
        self.port = port
        self._command = [*program, *command]
        self._ready = ready
        self.environment = dict(environment)
        """What the next start is told."""

        self._output = output
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Start it, without waiting for anything."""
        with self._output.open("ab") as sink:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self.environment, stdout=sink, stderr=subprocess.STDOUT
            )

    def wait(self, seconds: float = START_SECONDS) -> float:
        """Wait until it is ready; the seconds that took."""
        assert self._process is not None
        started = time.perf_counter()
        while time.perf_counter() - started < seconds:
            if self._process.poll() is not None:
                raise ServerFailed(f"the server ended with {self._process.returncode}:\n{self.said()}")
            try:
                if ask(self.port, "GET", self._ready).status == 200:
                    return time.perf_counter() - started
            except (OSError, BrokenAnswer):
                pass
            time.sleep(0.05)
        raise ServerFailed(f"no good answer from {self._ready} within {seconds:.0f} s:\n{self.said()}")

    def start(self) -> float:
        """Start it and wait until it is ready; the seconds that took."""
        self.launch()
        return self.wait()

    def kill(self) -> None:
        """kill -9: what a power cut or the kernel's memory killer does to it."""
        if self.running:
            os.kill(self.pid, signal.SIGKILL)
        self.join()

    def join(self, seconds: float = 20.0) -> int:
        """Wait for its end; its return code."""
        assert self._process is not None
        return self._process.wait(timeout=seconds)

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self._process is None:
            return
        if self.running:
            self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)

    def said(self) -> str:
        """The end of its own output."""
        return self._output.read_text(encoding="utf-8", errors="replace")[-4000:] if self._output.exists() else ""


def cpu_seconds(pid: int) -> float:
    """User and system time of a whole process, from the kernel's own clock of it (clock_getcpuclockid)."""
    return time.clock_gettime((~pid << 3) | 2)
