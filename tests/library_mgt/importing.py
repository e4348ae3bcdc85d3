"""Imports for tests: files sent, planned, applied and undone, three rows to a chunk."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from configuration.kit.database import Database, Statement, Transaction
from configuration.kit.features import jobs
from configuration.kit.security.actor import Actor
from library_mgt.models.data.catalogue import title, title_contributor, title_identifier, title_search
from library_mgt.models.data.copies import copy, copy_barcode
from library_mgt.services import imports
from library_mgt.services.import_chunks import chunks

SAMPLE = Path(os.environ.get("ERP_SAMPLE_DATA", "../shared/data")) / "books" / "goodbooks10k.csv"
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DESK = Actor(person="library:1", issuer="library", name="Lib Rarian")


def by_three(place: jobs.Workplace, job: jobs.Job) -> Iterator[jobs.Effect]:
    """Chunks of three rows each, so that a few rows make several chunks."""
    return chunks(place, job, stride=jobs.Stride(3, most=3, least=3, seconds=1))


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
