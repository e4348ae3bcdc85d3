"""Imports that are interrupted, taken back, and ten thousand books long."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from configuration.kit.features import jobs
from library_mgt.services import imports
from library_mgt.services.import_chunks import WORKS
from tests.conftest import OpenMigrated
from tests.library_mgt.importing import (
    BOOKS,
    BY_THREE,
    DESK,
    EDIT,
    NOW,
    SAMPLE,
    applied,
    counted,
    planned,
    received,
    run,
    titles,
    undone,
)


class TestResuming:
    def test_a_stopped_worker_hands_the_job_on(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        received(db, BOOKS)

        stopped = run(db, stop=lambda: True)
        resumed = run(db)

        assert (stopped.state, stopped.position) == ("queued", 3)
        assert (resumed.state, resumed.position) == ("waiting", 7)
        assert imports.summary(resumed)["planned"] == {"create": 5, "update": 0, "duplicate": 1, "refuse": 1}

    @pytest.mark.parametrize("after", [1, 2, 3])
    def test_a_worker_that_vanishes_anywhere_loses_and_doubles_nothing(
        self, open_migrated: OpenMigrated, after: int
    ) -> None:
        db = open_migrated("library_mgt")
        job = planned(db)
        db.write_sync(imports.apply, job.id, by=DESK, now=NOW)
        claimed = jobs.claim_next(db, BY_THREE, lambda: NOW)
        assert claimed is not None

        place = jobs.Workplace(db.read_sync)
        work = BY_THREE[imports.KIND](place, claimed)
        for _ in range(after):
            claimed = db.write_sync(jobs.take_chunk, claimed, next(work), now=NOW)
        too_early = jobs.claim_next(db, BY_THREE, lambda: NOW)
        resumed = run(db, at=NOW + timedelta(minutes=1))

        assert too_early is None
        assert resumed.state == "done"
        assert imports.summary(resumed)["created"] == 5
        assert counted(db)["copy"] == counted(db)["title"] == 5

    def test_a_worker_that_comes_back_too_late_does_nothing(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job = planned(db)
        db.write_sync(imports.apply, job.id, by=DESK, now=NOW)
        late = jobs.claim_next(db, BY_THREE, lambda: NOW)
        assert late is not None
        effect = next(BY_THREE[imports.KIND](jobs.Workplace(db.read_sync), late))
        run(db, at=NOW + timedelta(minutes=1))

        with pytest.raises(jobs.LeaseLost):
            db.write_sync(jobs.take_chunk, late, effect, now=NOW + timedelta(minutes=2))

        assert counted(db)["title"] == 5


class TestTwoImportsAtOnce:
    def test_the_same_books_from_two_sources_are_made_once(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        rows = [f"{number},Book {number}\n" for number in range(300)]
        # From opposite ends: side by side each makes about half, whoever is the faster.
        orders = {"one": rows, "other": rows[::-1]}
        waiting = [planned(db, "id,title\n" + "".join(rows), source=source) for source, rows in orders.items()]
        for job in waiting:
            db.write_sync(imports.apply, job.id, by=DESK, now=NOW)

        claimed = [jobs.claim_next(db, BY_THREE, lambda: NOW) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda job: jobs.run_job(db, BY_THREE, job, clock=lambda: NOW), filter(None, claimed)))

        created = [imports.summary(job)["created"] for job in done]
        assert [job.state for job in done] == ["done", "done"]
        assert sum(created) == counted(db)["title"] == 300
        assert min(created) > 0, "they were not at work together"


class TestUndoing:
    def test_everything_is_taken_back(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job = applied(db)

        job = undone(db, job.id)

        assert (job.state, imports.summary(job)["undone"], imports.summary(job)["kept"]) == ("done", 5, 0)
        assert set(counted(db).values()) == {0}

    def test_an_update_is_given_back_what_it_replaced(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        applied(db)
        before = [(row.external_id, row.title, row.year) for row in titles(db)]
        job = applied(db, BOOKS.replace("Harper Lee,1960", "Harper Lee; Another,1961"))

        undone(db, job.id)

        assert [(row.external_id, row.title, row.year) for row in titles(db)] == before
        assert counted(db)["title_contributor"] == 5

    def test_what_was_changed_since_stays_and_says_so(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job = applied(db)
        db.write_sync(lambda tx: tx.run(EDIT))

        job = undone(db, job.id)

        assert (imports.summary(job)["undone"], imports.summary(job)["kept"]) == (4, 1)
        kept = [row for row in db.read_sync(imports.rows, job.id) if (row.undone or "").startswith("kept")]
        assert [(row.row_no, row.undone) for row in kept] == [(2, "kept: changed since")]
        assert [row.external_id for row in titles(db)] == ["file:2"]

    def test_ids_of_removed_titles_are_not_used_again(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job = applied(db)
        used = {row.id for row in titles(db)}
        undone(db, job.id)

        applied(db)

        assert not used & {row.id for row in titles(db)}

    def test_a_plan_cannot_be_undone(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job = planned(db)

        with pytest.raises(jobs.JobStateConflict):
            db.write_sync(imports.undo, job.id, by=DESK, now=NOW)


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"the sample data is not at {SAMPLE}")
@pytest.mark.slow
class TestTenThousandRealBooks:
    def test_they_come_in_come_again_and_go(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        text = SAMPLE.read_text(encoding="utf-8")

        def whole() -> jobs.Job:
            job_id = received(db, text, source="goodbooks")
            run(db, WORKS)
            db.write_sync(imports.apply, job_id, by=DESK, now=NOW)
            return run(db, WORKS)

        first, again = whole(), whole()
        db.write_sync(imports.undo, first.id, by=DESK, now=NOW)
        gone = run(db, WORKS)

        assert imports.summary(first)["created"] == 10_000
        assert Counter(imports.summary(again))["duplicate"] == 10_000
        assert imports.summary(gone)["undone"] == 10_000
        assert set(counted(db).values()) == {0}
