"""64 clients race for one thing, round after round, against real server processes."""

import asyncio

import pytest

from tests.reliability import guards
from tests.reliability.circulation_races import DISC_RULE, circulation_races
from tests.reliability.conftest import RACES, ROUNDS, progress
from tests.reliability.driver import run_race
from tests.reliability.installation import Installation, serving
from tests.reliability.money_races import MAP_RULE, money_races
from tests.reliability.races import all_races
from tests.reliability.report import SCORES
from tests.reliability.stage import add_rule, broken_truths, people
from tests.reliability.verdicts import Score

PROCESSES = {"sqlite": 1, "postgresql": 3}
"""SQLite has one server; PostgreSQL lets several share the work, and the races."""


@pytest.mark.slow
class TestRacing:
    def test_one_wins_and_nothing_breaks(self, installation: Installation, backend: str) -> None:
        cast = people(installation, readers=64)
        add_rule(installation, "disc", **DISC_RULE)
        add_rule(installation, "map", **MAP_RULE)
        servers = [installation.whole() for _ in range(PROCESSES[backend])]

        scores: list[Score] = []
        with serving(servers) as ports:
            for race in [*all_races(cast), *circulation_races(cast), *money_races(cast)]:
                if RACES not in race.name:
                    continue
                with progress(f"{race.name} ({backend})", ROUNDS) as advance:
                    where = f"{backend}, {len(ports)} process{'es' if len(ports) > 1 else ''}"
                    run = run_race(
                        race,
                        ports,
                        rounds=ROUNDS,
                        where=where,
                        audit=lambda: broken_truths(installation),
                        advance=advance,
                    )
                    scores.append(asyncio.run(run))
        SCORES.extend(scores)

        problems = [f"{score.race}: {problem}" for score in scores for problem in score.problems]
        assert problems + guards.missing(installation, backend) == []
