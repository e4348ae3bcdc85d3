"""All acts together, and how they are walked."""

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from tests.library_mgt.model.acts_behind_backs import Meddling
from tests.library_mgt.model.acts_of_lending import Lending
from tests.library_mgt.model.acts_of_requests import Requesting
from tests.library_mgt.model.acts_of_returns import Returning
from tests.library_mgt.model.acts_of_rules import Ruling
from tests.library_mgt.model.acts_of_stock import Stocking
from tests.library_mgt.model.acts_of_time import Happening
from tests.library_mgt.model.stage import Lent
from tests.library_mgt.model.walk import Log

WALKS_AT_ONCE = 10
"""After so many walks Hypothesis goes on with small changes of them, which tell little here: better begin anew."""


class Circulation(Lending, Returning, Requesting, Stocking, Ruling, Happening, Meddling):
    """The whole of it."""


def walk(lent: Lent, folder: Path, log: Log, *, seed: int, steps: int, shrink: bool = True) -> None:
    """Ten walks of so many steps; the same seed, the same walks. Raises where the library leaves the rules."""
    chosen = settings(
        max_examples=WALKS_AT_ONCE,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
    )

    @seeded(seed)
    class Here(Circulation):
        def __init__(self) -> None:
            super().__init__(lent, folder, log)

    run_state_machine_as_test(Here, settings=chosen)
