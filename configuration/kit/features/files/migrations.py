"""The step by which a service's migrations bring up the table of files."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column


def create_v1() -> None:
    """Stored files."""
    op.create_table(
        "stored_file",
        id_column(),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_not_empty")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_stored_file_whole_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index("uq_stored_file_sha256", "stored_file", ["sha256"], unique=True)
