"""The rows of files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from configuration.kit.database import Statement, Transaction
from configuration.kit.features.files.model import Arrived, StoredFile
from configuration.kit.features.files.tables import stored_file

_ADD: Statement[Any] = Statement(
    insert_or_not(stored_file)
    .values({c.name: bindparam(c.name, type_=c.type) for c in stored_file.c if c.name != "id"})
    .on_conflict_do_nothing(index_elements=["sha256"])
    .inline()
)
_BY_DIGEST = Statement(select(stored_file).where(stored_file.c.sha256 == bindparam("sha256")), StoredFile)
_AMONG: Statement[Any] = Statement(
    select(stored_file.c.sha256).where(stored_file.c.sha256.between(bindparam("first"), bindparam("last")))
)
_PAGE = Statement(
    select(stored_file).where(stored_file.c.id > bindparam("after")).order_by(stored_file.c.id).limit(500), StoredFile
)


def record(tx: Transaction, arrived: Arrived, *, now: datetime) -> int:
    """The id of the row for what has arrived; content that came before keeps its row."""
    found = tx.first(_BY_DIGEST, sha256=arrived.sha256)
    if found is None:
        tx.run(_ADD, sha256=arrived.sha256, size=arrived.size, media_type=arrived.media_type, created_at=now)
        found = tx.one(_BY_DIGEST, sha256=arrived.sha256)
    return found.id


def record_all(tx: Transaction, arrived: Sequence[Arrived], *, now: datetime) -> list[tuple[str, int]]:
    """Name and row of each file, in their order. The rows are written in the order of the digests.

    Two who bring the same files in another order would else wait for one another for ever.
    """
    rows = {file.sha256: record(tx, file, now=now) for file in sorted(arrived, key=lambda file: file.sha256)}
    return [(file.name, rows[file.sha256]) for file in arrived]


def is_recorded(tx: Transaction, sha256: str) -> bool:
    """Whether a row has this content."""
    return tx.first(_BY_DIGEST, sha256=sha256) is not None


def recorded_among(tx: Transaction, prefix: str) -> frozenset[str]:
    """The digests with this beginning that rows have."""
    return frozenset(row.sha256 for row in tx.all(_AMONG, first=prefix, last=f"{prefix}{'f' * 64}"))


def page(tx: Transaction, after: int) -> list[StoredFile]:
    """The next rows, by id."""
    return tx.all(_PAGE, after=after)
