"""Importing books as a job: every row gets a verdict, and what was planned is done once."""

import pytest

from configuration.kit.features import jobs
from library_mgt.errors import ImportIncomplete
from library_mgt.services import imports
from tests.conftest import OpenMigrated
from tests.library_mgt.importing import (
    BOOKS,
    BY_THREE,
    DESK,
    NOW,
    applied,
    counted,
    planned,
    run,
    titles,
)


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
