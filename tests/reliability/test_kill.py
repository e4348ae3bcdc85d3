"""kill -9 in a loop, with writers: nothing acknowledged is lost, nothing is there twice."""

import pytest

from tests.reliability.conftest import CYCLES, ignored, progress
from tests.reliability.installation import Installation
from tests.reliability.kill_loop import kill_in_a_loop
from tests.reliability.report import KILLS


@pytest.mark.slow
class TestKilling:
    def test_what_was_acknowledged_is_there_exactly_once(self, installation: Installation, backend: str) -> None:
        with progress(f"kill -9 ({backend})", CYCLES) as advance:
            outcome = kill_in_a_loop(installation, backend, CYCLES, advance=advance)
        KILLS.append(outcome.figures)

        assert outcome.problems == []
        assert outcome.figures.acknowledged > CYCLES


@pytest.mark.long
class TestKillingAFaultyServer:
    """The loop itself: it must see what these servers do wrong."""

    def test_an_answer_before_the_commit_is_seen_as_a_loss(self, installation: Installation, backend: str) -> None:
        outcome = kill_in_a_loop(installation, backend, 2, advance=ignored, faults="forgetful:3", deaths=[None])

        assert outcome.figures.lost > 0
        assert outcome.problems

    def test_a_key_that_is_not_kept_is_seen_as_a_double(self, installation: Installation, backend: str) -> None:
        outcome = kill_in_a_loop(installation, backend, 1, advance=ignored, faults="keyless", deaths=["after_commit"])

        assert outcome.figures.doubled > 0
        assert outcome.problems
