"""A running university with one person of each role, mounted and alone, on both databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from loguru import logger

from tests.apps import MODES, Erp, Mode, erp_settings, open_erp
from tests.conftest import BACKENDS, MigratedUrl
from tests.security.cast import Cast, assemble


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    """Mounted in one process, or each service alone."""
    chosen: Mode = request.param
    return chosen


@pytest.fixture
def backend(mode: Mode) -> str:
    """Each mode with another database: who may do what depends on neither, and both are looked at."""
    wanted = {"mounted": "sqlite", "alone": "postgresql"}[mode]
    return wanted if wanted in BACKENDS else BACKENDS[0]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of requests need no lines on the screen."""
    logger.disable("configuration.kit.edge")
    yield
    logger.enable("configuration.kit.edge")


@pytest.fixture
async def erp(mode: Mode, tmp_path: Path, migrated_url: MigratedUrl) -> AsyncIterator[Erp]:
    """The university, empty."""
    async with open_erp(mode, erp_settings(tmp_path / "var", migrated_url)) as running:
        yield running


@pytest.fixture
async def cast(erp: Erp) -> Cast:
    """Its people."""
    return await assemble(erp)
