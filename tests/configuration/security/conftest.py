"""Key rings of the three services, in folders of a test's own."""

from pathlib import Path

import pytest

from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import SERVICES
from tests.people import NOW


@pytest.fixture
def rings(tmp_path: Path) -> dict[str, KeyRing]:
    """A ring with a development key for each service."""
    return {service: KeyRing(service, tmp_path / service, NOW) for service in SERVICES}
