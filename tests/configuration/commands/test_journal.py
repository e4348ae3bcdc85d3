"""`erp library journal`: a file of what a desk wrote without network, replayed from the command line."""

from datetime import timedelta
from pathlib import Path

from configuration.kit.clock import utc_now
from library_mgt.domain.barcodes import generated
from tests.configuration.commands.conftest import Counted, Erp

BOOKS = "id,title,isbn\n1,First,0439023483\n2,Second,\n"


class TestReplay:
    def test_lines_act_once_and_what_is_not_done_is_told(self, migrated: Erp, tmp_path: Path, counted: Counted) -> None:
        books, journal = tmp_path / "books.csv", tmp_path / "tuesday.txt"
        books.write_text(BOOKS)
        migrated("import", "books", str(books), "--yes")
        at = (utc_now() - timedelta(hours=1)).isoformat(timespec="seconds")
        lines = ["\ufeff# away", f"{at};return;;{generated(1)}", f"{at};lend;student:1001;{generated(2)}", "x"]
        journal.write_text("\r\n".join(lines), encoding="utf-8")

        first = migrated("library", "journal", str(journal), expect=1)
        again = migrated("library", "journal", str(journal), expect=1)

        assert "1 done, 0 done or settled before." in first.output
        assert "No reader is known under this number." in first.output
        assert "1 in conflict, 1 not read." in first.output
        assert "0 done, 1 done or settled before." in again.output
        assert counted("library", "journal_entry") == 2

    def test_all_done_ends_well_and_a_wrong_place_or_file_is_said(self, migrated: Erp, tmp_path: Path) -> None:
        journal = tmp_path / "empty.txt"
        journal.write_text("# nothing happened\n")

        assert "0 done, 0 done or settled before." in migrated("library", "journal", str(journal)).output
        assert (
            "'moon' is no location"
            in migrated("library", "journal", str(journal), "--location", "moon", expect=3).output
        )
        assert "There is no file" in migrated("library", "journal", str(tmp_path / "none"), expect=2).output
