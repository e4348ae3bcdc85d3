"""One running university per database, shared by all probes."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import BACKENDS, PostgresServer
from tests.contracts.probing import TALLY
from tests.contracts.stage import Stage, staged
from tests.reliability.installation import SERVICES, Installation


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how far the probes got (with workers, each counts for itself and nothing is said)."""
    if TALLY.requests:
        terminalreporter.write_line(str(TALLY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL they belong to the long form: what a route answers is the same on either database."""
    here = Path(__file__).parent
    for item in items:
        told = getattr(item, "callspec", None)
        if here in item.path.parents and told is not None and told.params.get("stage") == "postgresql":
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session", params=BACKENDS)
def stage(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_templates: Callable[[str], Path],
) -> Iterator[Stage]:
    """The university on SQLite, then on PostgreSQL."""
    folder = tmp_path_factory.mktemp(f"contracts-{request.param}")
    databases = {}
    for service in SERVICES:
        if request.param == "sqlite":
            path = folder / f"{service}.db"
            shutil.copy(sqlite_templates(f"{service}_mgt"), path)
            databases[service] = f"sqlite:///{path}"
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            databases[service] = server.create(service, template=server.template(f"{service}_mgt"))
    with staged(Installation(folder, databases)) as stage:
        yield stage
