"""A database with the tables of jobs."""

import pytest

from configuration.kit.database import Database
from tests.conftest import OpenMigrated


@pytest.fixture
def db(open_migrated: OpenMigrated) -> Database:
    """A library's, on SQLite and on PostgreSQL."""
    return open_migrated("library_mgt")
