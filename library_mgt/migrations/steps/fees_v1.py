"""The fee ledger, the tills, and what the database itself forbids of them."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, JsonText, id_column
from configuration.kit.database.steps import create_index_where
from library_mgt.migrations.steps.rule_stamp_v1 import draw_at_change

_METHOD = "method IN ('CASH', 'CARD', 'TRANSFER')"


def create() -> None:
    """Create the tables, with the currency and the first till."""
    _currency()
    _till()
    _till_session()
    _till_count()
    _fee_line()
    _fee_allocation()


def _currency() -> None:
    made = op.create_table(
        "currency",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("digits", sa.Integer, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_currency_only_one")),
        sa.CheckConstraint("digits BETWEEN 0 AND 4", name=op.f("ck_currency_digits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_currency")),
    )
    op.bulk_insert(made, [{"id": 1, "code": "EUR", "digits": 2}])
    draw_at_change("currency")


def _till() -> None:
    made = op.create_table(
        "till",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("last_receipt", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_till_location_location")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_till")),
    )
    op.bulk_insert(made, [{"code": "main", "name": "Main desk", "location": "main", "last_receipt": 0}])


def _till_session() -> None:
    op.create_table(
        "till_session",
        id_column(),
        sa.Column("till", sa.Text, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("float_minor", sa.BigInteger, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("closed_by", sa.Text),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_till_session_closed_by_somebody")
        ),
        sa.CheckConstraint("closed_at >= opened_at", name=op.f("ck_till_session_closed_after_opened")),
        sa.CheckConstraint("float_minor >= 0", name=op.f("ck_till_session_float_not_negative")),
        sa.ForeignKeyConstraint(["till"], ["till.code"], name=op.f("fk_till_session_till_till")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_session")),
        sa.UniqueConstraint("id", "till", name=op.f("uq_till_session_id_till")),
    )
    op.create_index("ix_till_session_till", "till_session", ["till", "opened_at"])
    create_index_where("uq_till_session_open", "till_session", ["till"], "closed_at IS NULL")


def _till_count() -> None:
    op.create_table(
        "till_count",
        sa.Column("session_id", sa.BigInteger, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("expected_minor", sa.BigInteger, nullable=False),
        sa.Column("counted_minor", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint(_METHOD, name=op.f("ck_till_count_method")),
        sa.CheckConstraint(
            "counted_minor = expected_minor OR reason IS NOT NULL", name=op.f("ck_till_count_difference_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["till_session.id"], name=op.f("fk_till_count_session_id_till_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "method", name=op.f("pk_till_count")),
    )


def _fee_line() -> None:
    op.create_table(
        "fee_line",
        id_column(),
        sa.Column("patron_id", sa.BigInteger, nullable=False),
        sa.Column("loan_id", sa.BigInteger),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("facts", JsonText),
        sa.Column("method", sa.Text),
        sa.Column("till", sa.Text),
        sa.Column("till_session_id", sa.BigInteger),
        sa.Column("receipt_number", sa.Integer),
        sa.CheckConstraint(
            "kind IN ('OVERDUE', 'LOST', 'DAMAGE', 'PAYMENT', 'WAIVER', 'REFUND')", name=op.f("ck_fee_line_kind")
        ),
        sa.CheckConstraint(_METHOD, name=op.f("ck_fee_line_method")),
        sa.CheckConstraint(
            "CASE WHEN kind IN ('OVERDUE', 'LOST', 'DAMAGE', 'REFUND') THEN amount_minor > 0 ELSE amount_minor < 0 END",
            name=op.f("ck_fee_line_sign_of_kind"),
        ),
        sa.CheckConstraint(
            "(kind IN ('PAYMENT', 'REFUND')) = (receipt_number IS NOT NULL)",
            name=op.f("ck_fee_line_money_has_receipt"),
        ),
        sa.CheckConstraint(
            "(receipt_number IS NULL) = (method IS NULL) AND (receipt_number IS NULL) = (till IS NULL) AND "
            "(receipt_number IS NULL) = (till_session_id IS NULL)",
            name=op.f("ck_fee_line_receipt_is_whole"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('DAMAGE', 'WAIVER', 'REFUND') OR reason IS NOT NULL", name=op.f("ck_fee_line_says_why")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_fee_line_loan_id_loan")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_fee_line_patron_id_patron")),
        sa.ForeignKeyConstraint(
            ["till_session_id", "till"],
            ["till_session.id", "till_session.till"],
            name=op.f("fk_fee_line_till_session_id_till_till_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_line")),
        sa.UniqueConstraint("till", "receipt_number", name=op.f("uq_fee_line_till_receipt_number")),
    )
    op.create_index("ix_fee_line_patron_id", "fee_line", ["patron_id", "id"])
    op.create_index("ix_fee_line_loan_id", "fee_line", ["loan_id"])
    op.create_index("ix_fee_line_till_session_id", "fee_line", ["till_session_id", "id"])
    create_index_where("uq_fee_line_overdue", "fee_line", ["loan_id"], "kind = 'OVERDUE'")


def _fee_allocation() -> None:
    op.create_table(
        "fee_allocation",
        sa.Column("line_id", sa.BigInteger, nullable=False),
        sa.Column("charge_id", sa.BigInteger, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_fee_allocation_not_nothing")),
        sa.ForeignKeyConstraint(["charge_id"], ["fee_line.id"], name=op.f("fk_fee_allocation_charge_id_fee_line")),
        sa.ForeignKeyConstraint(["line_id"], ["fee_line.id"], name=op.f("fk_fee_allocation_line_id_fee_line")),
        sa.PrimaryKeyConstraint("line_id", "charge_id", name=op.f("pk_fee_allocation")),
    )
    op.create_index("ix_fee_allocation_charge_id", "fee_allocation", ["charge_id"])
