"""Every table of every service has its migration, on both databases."""

from importlib.util import find_spec

import pytest

from configuration.migrate import current, differences, head
from tests.conftest import MigratedUrl

SERVICES = ("student_mgt", "faculty_mgt", "library_mgt")


@pytest.mark.parametrize("package", [name for name in SERVICES if find_spec(name) is not None])
class TestMigrations:
    """What the migrations build is what the tables say."""

    def test_autogenerate_finds_no_difference(self, package: str, migrated_url: MigratedUrl) -> None:
        url = migrated_url(package)

        found = differences(package, url)

        assert found == []

    def test_a_migrated_database_is_at_the_head(self, package: str, migrated_url: MigratedUrl) -> None:
        url = migrated_url(package)

        revision = current(package, url)

        assert revision is not None
        assert revision == head(package)
