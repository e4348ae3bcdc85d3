"""The steps by which a service's migrations bring up the table of idempotency keys."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant


def create_v1() -> None:
    """Keys and answers."""
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.String(100), nullable=False),
        sa.Column("route", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger),
        sa.Column("body", sa.Text),
        sa.Column("etag", sa.String(200)),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("principal", "route", "key", name=op.f("pk_idempotency")),
        sa.CheckConstraint("status BETWEEN 200 AND 399", name=op.f("ck_idempotency_status")),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
