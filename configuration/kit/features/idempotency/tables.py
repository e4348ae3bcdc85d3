"""One row per answered request that carried a key."""

from sqlalchemy import CheckConstraint, Column, Index, MetaData, PrimaryKeyConstraint, SmallInteger, String, Table, Text

from configuration.kit.database import NAMING, Instant

metadata = MetaData(naming_convention=NAMING)

# Status is empty only inside the transaction that is making the answer. Rows are forgotten after a day, so the person
# in `principal` and whatever the answer says stay no longer than that.
idempotency = Table(
    "idempotency",
    metadata,
    Column("principal", String(100), nullable=False),
    Column("route", String(200), nullable=False),
    Column("key", String(200), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("status", SmallInteger),
    Column("body", Text),
    Column("etag", String(200)),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("principal", "route", "key"),
    CheckConstraint("status BETWEEN 200 AND 399", name="status"),
    Index("ix_idempotency_created_at", "created_at"),
)
