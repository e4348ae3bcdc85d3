"""`erp import`: what the command shows, beside a server and through a kill -9."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from configuration.kit.features import jobs
from library_mgt.commands.furnishing import made_up_books
from library_mgt.services import imports
from tests.configuration.commands.conftest import Counted, Erp

BOOKS = "id,title,isbn,shelf\n1,First,0439023483,A\n2,Second,439023483,B\n3,,,C\n4,First,0439023483,D\n"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "new books.csv"
    path.write_text(BOOKS)
    return path


class TestImportingBooks:
    def test_a_dry_run_shows_verdicts_and_changes_nothing(self, migrated: Erp, books: Path, counted: Counted) -> None:
        result = migrated("import", "books", str(books), "--dry-run")

        assert re.search(r"create +2", result.output)
        assert re.search(r"duplicate +1", result.output)
        assert re.search(r"refuse +1", result.output)
        assert "Not read: shelf" in result.output
        assert "row 3 refused: A book needs a title." in result.output
        assert "2 valid as they stand, 1 after putting lost zeros back" in result.output
        assert counted("library", "title") == 0

    def test_a_dry_run_can_be_applied_later(self, migrated: Erp, books: Path, counted: Counted) -> None:
        migrated("import", "books", str(books), "--dry-run")

        result = migrated("import", "apply", "1")

        assert "4 rows = 2 created + 0 updated + 1 duplicate + 1 refused" in result.output
        assert counted("library", "title") == counted("library", "copy") == 2

    def test_without_consent_nothing_changes(self, migrated: Erp, books: Path, counted: Counted) -> None:
        result = migrated("import", "books", str(books), expect=2)

        assert "--yes" in result.output
        assert counted("library", "title") == 0

    def test_the_same_file_again_is_recognised(self, migrated: Erp, books: Path, counted: Counted) -> None:
        migrated("import", "books", str(books), "--yes")

        result = migrated("import", "books", str(books), "--yes")

        assert "nothing new" in result.output
        assert counted("library", "title") == 2

    def test_an_import_is_taken_back(self, migrated: Erp, books: Path, counted: Counted) -> None:
        migrated("import", "books", str(books), "--yes")

        result = migrated("import", "undo", "1", "--yes")

        assert "2 rows undone, 0 kept" in result.output
        assert counted("library", "title") == counted("library", "copy") == counted("library", "copy_barcode") == 0

    def test_a_file_that_is_no_list_of_books_says_why(self, migrated: Erp, tmp_path: Path) -> None:
        wrong = tmp_path / "students.csv"
        wrong.write_text("stud_id,fname\n1,Ann\n")

        result = migrated("import", "books", str(wrong), "--yes", expect=3)

        assert "stud_id, fname" in result.output

    def test_a_file_that_is_not_there_is_wrong_usage(self, migrated: Erp) -> None:
        migrated("import", "books", "nowhere.csv", expect=2)

    def test_all_that_must_be_true_is_true_afterwards(self, migrated: Erp, books: Path) -> None:
        migrated("import", "books", str(books), "--yes")

        audited = migrated("audit", "--service", "library")

        assert "truths hold" in audited.output


@pytest.mark.slow
class TestKillingAnImport:
    """The real process, killed with -9 between two chunks of whatever it does."""

    def test_the_next_one_goes_on_and_nothing_is_lost_or_doubled(
        self, migrated: Erp, tmp_path: Path, counted: Counted
    ) -> None:
        path = tmp_path / "many.csv"
        path.write_text(made_up_books(12_000))
        process = migrated.start("import", "books", str(path), "--yes")
        with migrated.house.database("library") as database:
            deadline = time.monotonic() + 180
            while time.monotonic() < deadline:
                found = database.read_sync(imports.recent, before=None, limit=1)
                if found and found[0].step == imports.APPLY and found[0].position >= 2000:
                    break
                assert process.poll() is None, process.communicate()
                time.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            killed = database.read_sync(imports.find, found[0].id)

        assert killed.state == "running"
        assert 2000 <= killed.position < 12_000
        assert counted("library", "title") == killed.position

        migrated("import", "resume", str(killed.id))

        assert counted("library", "title") == counted("library", "copy") == 12_000
        assert counted("library", "copy_barcode") == counted("library", "title_search") == 12_000
        with migrated.house.database("library") as database:
            done = database.read_sync(imports.find, killed.id)
            summary = imports.summary(done)
        assert done.state == "done"
        assert (summary["created"], summary["rows"]) == (12_000, 12_000)
        migrated("audit", "--service", "library")

    def test_a_worker_on_another_host_waits_for_the_lease(self, migrated: Erp, books: Path) -> None:
        migrated("import", "books", str(books), "--dry-run")
        house = migrated.house
        with house.database("library") as database:
            database.write_sync(imports.apply, 1, by=house.operator, now=house.clock())
            elsewhere = database.write_sync(
                jobs.claim, kinds={imports.KIND}, worker="elsewhere/1:1:1", now=house.clock()
            )
            mine = jobs.claim_next(database, house.parts["library"].works, house.clock)

        assert elsewhere is not None
        assert mine is None
