"""What lies on the hold shelf and is kept for nobody any more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from library_mgt.models.data.base import metadata

# A request that was READY and is not any more leaves its copy behind. The row is made and removed by triggers on
# `request` and `loan`, and removed when the copy is scanned: whoever takes it off the shelf does that.
shelf_leftover = Table(
    "shelf_leftover",
    metadata,
    Column("copy_id", BigInteger, ForeignKey("copy.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("request_id", BigInteger, ForeignKey("request.id"), nullable=False),
    Index("ix_shelf_leftover_request_id", "request_id"),
)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A copy to be taken off the hold shelf. `ended_at` is when its request ended; none that waits again has."""

    copy_id: int
    title_id: int
    title: str
    barcode: str | None
    call_number: str | None
    location_name: str
    pickup_name: str
    state: str
    ended_at: datetime | None
