"""Importing books as a job: verdicts, doing them, repeating, resuming, and taking all of it back."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from configuration.kit.database import Database, Statement, Transaction
from configuration.kit.features import jobs
from configuration.kit.security.actor import Actor
from library_mgt.errors import ImportIncomplete
from library_mgt.models.data.catalogue import title, title_contributor, title_identifier, title_search
from library_mgt.models.data.copies import copy, copy_barcode
from library_mgt.services import imports
from library_mgt.services.import_chunks import WORKS, chunks
from tests.conftest import OpenMigrated

SAMPLE = Path(os.environ.get("ERP_SAMPLE_DATA", "../shared/data")) / "books" / "goodbooks10k.csv"
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DESK = Actor(person="library:1", issuer="library", name="Lib Rarian")


def by_three(place: jobs.Workplace, job: jobs.Job) -> Iterator[jobs.Effect]:
    """Chunks of three rows each, so that a few rows make several chunks."""
    return chunks(place, job, stride=jobs.Stride(3, most=3, least=3))


BY_THREE = {imports.KIND: by_three}
BOOKS = """id,title,authors,year,isbn,ratings
1,The Hunger Games,Suzanne Collins,2008,439023483,5
2,To Kill a Mockingbird,Harper Lee,1960,61120081,5
3,Reading Lolita in Tehran,Azar Nafisi,2003,812971060,4
4,,Nobody,1999,,1
5,الفيل الأزرق,أحمد مراد,2012,,4
6,The Hunger Games,Suzanne Collins,2008,439023483,5
7,Émile,Jean-Jacques Rousseau,1762,,3
"""

TITLES = Statement(
    select(title.c.id, title.c.external_id, title.c.title, title.c.year, title.c.version).order_by(title.c.external_id)
)
COUNTS = {
    table.name: Statement(select(func.count()).select_from(table))
    for table in (title, title_contributor, title_identifier, title_search, copy, copy_barcode)
}
EDIT = Statement(update(title).where(title.c.external_id == "file:2").values(year=1961, version=title.c.version + 1))


def counted(db: Database) -> dict[str, int]:
    """How many rows the catalogue's tables have."""

    def count(tx: Transaction) -> dict[str, int]:
        return {name: tx.scalar(statement) for name, statement in COUNTS.items()}

    return db.read_sync(count)


def titles(db: Database) -> list[Any]:
    return db.read_sync(lambda tx: tx.all(TITLES))


def received(db: Database, text: str, *, source: str = "file") -> int:
    """An import whose file has arrived and waits to be planned."""
    content = text.encode()
    job_id = db.write_sync(imports.open_import, "books.csv", source, by=DESK, now=NOW)
    db.write_sync(imports.receive, job_id, 0, content)
    db.write_sync(imports.plan, job_id, len(content))
    return job_id


def run(db: Database, works: Any = BY_THREE, *, at: datetime = NOW, **options: Any) -> jobs.Job:
    """Let a worker do the step that waits."""
    job = jobs.claim_next(db, works, lambda: at)
    assert job is not None, "no job waits for a worker"
    return jobs.run_job(db, works, job, clock=lambda: at, **options)


def planned(db: Database, text: str = BOOKS, *, source: str = "file") -> jobs.Job:
    received(db, text, source=source)
    return run(db)


def applied(db: Database, text: str = BOOKS, *, source: str = "file") -> jobs.Job:
    job = planned(db, text, source=source)
    db.write_sync(imports.apply, job.id, by=DESK, now=NOW)
    return run(db)


def undone(db: Database, job_id: int) -> jobs.Job:
    db.write_sync(imports.undo, job_id, by=DESK, now=NOW)
    return run(db)


class TestPlanning:
    def test_every_row_gets_a_verdict_and_nothing_changes(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")

        job = planned(db)

        assert (job.state, job.step, job.position, job.total) == ("waiting", "plan", 7, 7)
        summary = imports.summary(job)
        assert summary["planned"] == {"create": 5, "update": 0, "duplicate": 1, "refuse": 1}
        assert summary["isbn"] == {"valid": 0, "padded": 3, "broken": 1, "lossy": 0, "absent": 2}
        assert set(counted(db).values()) == {0}

    def test_each_row_says_why(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")

        job = planned(db)

        rows = db.read_sync(imports.rows, job.id)
        assert [row.verdict for row in rows] == [
            "create",
            "create",
            "create",
            "refuse",
            "create",
            "duplicate",
            "create",
        ]
        assert {row.row_no: [reason["code"] for reason in row.reasons] for row in rows if row.reasons} == {
            3: ["ISBN_BROKEN"],
            4: ["TITLE_MISSING"],
            6: ["SAME_AS_ROW"],
        }
        assert rows[3].record["cells"] == ["4", "", "Nobody", "1999", "", "1"]

    def test_columns_that_are_not_understood_are_listed(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")

        job = planned(db)

        assert job.params["unknown_columns"] == ["ratings"]
        assert (job.params["encoding"], job.params["separator"]) == ("utf-8", ",")

    def test_one_number_for_two_books_is_refused(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")

        job = planned(db, "id,title\n1,A\n1,B\n1,A\n")

        rows = db.read_sync(imports.rows, job.id)
        assert [row.verdict for row in rows] == ["create", "refuse", "duplicate"]

    @pytest.mark.parametrize(
        ("text", "says"),
        [("stud_id,fname\n1,A\n", "stud_id, fname"), ("", "empty"), ('title\n"A\nB\n', "after line 1")],
    )
    def test_a_file_that_cannot_be_read_fails_with_the_reason(
        self, open_migrated: OpenMigrated, text: str, says: str
    ) -> None:
        db = open_migrated("library_mgt")

        job = planned(db, text)

        assert job.state == "failed"
        assert says in (job.problem or "")

    def test_a_file_that_did_not_arrive_whole_is_not_begun(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job_id = db.write_sync(imports.open_import, "books.csv", "file", by=DESK, now=NOW)

        with pytest.raises(ImportIncomplete):
            db.write_sync(imports.plan, job_id, 10)

        assert db.read_sync(imports.find, job_id).state == "waiting"

    def test_a_plan_can_be_given_up(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job = planned(db)

        db.write_sync(imports.cancel, job.id, by=DESK, now=NOW)

        assert db.read_sync(imports.find, job.id).state == "cancelled"
        with pytest.raises(jobs.JobStateConflict):
            db.write_sync(imports.apply, job.id, by=DESK, now=NOW)


class TestApplying:
    def test_each_title_comes_with_a_copy_a_barcode_and_its_words(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")

        job = applied(db)

        assert (job.state, job.step) == ("done", "apply")
        assert counted(db) == {
            "title": 5, "title_contributor": 5, "title_identifier": 3, "title_search": 5, "copy": 5, "copy_barcode": 5,
        }  # fmt: skip
        assert [row.external_id for row in titles(db)] == ["file:1", "file:2", "file:3", "file:5", "file:7"]

    def test_all_rows_are_accounted_for(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")

        summary = imports.summary(applied(db))

        outcomes = (summary["created"], summary["updated"], summary["duplicate"], summary["refused"])
        assert outcomes == (5, 0, 1, 1)
        assert sum(outcomes) == summary["rows"] == 7

    def test_the_same_file_again_changes_nothing(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        applied(db)
        before = (counted(db), titles(db))

        again = imports.summary(applied(db))

        assert (counted(db), titles(db)) == before
        assert (again["created"], again["updated"], again["duplicate"], again["refused"]) == (0, 0, 6, 1)

    def test_the_same_books_from_elsewhere_are_recognised(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        applied(db)

        again = imports.summary(applied(db, source="elsewhere"))

        assert (again["created"], again["duplicate"]) == (0, 6)

    def test_a_changed_row_updates_its_title(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        applied(db)

        job = applied(db, BOOKS.replace("Harper Lee,1960", "Harper Lee; Another,1961"))

        assert imports.summary(job)["updated"] == 1
        changed = next(row for row in titles(db) if row.external_id == "file:2")
        assert (changed.year, changed.version) == (1961, 2)
        row = db.read_sync(imports.rows, job.id, verdict="update")[0]
        assert row.reasons == [{"code": "CHANGES", "detail": "authors, year"}]

    def test_what_came_in_between_plan_and_apply_is_not_made_twice(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        waiting = planned(db)
        applied(db)

        db.write_sync(imports.apply, waiting.id, by=DESK, now=NOW)
        job = run(db)

        assert job.state == "done"
        assert imports.summary(job)["created"] == 0
        assert imports.summary(job)["duplicate"] == 6
        assert counted(db)["title"] == 5

    def test_asking_twice_is_asking_once(self, open_migrated: OpenMigrated) -> None:
        db = open_migrated("library_mgt")
        job = applied(db)

        again = db.write_sync(imports.apply, job.id, by=DESK, now=NOW)

        assert (again.state, again.step) == ("done", "apply")
        assert jobs.claim_next(db, BY_THREE, lambda: NOW) is None


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
