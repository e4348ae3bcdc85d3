"""Servers started by `erp serve`, for tests."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.configuration.commands.conftest import Erp


@contextmanager
def served(erp: Erp, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A started server; killed at the end if it still runs."""
    process = erp.start("serve", *words)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
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
