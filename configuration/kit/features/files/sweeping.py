"""Bytes without a row, and rows without their bytes.

Bytes that nobody refers to are taken away once they are old; rows whose bytes are gone or changed are told of, never
mended: only a person can find the file again.
"""

import asyncio
import fcntl
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from configuration.kit.database import Database
from configuration.kit.features.files import use_cases
from configuration.kit.features.files.store import FileStore

ORPHANED = timedelta(hours=1)
"""How long bytes may lie without a row: far longer than from the last byte of an upload to its commit."""
BEGINNING = timedelta(minutes=1)
"""How old an upload is at least before anybody asks whether its writer lives: between making and locking the file."""
EVERY_SECONDS = 3600.0
_ASIDE = ".orphan"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away."""

    abandoned: int = 0
    orphans: int = 0


@dataclass(frozen=True, slots=True)
class Damage:
    """A row whose bytes are missing, or are others."""

    id: int
    sha256: str
    found: str | None


def sweep(db: Database, store: FileStore, *, older: timedelta = ORPHANED) -> Swept:
    """Take away uploads whose writer died, and old contents without a row. Safe beside people who upload."""
    store.prepare()
    latest, begun = time.time() - older.total_seconds(), time.time() - min(older, BEGINNING).total_seconds()
    abandoned = sum(_abandoned(path, begun) for path in store.incoming.iterdir() if path.suffix != _ASIDE)
    orphans = sum(_settled(db, store, path, latest) for path in store.incoming.glob(f"*{_ASIDE}"))
    for prefix, old in groupby(_old_contents(store, latest), key=lambda path: path.parent.name):
        recorded = db.read_sync(use_cases.recorded_among, prefix)
        orphans += sum(_orphaned(db, store, path, latest) for path in old if path.name not in recorded)
    return Swept(abandoned, orphans)


def _old_contents(store: FileStore, latest: float) -> Iterator[Path]:
    for path in store.contents():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime <= latest:
                yield path


def damages(db: Database, store: FileStore) -> list[Damage]:
    """Every row whose bytes are missing or do not hash to its digest."""
    found: list[Damage] = []
    after = 0
    while rows := db.read_sync(use_cases.page, after):
        for row in rows:
            digest = store.digest(row.sha256)
            if digest != row.sha256:
                found.append(Damage(row.id, row.sha256, digest))
        after = rows[-1].id
    return found


def _abandoned(path: Path, latest: float) -> bool:
    """Remove an incoming file, unless a living process holds it."""
    with suppress(OSError), path.open("rb") as file:
        if path.stat().st_mtime <= latest:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            return True
    return False


def _orphaned(db: Database, store: FileStore, path: Path, latest: float) -> bool:
    """Remove an old content that had no row.

    The same bytes may arrive again at any moment. So the file is first moved aside and then looked at once more: one
    that came meanwhile has a new date, or a row, and goes back; one that comes later finds its place empty.
    """
    with suppress(FileNotFoundError):
        aside = store.incoming / f"{path.name}{_ASIDE}"
        path.replace(aside)
        return _settled(db, store, aside, latest)
    return False


def _settled(db: Database, store: FileStore, aside: Path, latest: float) -> bool:
    """Remove what was moved aside, or put it back. A sweep that died left it to the next."""
    if aside.stat().st_mtime > latest or db.read_sync(use_cases.is_recorded, aside.stem):
        aside.replace(store.path(aside.stem))
        return False
    aside.unlink()
    return True


@asynccontextmanager
async def sweeping(db: Database, store: FileStore, *, every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Sweep now and then, for as long as the context lasts."""
    store.prepare()
    task = asyncio.create_task(_sweep_on(db, store, every), name="file-sweeping")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep_on(db: Database, store: FileStore, every: float) -> None:
    while True:
        try:
            swept = await asyncio.to_thread(sweep, db, store)
            if swept != Swept():
                _log.info("files swept: %s abandoned uploads, %s without a row", swept.abandoned, swept.orphans)
        except Exception:  # noqa: BLE001 - the next round tries again
            _log.warning("files could not be swept now", exc_info=True)
        await asyncio.sleep(every)
