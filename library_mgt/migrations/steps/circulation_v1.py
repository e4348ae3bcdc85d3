"""Requests, loans, their journal, and who has which copy."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, JsonText, id_column
from configuration.kit.database.steps import create_index_where

OPEN = "state IN ('PENDING_APPROVAL', 'QUEUED', 'ALLOCATED', 'READY')"
ASSIGNED = "state IN ('ALLOCATED', 'READY')"
LIVE = "state IN ('ON_LOAN', 'CLAIMED_RETURNED', 'LOST')"


def create() -> None:
    """Create the tables."""
    _request()
    _request_indexes()
    _loan()
    _loan_indexes()
    _circulation_event()
    _copy_claim()


def _request() -> None:
    op.create_table(
        "request",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title_id", sa.BigInteger),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("wished_copy_id", sa.BigInteger),
        sa.Column("patron_id", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("band", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("pickup_location", sa.Text, nullable=False),
        sa.Column("not_needed_after", sa.Date),
        sa.Column("suspended_until", sa.Date),
        sa.Column("copy_id", sa.BigInteger),
        sa.Column("ready_until", Instant),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("queued_at", Instant),
        sa.Column("allocated_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("decided_at", Instant),
        sa.Column("decided_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("behalf_by", sa.Text),
        sa.Column("behalf_reason", sa.Text),
        sa.CheckConstraint("(state = 'READY') = (ready_until IS NOT NULL)", name=op.f("ck_request_ready_has_end")),
        sa.CheckConstraint(
            "(state IN ('ALLOCATED', 'READY')) = (copy_id IS NOT NULL)", name=op.f("ck_request_assigned_has_copy")
        ),
        sa.CheckConstraint(
            "state IN ('PENDING_APPROVAL', 'QUEUED', 'ALLOCATED', 'READY', 'FULFILLED', 'REJECTED', 'CANCELLED', "
            "'EXPIRED')",
            name=op.f("ck_request_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('PENDING_APPROVAL', 'QUEUED', 'ALLOCATED', 'READY') OR (title_id IS NOT NULL AND "
            "patron_id IS NOT NULL)",
            name=op.f("ck_request_open_is_whole"),
        ),
        sa.CheckConstraint("(behalf_by IS NULL) = (behalf_reason IS NULL)", name=op.f("ck_request_behalf_has_reason")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_request_copy_id_copy")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_request_patron_id_patron")),
        sa.ForeignKeyConstraint(
            ["pickup_location"], ["location.code"], name=op.f("fk_request_pickup_location_location")
        ),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_request_title_id_title"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["wished_copy_id"], ["copy.id"], name=op.f("fk_request_wished_copy_id_copy"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )


def _request_indexes() -> None:
    op.create_index("ix_request_patron_id", "request", ["patron_id", "id"], unique=False)
    create_index_where(
        "ix_request_queue", "request", ["title_id", "part", "band", "seq", "id"], "state = 'QUEUED'", unique=False
    )
    op.create_index("ix_request_seq", "request", ["seq"], unique=False)
    op.create_index("ix_request_state", "request", ["state", "id"], unique=False)
    create_index_where("ix_request_open", "request", ["id"], OPEN, unique=False)
    op.create_index("ix_request_title_id", "request", ["title_id"], unique=False)
    op.create_index("ix_request_wished_copy_id", "request", ["wished_copy_id"], unique=False)
    create_index_where("uq_request_assigned_copy", "request", ["copy_id"], ASSIGNED)
    create_index_where("uq_request_open", "request", ["patron_id", "title_id", "part"], OPEN)


def _loan() -> None:
    op.create_table(
        "loan",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("copy_id", sa.BigInteger),
        sa.Column("title_id", sa.BigInteger),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("patron_id", sa.BigInteger),
        sa.Column("group_code", sa.Text, nullable=False),
        sa.Column("request_id", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("loaned_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("original_due_at", Instant, nullable=False),
        sa.Column("announced_at", Instant),
        sa.Column("returned_at", Instant),
        sa.Column("recalled_at", Instant),
        sa.Column("renewals", sa.Integer, nullable=False),
        sa.Column("policy", JsonText, nullable=False),
        sa.Column("overrides", JsonText),
        sa.CheckConstraint("(state = 'RETURNED') = (returned_at IS NOT NULL)", name=op.f("ck_loan_returned_has_time")),
        sa.CheckConstraint(
            "state IN ('ON_LOAN', 'CLAIMED_RETURNED', 'LOST', 'RETURNED', 'SETTLED')", name=op.f("ck_loan_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('ON_LOAN', 'CLAIMED_RETURNED', 'LOST') OR (copy_id IS NOT NULL AND title_id IS NOT "
            "NULL AND patron_id IS NOT NULL)",
            name=op.f("ck_loan_live_is_whole"),
        ),
        sa.CheckConstraint("due_at > loaned_at", name=op.f("ck_loan_due_after_loaned")),
        sa.CheckConstraint("returned_at >= loaned_at", name=op.f("ck_loan_returned_after_loaned")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_loan_copy_id_copy"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["group_code"], ["patron_group.code"], name=op.f("fk_loan_group_code_patron_group")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_loan_patron_id_patron")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_loan_request_id_request")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_loan_title_id_title"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("request_id", name=op.f("uq_loan_request_id")),
    )


def _loan_indexes() -> None:
    op.create_index("ix_loan_copy_id", "loan", ["copy_id", "id"], unique=False)
    create_index_where("ix_loan_live_patron", "loan", ["patron_id", "title_id"], LIVE, unique=False)
    op.create_index("ix_loan_patron_id", "loan", ["patron_id", "id"], unique=False)
    op.create_index("ix_loan_state", "loan", ["state", "id"], unique=False)
    create_index_where("ix_loan_live", "loan", ["id"], LIVE, unique=False)
    op.create_index("ix_loan_title_id", "loan", ["title_id"], unique=False)
    create_index_where("uq_loan_live_copy", "loan", ["copy_id"], LIVE)


def _circulation_event() -> None:
    op.create_table(
        "circulation_event",
        id_column(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("loan_id", sa.BigInteger),
        sa.Column("request_id", sa.BigInteger),
        sa.Column("at", Instant, nullable=False),
        sa.Column("facts", JsonText, nullable=False),
        sa.CheckConstraint(
            "loan_id IS NOT NULL OR request_id IS NOT NULL", name=op.f("ck_circulation_event_names_something")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_circulation_event_loan_id_loan")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_circulation_event_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulation_event")),
    )
    op.create_index("ix_circulation_event_loan_id", "circulation_event", ["loan_id", "id"], unique=False)
    op.create_index("ix_circulation_event_request_id", "circulation_event", ["request_id", "id"], unique=False)


def _copy_claim() -> None:
    op.create_table(
        "copy_claim",
        sa.Column("copy_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("copy_status", sa.Text, nullable=False),
        sa.Column("loan_id", sa.BigInteger),
        sa.Column("request_id", sa.BigInteger),
        sa.CheckConstraint(
            "request_id IS NULL OR copy_status = 'IN_SERVICE'", name=op.f("ck_copy_claim_set_aside_in_service")
        ),
        sa.CheckConstraint("(loan_id IS NULL) <> (request_id IS NULL)", name=op.f("ck_copy_claim_one_holder")),
        sa.ForeignKeyConstraint(
            ["copy_id", "copy_status"],
            ["copy.id", "copy.status"],
            name=op.f("fk_copy_claim_copy_id_copy_status_copy"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_copy_claim_loan_id_loan")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_copy_claim_request_id_request")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_copy_claim")),
        sa.UniqueConstraint("loan_id", name=op.f("uq_copy_claim_loan_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_copy_claim_request_id")),
    )
