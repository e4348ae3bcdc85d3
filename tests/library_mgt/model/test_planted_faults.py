"""The walk itself: it must stumble over every fault that is planted, and soon."""

from pathlib import Path

import pytest

from tests.library_mgt.model.circulation import walk
from tests.library_mgt.model.faults import INDEXES, PLANTS, without
from tests.library_mgt.model.stage import Lent
from tests.library_mgt.model.walk import Log
from tests.reliability.report import CAUGHT

PATIENCE = 12
"""Times ten walks in which a fault must have shown itself."""


def noticed(lent: Lent, folder: Path, fault: str, backend: str) -> str | None:
    """What the walk says of the fault; `None` when it never noticed."""
    log = Log()
    for seed in range(PATIENCE):
        try:
            walk(lent, folder, log, seed=seed, steps=50, shrink=False)
        except AssertionError as found:
            said = str(found).splitlines()[0]
            CAUGHT.append((fault, f"walk on {backend}", f"{log.acts} acts", said))
            return said
    return None


@pytest.mark.long
class TestWalkingOnAFault:
    @pytest.mark.parametrize("fault", PLANTS)
    def test_it_is_noticed(
        self, lent: Lent, tmp_path: Path, backend: str, fault: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        PLANTS[fault](monkeypatch)

        assert noticed(lent, tmp_path / "lives", fault, backend)

    @pytest.mark.parametrize("index", INDEXES)
    def test_a_key_that_is_gone_is_missed(self, lent: Lent, tmp_path: Path, backend: str, index: str) -> None:
        assert noticed(without(index, lent), tmp_path / "lives", f"{index} dropped", backend)
