"""Backups while people write, restores that are whole or refused, and the audit that finds what was changed."""

import io
import json
import tarfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import bindparam, make_url, text

from configuration.commands import archives, copies
from configuration.kit.database import Instant, Statement
from configuration.kit.database.sqlite import ServerLock, driver
from configuration.kit.features.files import FileStore
from library_mgt.commands import furnishing
from library_mgt.commands.importing import store
from tests.configuration.commands.conftest import Counted, Erp

BREAK = Statement(text("DELETE FROM copy_barcode WHERE barcode = (SELECT min(barcode) FROM copy_barcode)"))
FORGE = Statement(text("UPDATE audit SET action = 'nothing.done' WHERE id = (SELECT min(id) FROM audit)"))


@pytest.fixture
def demo(migrated: Erp) -> Erp:
    migrated("demo", "--students", "4")
    return migrated


def archive_of(erp: Erp) -> Path:
    erp("backup")
    return max((erp.var / "backups").glob("backup-*.tar"), key=lambda path: path.stat().st_mtime)


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The archive with its members changed."""
    target = path.with_name("changed.tar")
    with tarfile.open(path) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            source = old.extractfile(member)
            assert source is not None
            content = change(member.name, source.read())
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return target


class TestFiles:
    def test_what_was_handed_in_comes_back_with_its_database(self, migrated: Erp) -> None:
        store = FileStore(migrated.var / "files" / "faculty")
        digests = []
        for content in (b"first", b"second" * 100_000):
            arriving = store.begin("work")
            arriving.write(content)
            arriving.finish()
            digests.append(store.keep(arriving).sha256)
            arriving.close()
        archive = archive_of(migrated)
        store.path(digests[0]).unlink()

        migrated("restore", str(archive), "--yes")

        assert [store.digest(digest) for digest in digests] == digests
        assert [path.name for path in store.incoming.iterdir()] == []

    def test_one_that_was_lost_is_told_of(self, migrated: Erp) -> None:
        add = "INSERT INTO stored_file (sha256, size, media_type, created_at) VALUES (:sha256, 1, 'text/plain', :now)"
        lost = Statement(text(add).bindparams(bindparam("sha256"), bindparam("now", type_=Instant)))
        migrated("files", "check")
        with migrated.house.database("faculty") as database:
            database.write_sync(lambda tx: tx.run(lost, sha256="ab" * 32, now=datetime.now(UTC)))

        told = migrated("files", "check", expect=1)

        assert f"{'ab' * 32} is missing" in told.stderr


class TestBackup:
    def test_it_is_one_private_archive_with_a_manifest(self, demo: Erp) -> None:
        result = demo("backup")

        path = next((demo.var / "backups").glob("backup-*.tar"))
        with tarfile.open(path) as tar:
            content = tar.extractfile("manifest.json")
            assert content is not None
            manifest = json.loads(content.read())
        assert path.stat().st_mode & 0o777 == 0o600
        assert set(manifest["services"]) == {"student", "faculty", "library"}
        assert all(service["revision"].isdigit() for service in manifest["services"].values())
        assert archives.seal_of(path) in result.output

    def test_an_existing_file_is_not_overwritten(self, demo: Erp, tmp_path: Path) -> None:
        (tmp_path / "precious.tar").write_text("mine")

        demo("backup", "--to", str(tmp_path / "precious.tar"), expect=3)

        assert (tmp_path / "precious.tar").read_text() == "mine"

    def test_without_databases_there_is_nothing_to_do(self, erp: Erp) -> None:
        result = erp("backup", expect=3)

        assert "erp migrate" in result.output


class TestRestore:
    def test_everything_is_as_it_was(self, demo: Erp, counted: Counted) -> None:
        path = archive_of(demo)
        before = {table: counted("library", table) for table in ("title", "loan", "request", "audit", "job_row")}
        demo("user", "add", "late", "--service", "library", "--role", "librarian")
        demo("import", "undo", "1", "--yes")

        result = demo("restore", str(path), "--yes")

        assert {table: counted("library", table) for table in before} == before
        assert "late" not in demo("user", "list").output
        assert result.output.count("truths hold") == 3

    def test_work_goes_on_afterwards(self, demo: Erp, counted: Counted) -> None:
        path = archive_of(demo)
        demo("restore", str(path), "--yes")
        books = demo.var / "more.csv"
        books.write_text("id,title\n1,Something new\n")

        demo("import", "books", str(books), "--yes")

        assert counted("library", "title") == furnishing.MADE_UP + 1
        demo("audit")

    def test_what_was_there_before_is_kept(self, demo: Erp, backend: str) -> None:
        path = archive_of(demo)

        demo("restore", str(path), "--yes")

        folder = Path(make_url(demo.environment["ERP_LIBRARY_DATABASE"]).database or "").parent
        kept = folder.glob("*.before-restore-*") if backend == "sqlite" else demo.var.glob("backups/before-restore-*")
        assert list(kept)

    def test_a_running_server_forbids_it(self, demo: Erp, backend: str, counted: Counted) -> None:
        path = archive_of(demo)
        url = demo.environment["ERP_LIBRARY_DATABASE"]
        holding = (
            ServerLock(Path(make_url(url).database or ""))
            if backend == "sqlite"
            else psycopg.connect(url, autocommit=True)
        )

        result = demo("restore", str(path), "--yes", expect=3)

        release = holding.release if isinstance(holding, ServerLock) else holding.close
        release()
        assert "top" in result.output
        assert counted("library", "loan") == 3

    def test_it_does_not_happen_unasked(self, demo: Erp) -> None:
        path = archive_of(demo)

        result = demo("restore", str(path), expect=2)

        assert "--yes" in result.output


class TestAnArchiveThatWasChanged:
    def test_a_changed_database_is_refused(self, demo: Erp, counted: Counted) -> None:
        path = archive_of(demo)
        changed = rewritten(path, lambda name, content: content if name == "manifest.json" else content[:-1] + b"!")

        result = demo("restore", str(changed), "--yes", "--seal", archives.seal_of(path), expect=3)

        assert "was changed or is damaged" in result.output
        assert counted("library", "loan") == 3

    def test_a_manifest_that_was_changed_to_match_is_refused(self, demo: Erp) -> None:
        path = archive_of(demo)
        changed = rewritten(path, lambda name, content: content + b" " if name == "manifest.json" else content)

        result = demo("restore", str(changed), "--yes", "--seal", archives.seal_of(path), expect=3)

        assert "was changed" in result.output

    def test_an_archive_from_elsewhere_needs_its_seal(self, demo: Erp, tmp_path: Path) -> None:
        path = archive_of(demo)
        moved = tmp_path / "moved.tar"
        moved.write_bytes(path.read_bytes())

        demo("restore", str(moved), "--yes", expect=3)
        demo("restore", str(moved), "--yes", "--seal", archives.seal_of(path))

    @pytest.mark.parametrize("content", [b"", b"not an archive", b"\x00" * 2048])
    def test_something_else_is_refused(self, demo: Erp, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "other.tar").write_bytes(content)

        demo("restore", str(tmp_path / "other.tar"), "--yes", "--seal", "0" * 64, expect=3)

    def test_a_member_that_climbs_out_of_its_folder_is_refused(self, demo: Erp, tmp_path: Path) -> None:
        path = tmp_path / "climbing.tar"
        with tarfile.open(path, "w") as tar:
            info = tarfile.TarInfo("../climbed")
            info.size = 4
            tar.addfile(info, io.BytesIO(b"here"))

        demo("restore", str(path), "--yes", "--seal", "0" * 64, expect=3)

        assert not (tmp_path.parent / "climbed").exists()


@pytest.mark.slow
class TestBackupWhilePeopleWrite:
    def test_the_copy_is_of_one_moment(self, demo: Erp, counted: Counted) -> None:
        written: list[int] = []
        house, stop = demo.house, threading.Event()

        def write() -> None:
            with house.database("library") as database:
                while not stop.is_set():
                    text = f"id,title\n{len(written)},Book {len(written)}\n".encode()
                    store(database, "w.csv", text, by=house.operator, now=house.clock() + timedelta())
                    written.append(1)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            paths = []
            for number in range(3):
                before = len(written)
                demo("backup", "--to", str(demo.var / f"{number}.tar"))
                paths.append((before, demo.var / f"{number}.tar", len(written)))
        finally:
            stop.set()
            writer.join()

        assert len(written) > 3
        for before, path, after in paths:
            demo("restore", str(path), "--yes")
            # Each file brings one job, its input and two audit rows; a torn copy would have them in other numbers.
            jobs, inputs = counted("library", "job WHERE label = 'w.csv'"), counted("library", "job_input")
            assert before <= jobs <= after + 1
            assert jobs - 1 <= inputs <= jobs


class TestAudit:
    def test_a_broken_truth_is_shown_and_told_by_the_exit_code(self, demo: Erp) -> None:
        with demo.house.database("library") as database:
            database.write_sync(lambda tx: tx.run(BREAK))

        result = demo("audit", expect=1)

        assert "broken library" in result.output
        assert "ok student" in result.output

    def test_a_changed_record_of_acts_is_found(self, demo: Erp) -> None:
        demo("audit")
        with demo.house.database("library") as database:
            database.write_sync(lambda tx: tx.run(FORGE))

        result = demo("audit", "--service", "library", expect=1)

        assert "was changed" in result.output

    def test_each_truth_can_be_listed(self, demo: Erp) -> None:
        result = demo("audit", "--service", "library", "--verbose")

        assert "A copy has at most one live loan." in result.output


class TestCopies:
    def test_a_damaged_copy_is_not_put_into_place(self, tmp_path: Path) -> None:
        good = tmp_path / "good.db"
        connection = driver.connect(good)
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 100)
        connection.commit()
        connection.close()
        bad = tmp_path / "bad.db"
        content = bytearray(good.read_bytes())
        content[8192:12288] = b"\xff" * 4096
        bad.write_bytes(bytes(content))

        with pytest.raises((copies.Damaged, driver.DatabaseError)):
            copies.sqlite_in(bad, good, datetime(2026, 1, 1, tzinfo=UTC))

        assert good.read_bytes() != bytes(content)
