"""One row per distinct content; who holds it under which name is said by the tables that refer to it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, MetaData, String, Table, Text

from configuration.kit.database import NAMING, Instant, id_column

metadata = MetaData(naming_convention=NAMING)

stored_file = Table(
    "stored_file",
    metadata,
    id_column(),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("size > 0", name="not_empty"),
    CheckConstraint("length(sha256) = 64", name="whole_digest"),
    Index("uq_stored_file_sha256", "sha256", unique=True),
)
