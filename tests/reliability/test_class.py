"""A class under pressure: 64 clients race over work, marks and workbins; and uploads whose server is killed."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from sqlalchemy import func, select

from configuration.kit.database import Statement
from faculty_mgt.models.data.submissions import submission
from tests.reliability.callers import Line
from tests.reliability.conftest import CYCLES, ROUNDS, progress
from tests.reliability.driver import run_race
from tests.reliability.installation import Installation, serving
from tests.reliability.kill import Deed, Ledger, Writer, replayed, write_until_dead
from tests.reliability.report import KILLS, SCORES, KillFigures
from tests.reliability.stage import open_service
from tests.reliability.teaching_races import class_races
from tests.reliability.teaching_stage import FACULTY, Class, broken_work, taught, upload
from tests.reliability.test_races import PROCESSES

WRITERS = 8
FILE_BYTES = 300_000
FOUND = Statement(select(submission.c.text, func.count().label("rows")).group_by(submission.c.text))


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


@dataclass(frozen=True, slots=True)
class Upload(Deed):
    """Work handed in with a file."""

    def request(self, token: str) -> bytes:
        """The same bytes each time: they follow from the name."""
        content = (self.name.encode() * (FILE_BYTES // len(self.name) + 1))[:FILE_BYTES]
        return upload(self.path, token, content, text=self.name, Idempotency_Key=self.key)


def uploads(assignment: int, number: int) -> Iterator[Deed]:
    """One attempt after the other."""
    for turn in count(1):
        name = f"work-{number}-{turn}"
        yield Upload("upload", name, f"{FACULTY}/assignments/{assignment}/submissions", {}, name)


@pytest.mark.slow
class TestKillingDuringUploads:
    def test_what_was_acknowledged_is_there_with_its_file_and_nothing_else_is(
        self, installation: Installation, backend: str
    ) -> None:
        cast = taught(installation, students=1)
        server = installation.whole()
        ledger = Ledger()
        ready: list[float] = []
        writers: list[Writer] = []
        with progress(f"kill -9 during uploads ({backend})", CYCLES) as advance:
            for _ in range(CYCLES):
                try:
                    ready.append(server.start())
                    writers = writers or asyncio.run(_writers(cast, server.port))
                    asyncio.run(write_until_dead(writers, server, ledger, answers=20 + os.urandom(1)[0] % 40))
                finally:
                    server.kill()
                advance()
        with serving([server]) as ports:
            different = asyncio.run(_settled(writers, ports[0], ledger))

        database = open_service(installation, "faculty")
        found = Counter({row.text: row.rows for row in database.read_sync(lambda tx: tx.all(FOUND))})
        database.close_sync()
        asked = Counter(deed.name for deed, _ in ledger.done)
        lost, doubled = asked - found, found - asked
        KILLS.append(
            KillFigures(
                where=f"{backend}, uploads",
                cycles=CYCLES,
                acknowledged=len(ledger.done),
                unanswered=ledger.unanswered,
                lost=lost.total(),
                doubled=doubled.total(),
                ready=ready,
                ready_cpu=[0.0] * len(ready),
            )
        )
        assert [*lost, *doubled, *ledger.strange, *different] == []
        assert broken_work(installation) == []
        assert len(ledger.done) > CYCLES


async def _writers(cast: Class, port: int) -> list[Writer]:
    line = Line(port)
    tasks = [await cast.assignment(line, attempts=1000) for _ in range(WRITERS)]
    line.close()
    return [Writer(uploads(task, number), Line(port), cast.student) for number, task in enumerate(tasks)]


async def _settled(writers: list[Writer], port: int, ledger: Ledger) -> list[str]:
    for writer in writers:
        await writer.settle(ledger)
        writer.line.close()
    line = Line(port)
    try:
        return await replayed(writers[0].caller, line, ledger, sample=20)
    finally:
        line.close()
