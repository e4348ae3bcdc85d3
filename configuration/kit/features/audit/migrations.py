"""The steps by which a service's migrations bring up the tables of the audit."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, JsonText, id_column
from configuration.kit.database.steps import create_index_where


def create_v1() -> None:
    """The rows, and who acted."""
    op.create_table(
        "audit",
        id_column(),
        sa.Column("at", Instant, nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("via", sa.String(20), nullable=False),
        sa.Column("facts", JsonText, nullable=False),
        sa.Column("actor_digest", sa.String(64), nullable=False),
        sa.Column("position", sa.BigInteger),
        sa.Column("link", sa.String(64)),
        sa.Column("sealed_at", Instant),
        sa.UniqueConstraint("position", name=op.f("uq_audit_position")),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_audit_outcome")),
        sa.CheckConstraint("(position IS NULL) = (link IS NULL)", name=op.f("ck_audit_sealed_whole")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "id"])
    create_index_where("ix_audit_unsealed", "audit", ["id"], "position IS NULL", unique=False)
    op.create_table(
        "audit_actor",
        sa.Column("audit_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_actor_audit_id_audit")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit_actor")),
    )
    op.create_index("ix_audit_actor_person", "audit_actor", ["person", "audit_id"])
