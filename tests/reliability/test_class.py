"""A class under pressure: 64 clients race over work, marks and workbins; and uploads whose server is killed."""

import asyncio

import pytest

from tests.reliability.conftest import CYCLES, ROUNDS, ignored, progress
from tests.reliability.driver import run_race
from tests.reliability.installation import Installation, serving
from tests.reliability.kill_loop import kill_in_a_loop
from tests.reliability.report import KILLS, SCORES
from tests.reliability.teaching_races import class_races
from tests.reliability.teaching_stage import broken_work, taught
from tests.reliability.test_races import PROCESSES
from tests.reliability.uploads import UPLOADS


@pytest.mark.slow
class TestRacing:
    def test_attempts_have_no_gaps_and_the_second_marker_is_told(
        self, installation: Installation, backend: str
    ) -> None:
        cast = taught(installation, students=ROUNDS)
        servers = [installation.whole() for _ in range(PROCESSES[backend])]

        problems: list[str] = []
        with serving(servers) as ports:
            for race in class_races(cast):
                with progress(f"{race.name} ({backend})", ROUNDS) as advance:
                    where = f"{backend}, {len(ports)} process{'es' if len(ports) > 1 else ''}"
                    run = run_race(race, ports, rounds=ROUNDS, where=where, audit=list, advance=advance)
                    score = asyncio.run(run)
                SCORES.append(score)
                problems += [f"{score.race}: {problem}" for problem in score.problems]

        assert problems + broken_work(installation) == []


@pytest.mark.slow
class TestKillingDuringUploads:
    def test_what_was_acknowledged_is_there_with_its_file_and_nothing_else_is(
        self, installation: Installation, backend: str
    ) -> None:
        where = f"{backend}, uploads"
        with progress(f"kill -9 during uploads ({backend})", CYCLES) as advance:
            outcome = kill_in_a_loop(installation, where, CYCLES, advance=advance, of=UPLOADS)
        KILLS.append(outcome.figures)

        assert outcome.problems == []
        assert outcome.figures.acknowledged > CYCLES

    @pytest.mark.long
    @pytest.mark.parametrize("backend", ["sqlite"])  # Once: files lie beside either database.
    def test_a_server_that_keeps_files_after_the_answer_is_seen(self, installation: Installation, backend: str) -> None:
        outcome = kill_in_a_loop(
            installation, backend, 1, advance=ignored, of=UPLOADS, faults="late_files", deaths=["after_commit"]
        )

        assert ["is None" in problem for problem in outcome.problems if problem.startswith("file ")]
