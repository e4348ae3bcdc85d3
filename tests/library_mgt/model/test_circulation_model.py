"""The whole circulation walked at random, beside an oracle that knows only the rules."""

import os
import random
from pathlib import Path

import pytest

from tests.library_mgt.model.circulation import WALKS_AT_ONCE, walk
from tests.library_mgt.model.stage import Lent
from tests.library_mgt.model.walk import Log

LONG = "ERP_TEST_WALKS" in os.environ
WALKS = int(os.environ.get("ERP_TEST_WALKS", "10"))
STEPS = int(os.environ.get("ERP_TEST_STEPS", "50"))
"""Short in `make test`, and the same every time; long in `make reliability`, and never the same."""


@pytest.mark.slow
class TestCirculation:
    def test_it_does_what_the_rules_say(self, lent: Lent, tmp_path: Path) -> None:
        first = random.randrange(10**9) if LONG else 0
        log = Log()

        for seed in range(first, first + WALKS // WALKS_AT_ONCE):
            walk(lent, tmp_path / "lives", log, seed=seed, steps=STEPS)

        assert log.done > WALKS * STEPS / 4
