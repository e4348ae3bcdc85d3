"""Many at once through one service into another, with real processes: nobody is lost, and nobody else waits."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import BACKENDS
from tests.journeys.campus import MODES, Campus, Mode, new_campus
from tests.reliability.crowd import DOORS, gathered, visits
from tests.reliability.report import CROWDS

CLIENTS = int(os.environ.get("ERP_TEST_CLIENTS", "16"))
"""Each makes four calls: 64 in `make test`, 512 of 128 in `make reliability`."""


@pytest.fixture(params=[pytest.param(one, marks=[pytest.mark.long] if one == "alone" else []) for one in MODES])
def mode(request: pytest.FixtureRequest) -> Mode:
    """Mounted in one process, or each service in its own."""
    chosen: Mode = request.param
    return chosen


@pytest.fixture
def backend(mode: Mode) -> str:
    """Each mode with another database."""
    wanted = {"mounted": "sqlite", "alone": "postgresql"}[mode]
    return wanted if wanted in BACKENDS else BACKENDS[0]


@pytest.fixture
def campus(mode: Mode, tmp_path: Path, migrated_url: Callable[[str], str]) -> Campus:
    """A new university."""
    return new_campus(mode, tmp_path, migrated_url)


@pytest.mark.slow
class TestCrowd:
    def test_every_call_through_another_service_is_answered(self, campus: Campus) -> None:
        with gathered(campus, CLIENTS) as crowd:
            seen = list(visits(campus, crowd))

        CROWDS.extend((campus.mode, visit) for visit in seen)
        assert [problem for visit in seen for problem in visit.problems] == []
        assert [visit.load.done for visit in seen] == [4 * CLIENTS] * len(DOORS)
