"""The faculty service in a running university, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from configuration.kit.database import Database
from configuration.kit.features.accounts import REFUSALS
from faculty_mgt.errors import REFUSALS as OWN
from tests.apps import Erp, erp_settings, open_erp
from tests.conftest import MigratedUrl, OpenMigrated
from tests.faculty_mgt.school import School
from tests.people import Someone, signed_in


@pytest.fixture
def db(open_migrated: OpenMigrated) -> Database:
    """The service's database alone."""
    return open_migrated("faculty_mgt", {**REFUSALS, **OWN})


@pytest.fixture
async def erp(tmp_path: Path, migrated_url: MigratedUrl) -> AsyncIterator[Erp]:
    """The university, mounted."""
    async with open_erp("mounted", erp_settings(tmp_path / "var", migrated_url)) as running:
        yield running


@pytest.fixture
async def dean(erp: Erp) -> Someone:
    """Somebody who decides."""
    return await signed_in(erp.app("faculty"), "dean")


@pytest.fixture
def school(db: Database) -> School:
    """A course in two sections that share a space."""
    return School(db)
