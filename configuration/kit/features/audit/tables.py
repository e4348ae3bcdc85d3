"""The audit's rows, and beside them who acted.

A row of `audit` names the thing (`loan:12`), never a person; it holds a salted digest of the person who acted. The
person and the salt lie in `audit_actor`. Deleting that row forgets the person for good and leaves the chain whole.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from configuration.kit.database import NAMING, Instant, JsonText, id_column

metadata = MetaData(naming_convention=NAMING)

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("action", String(100), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("via", String(20), nullable=False),
    Column("facts", JsonText, nullable=False),
    Column("actor_digest", String(64), nullable=False),
    # Filled by the sealer, once.
    Column("position", BigInteger),
    Column("link", String(64)),
    Column("sealed_at", Instant),
    UniqueConstraint("position"),
    CheckConstraint("outcome IN ('done', 'refused')", name="outcome"),
    CheckConstraint("(position IS NULL) = (link IS NULL)", name="sealed_whole"),
    Index("ix_audit_subject", "subject", "id"),
    Index("ix_audit_unsealed", "id", sqlite_where=text("position IS NULL"), postgresql_where=text("position IS NULL")),
)

audit_actor = Table(
    "audit_actor",
    metadata,
    Column("audit_id", BigInteger, ForeignKey("audit.id"), primary_key=True, autoincrement=False),
    Column("person", String(100), nullable=False),
    Column("salt", Text, nullable=False),
    Index("ix_audit_actor_person", "person", "audit_id"),
)
