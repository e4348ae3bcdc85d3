"""The offline journal."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column
from configuration.kit.database.steps import create_index_where


def create(actions: str = "'lend', 'return'") -> None:
    """Create the table, for these actions."""
    op.create_table(
        "journal_entry",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("card", sa.Text),
        sa.Column("barcode", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("detail", sa.Text),
        sa.Column("loan_id", sa.BigInteger),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("settled_at", Instant),
        sa.Column("settled_by", sa.Text),
        sa.Column("word", sa.Text),
        sa.CheckConstraint(f"action IN ({actions})", name=op.f("ck_journal_entry_action")),
        sa.CheckConstraint("state IN ('DONE', 'CONFLICT', 'SETTLED')", name=op.f("ck_journal_entry_state")),
        sa.CheckConstraint(
            "state = 'CONFLICT' OR (card IS NULL AND detail IS NULL)",
            name=op.f("ck_journal_entry_reader_only_in_conflict"),
        ),
        sa.CheckConstraint(
            "(state = 'SETTLED') = (settled_at IS NOT NULL AND settled_by IS NOT NULL AND word IS NOT NULL)",
            name=op.f("ck_journal_entry_settled_with_a_word"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_journal_entry_loan_id_loan")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_journal_entry_location_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_journal_entry_digest")),
    )
    create_index_where("ix_journal_entry_conflict", "journal_entry", ["id"], "state = 'CONFLICT'", unique=False)
    op.create_index("ix_journal_entry_at", "journal_entry", ["at"], unique=False)
    op.create_index("ix_journal_entry_loan_id", "journal_entry", ["loan_id"], unique=False)
