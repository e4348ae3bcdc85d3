"""The sweep takes away what nobody needs, keeps what somebody does, and tells of what is lost."""

import asyncio
import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from configuration.kit.database import Database
from configuration.kit.features.files import Arrived, FileStore, Swept, damages, record, sweep, sweeping
from configuration.kit.features.files.tables import metadata
from tests.configuration.features.conftest import OpenWith

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
AT_ONCE = timedelta(0)


@pytest.fixture
def db(open_with: OpenWith) -> Database:
    return open_with(metadata)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    made = FileStore(tmp_path / "files")
    made.prepare()
    return made


def arrive(store: FileStore, content: bytes = b"work") -> Arrived:
    arriving = store.begin("a.txt")
    arriving.write(content)
    arriving.finish()
    kept = store.keep(arriving)
    arriving.close()
    return kept


def age(path: Path, hours: float = 2) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_the_same_bytes_have_one_row(db: Database, store: FileStore) -> None:
    first = db.write_sync(record, arrive(store), now=NOW)
    again = db.write_sync(record, arrive(store), now=NOW)
    other = db.write_sync(record, arrive(store, b"other"), now=NOW)

    assert first == again != other


async def test_the_same_bytes_at_once_have_one_row(db: Database, store: FileStore) -> None:
    arrived = arrive(store)

    ids = await asyncio.gather(*(db.write(record, arrived, now=NOW) for _ in range(16)))

    assert len(set(ids)) == 1


def test_old_bytes_without_a_row_go_and_those_with_a_row_stay(db: Database, store: FileStore) -> None:
    kept, orphan, fresh = arrive(store, b"kept"), arrive(store, b"orphan"), arrive(store, b"fresh")
    db.write_sync(record, kept, now=NOW)
    age(store.path(kept.sha256))
    age(store.path(orphan.sha256))

    assert sweep(db, store) == Swept(abandoned=0, orphans=1)
    assert {path.name for path in store.contents()} == {kept.sha256, fresh.sha256}


def test_an_upload_whose_writer_died_goes_and_one_that_goes_on_stays(db: Database, store: FileStore) -> None:
    (store.incoming / "dead").write_bytes(b"half")
    living = store.begin("a.txt")

    assert sweep(db, store) == Swept()
    assert sweep(db, store, older=AT_ONCE) == Swept(abandoned=1)
    assert [path.name for path in store.incoming.iterdir()] == [living.path.name]
    living.close()


@pytest.mark.parametrize("moment", [1, 2])
def test_bytes_that_come_again_during_a_sweep_are_not_lost(
    db: Database, store: FileStore, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """An upload of the same bytes in between: before the file is moved aside, and after."""
    arrived = arrive(store)
    age(store.path(arrived.sha256))
    asked = []
    read = db.read_sync

    def meanwhile(*question: Any) -> Any:
        found = read(*question)
        asked.append(question)
        if len(asked) == moment:
            db.write_sync(record, arrive(store), now=NOW)
        return found

    monkeypatch.setattr(db, "read_sync", meanwhile)
    sweep(db, store)

    assert store.digest(arrived.sha256) == arrived.sha256
    assert damages(db, store) == []


def test_what_a_dying_sweep_moved_aside_is_put_back(db: Database, store: FileStore) -> None:
    arrived = arrive(store)
    db.write_sync(record, arrived, now=NOW)
    aside = store.incoming / f"{arrived.sha256}.orphan"
    store.path(arrived.sha256).replace(aside)
    age(aside)

    sweep(db, store, older=AT_ONCE)

    assert damages(db, store) == []


def test_rows_without_their_bytes_are_told(db: Database, store: FileStore) -> None:
    lost, changed, whole = arrive(store, b"lost"), arrive(store, b"changed"), arrive(store, b"whole")
    ids = [db.write_sync(record, each, now=NOW) for each in (lost, changed, whole)]
    store.path(lost.sha256).unlink()
    store.path(changed.sha256).write_bytes(b"forged")

    found = damages(db, store)

    assert [(each.id, each.found is None) for each in found] == [(ids[0], True), (ids[1], False)]


async def test_the_sweeper_runs_beside_a_service(db: Database, store: FileStore) -> None:
    orphan = arrive(store)
    age(store.path(orphan.sha256))

    async with sweeping(db, store, every=60):
        async with asyncio.timeout(5):
            # What is taken away lies aside for a moment, to be looked at once more.
            while [*store.contents(), *store.incoming.iterdir()]:
                await asyncio.sleep(0.01)

    assert not store.path(orphan.sha256).exists()


def test_uploads_and_sweeps_at_once_lose_nothing(db: Database, store: FileStore) -> None:
    """The same few contents again and again, without a row until the end, while an eager sweep runs."""
    ended = Event()
    eager = Thread(target=lambda: [sweep(db, store) for _ in iter(ended.is_set, True)])
    eager.start()
    try:
        for number in range(60):
            arrived = arrive(store, b"%d" % (number % 3))
            if number % 2:
                # For a moment the sweep may have it aside, to look at it once more.
                with suppress(FileNotFoundError):
                    age(store.path(arrived.sha256))
        last = [arrive(store, b"%d" % number) for number in range(3)]
        for arrived in last:
            db.write_sync(record, arrived, now=NOW)
    finally:
        ended.set()
        eager.join()

    assert damages(db, store) == []
