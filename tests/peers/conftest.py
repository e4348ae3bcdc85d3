"""A running university with readers of both kinds, mounted and alone, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.apps import MODES, Erp, Mode, erp_settings, open_erp
from tests.conftest import BACKENDS, MigratedUrl
from tests.peers.readers import Readers, readers_of


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    """Mounted in one process, or each service alone."""
    chosen: Mode = request.param
    return chosen


@pytest.fixture
def backend(mode: Mode) -> str:
    """Each mode with another database: what passes between services depends on neither."""
    wanted = {"mounted": "sqlite", "alone": "postgresql"}[mode]
    return wanted if wanted in BACKENDS else BACKENDS[0]


@pytest.fixture
async def erp(mode: Mode, tmp_path: Path, migrated_url: MigratedUrl) -> AsyncIterator[Erp]:
    """The university, empty."""
    async with open_erp(mode, erp_settings(tmp_path / "var", migrated_url)) as running:
        yield running


@pytest.fixture
async def readers(erp: Erp) -> Readers:
    """A student, a lecturer and a librarian."""
    return await readers_of(erp)
