"""The whole university in one process, served as `erp serve` serves it, and a place to keep it while it is measured."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from configuration.migrate import upgrade
from configuration.server import serve
from configuration.settings import load_settings
from tests.benchmarks.profiling import profile_into
from tests.benchmarks.servers import Server, free_port
from tests.reliability.installation import PREFIX, SERVICES, Installation
from tests.reliability.processes import ServerProcess

SILENT = {"ERP_LOG_LEVEL": "ERROR"}


def install(folder: Path, databases: Mapping[str, str] | None = None) -> Installation:
    """A university with migrated, empty databases in a folder; SQLite files there unless URLs are given."""
    folder.mkdir(parents=True, exist_ok=True)
    urls = {service: (databases or {}).get(service, f"sqlite:///{folder}/{service}.db") for service in SERVICES}
    for service, url in urls.items():
        upgrade(f"{service}_mgt", url)
    return Installation(folder, urls)


@contextmanager
def whole(installation: Installation, **settings: str) -> Iterator[Server]:
    """The university running."""
    process = process_of(installation, **settings)
    try:
        ready_after = process.start()
        yield Server(process.pid, process.port, ready_after)
    finally:
        process.stop()


def process_of(installation: Installation, **settings: str) -> ServerProcess:
    """The process, not yet started."""
    port = free_port()
    return ServerProcess(
        ("tests.benchmarks.whole", str(port)),
        port=port,
        ready=f"{PREFIX}/library/health/ready",
        environment=installation.environment(ERP_PORT=str(port), **settings),
        output=installation.folder / f"server-{port}.out",
    )


if __name__ == "__main__":
    if profile := os.environ.get("ERP_TEST_PROFILE"):
        profile_into(Path(profile))
    serve("main:app", load_settings(serving=True), port=int(sys.argv[1]))
