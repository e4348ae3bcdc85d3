"""A library on each backend."""

import pytest

from library_mgt.errors import REFUSALS
from tests.conftest import OpenMigrated
from tests.library_mgt.world import Library


@pytest.fixture
def library(open_migrated: OpenMigrated) -> Library:
    """An empty library, on SQLite and on PostgreSQL."""
    return Library(open_migrated("library_mgt", REFUSALS))
