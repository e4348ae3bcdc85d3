"""Notices to readers, who chose to keep their history, and which loans and requests are still remembered."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column
from configuration.kit.database.steps import create_index_where


def create() -> None:
    """Create the tables."""
    _notice()
    _kept_history()
    create_index_where(
        "ix_loan_remembered", "loan", ["id"], "patron_id IS NOT NULL AND state IN ('RETURNED', 'SETTLED')", unique=False
    )
    create_index_where(
        "ix_request_remembered",
        "request",
        ["id"],
        "patron_id IS NOT NULL AND state IN ('FULFILLED', 'REJECTED', 'CANCELLED', 'EXPIRED')",
        unique=False,
    )


def _notice() -> None:
    op.create_table(
        "notice",
        id_column(),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("patron_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("loan_id", sa.BigInteger),
        sa.Column("request_id", sa.BigInteger),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("sent_at", Instant),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("problem", sa.Text),
        sa.CheckConstraint("state IN ('WAITING', 'SENT', 'DROPPED')", name=op.f("ck_notice_state")),
        sa.CheckConstraint("channel IN ('mail', 'page')", name=op.f("ck_notice_channel")),
        sa.CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name=op.f("ck_notice_sent_has_time")),
        sa.CheckConstraint("(loan_id IS NULL) <> (request_id IS NULL)", name=op.f("ck_notice_about_one")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_notice_patron_id_patron")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_notice_loan_id_loan")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_notice_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index("ix_notice_patron_id", "notice", ["patron_id", "id"])
    op.create_index("ix_notice_loan_id", "notice", ["loan_id"])
    op.create_index("ix_notice_request_id", "notice", ["request_id"])
    create_index_where("ix_notice_waiting", "notice", ["id"], "state = 'WAITING'", unique=False)


def _kept_history() -> None:
    op.create_table(
        "kept_history",
        sa.Column("patron_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_kept_history_patron_id_patron")),
        sa.PrimaryKeyConstraint("patron_id", name=op.f("pk_kept_history")),
    )
