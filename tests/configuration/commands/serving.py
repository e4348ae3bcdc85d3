"""Servers started by `erp serve`, for tests."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import requests

from tests.configuration.commands.conftest import Erp


@contextmanager
def served(erp: Erp, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A started server; killed at the end, with its workers, if any of them still runs."""
    process = erp.start("serve", *words)
    try:
        yield process
    finally:
        # Workers outlive the one that started them if that is killed, and would keep its output open for ever.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until_ready(url: str, path: str = "/ch04/health/ready") -> None:
    """Wait until the server takes requests."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{url}{path}", timeout=2).status_code == 200:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError(url)


def wait_for(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something holds; whether it came to that."""
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held
