"""The university as its people meet it: one address, whatever runs behind it."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from configuration.kit.security.actor import Service
from configuration.settings import ROOT
from tests.benchmarks.servers import free_port
from tests.nginx import nginx_before
from tests.reliability.installation import PREFIX, SERVICES, Installation
from tests.reliability.processes import ServerProcess

Mode = Literal["mounted", "alone", "nginx"]
MODES: tuple[Mode, ...] = ("mounted", "alone")
"""In which every journey runs: all in one process, or each service alone behind the gateway's proxy. With `nginx` the
services stand alone, too, and nginx leads to each of them and to the gateway."""
STAFF: Mapping[Service, tuple[str, str]] = {
    "student": ("registrar", "amina"),
    "faculty": ("dean", "bruno"),
    "library": ("librarian", "chandra"),
}
"""Whom `erp init` is to invite first, in each service."""


@dataclass(frozen=True, slots=True)
class Campus:
    """The processes of one university; people go to the last of them."""

    mode: Mode
    installation: Installation
    servers: Sequence[ServerProcess]
    settings: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where people go."""
        return f"http://127.0.0.1:{self.servers[-1].port}"

    def server(self, service: Service) -> ServerProcess:
        """The process of a service that stands alone."""
        assert self.mode != "mounted"
        return self.servers[SERVICES.index(service)]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Start every process; at the end each is told to stop."""
        try:
            for server in self.servers:
                server.launch()
            for server in self.servers:
                server.wait()
            yield
        finally:
            for server in self.servers:
                server.stop()

    def power_cut(self) -> None:
        """kill -9 for every process."""
        for server in self.servers:
            server.kill()

    def erp(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run the `erp` command on this university."""
        command = [sys.executable, "main.py", *words]
        told = self.installation.environment(**self.settings)
        return subprocess.run(
            command,
            cwd=ROOT,
            env=told,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def activation_codes(self) -> dict[str, str]:
        """Let `erp init` invite the first staff; the code of each user name."""
        options = [word for role, name in STAFF.values() for word in (f"--{role}", name)]
        done = self.erp("init", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        text = (self.installation.folder / "first-staff.txt").read_text(encoding="utf-8")
        lines = [line.split() for line in text.splitlines() if line.startswith(SERVICES)]
        return {user: code for _, user, code, *_ in lines}


def new_campus(mode: Mode, folder: Path, migrated_url: Callable[[str], str]) -> Campus:
    """A university with empty databases, not yet started."""
    return campus_of(mode, Installation(folder, {service: migrated_url(f"{service}_mgt") for service in SERVICES}))


def campus_of(mode: Mode, installation: Installation) -> Campus:
    """A university, not yet started."""
    ports: dict[str, int] = {service: free_port() for service in SERVICES}
    own = free_port()
    settings = {f"ERP_{service.upper()}_PORT": str(port) for service, port in ports.items()} | {"ERP_PORT": str(own)}
    if mode != "mounted":
        # All processes of a split installation are told the same.
        settings |= {f"ERP_{service.upper()}_URL": f"http://127.0.0.1:{port}" for service, port in ports.items()}
    told = installation.environment(**settings)
    servers = []
    if mode != "mounted":
        servers = [
            _process(installation, (f"{service}_mgt",), port, f"{PREFIX}/{service}", told)
            for service, port in ports.items()
        ]
    servers.append(_process(installation, ("main", "serve"), own, PREFIX, told))
    if mode == "nginx":
        folder, ready = installation.folder / "nginx", f"{PREFIX}/library/health/ready"
        servers.append(nginx_before({**ports, "gateway": own}, folder, ready=ready))
    return Campus(mode, installation, servers, settings)


def _process(
    installation: Installation, command: Sequence[str], port: int, path: str, environment: Mapping[str, str]
) -> ServerProcess:
    output = installation.folder / f"{command[0]}-{port}.out"
    ready = f"{path}/health/ready"
    return ServerProcess(command, port=port, ready=ready, environment=environment, output=output)
