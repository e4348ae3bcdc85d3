"""A whole university in a scratch folder: its databases, its people, its servers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from configuration.kit.security.actor import Service
from tests.benchmarks.servers import free_port
from tests.reliability.processes import ServerProcess, clean_environment

SERVICES: tuple[Service, ...] = ("student", "faculty", "library")
PREFIX = "/ch04"


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything of one university lies."""

    folder: Path
    databases: Mapping[Service, str]
    """URL of each service's database."""

    @property
    def log(self) -> Path:
        """The central log."""
        return self.folder / "logs" / "info.log"

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this university is told."""
        databases = {f"ERP_{service.upper()}_DATABASE": url for service, url in self.databases.items()}
        return clean_environment(ERP_VAR=str(self.folder), **databases, **more)

    def whole(self, faults: str = "") -> ServerProcess:
        """The whole university in one process, with planted faults for those who ask."""
        port = free_port()
        return ServerProcess(
            ("tests.reliability.server",),
            port=port,
            ready=f"{PREFIX}/library/health/ready",
            environment=self.environment(ERP_PORT=str(port), ERP_TEST_FAULTS=faults),
            output=self.folder / f"server-{port}.out",
        )


@contextmanager
def serving(servers: Sequence[ServerProcess]) -> Iterator[list[int]]:
    """Start servers side by side; their ports. At the end each is stopped by its own id."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.launch()
        for server in servers:
            server.wait()
        yield [server.port for server in servers]
