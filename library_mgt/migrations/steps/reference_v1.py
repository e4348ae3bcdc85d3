"""Reference data and lending rules."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column


def create() -> None:
    """Create the tables."""
    _location()
    _patron_group()
    _item_type()
    _material_type()
    _classification()
    _policy()


def _location() -> None:
    op.create_table(
        "location",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("zone", sa.Text),
        sa.Column("pickup", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_location")),
    )


def _patron_group() -> None:
    op.create_table(
        "patron_group",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_patron_group")),
    )


def _item_type() -> None:
    op.create_table(
        "item_type",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("loanable", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_item_type")),
    )


def _material_type() -> None:
    op.create_table(
        "material_type",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_material_type")),
    )


def _classification() -> None:
    op.create_table(
        "classification",
        id_column(),
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classification")),
        sa.UniqueConstraint("scheme", "value", name=op.f("uq_classification_scheme_value")),
    )


def _policy_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "(scope = '') = (location IS NULL AND group_code IS NULL AND item_type IS NULL)",
            name=op.f("ck_policy_default_is_for_all"),
        ),
        sa.CheckConstraint(
            "closed_days IN ('KEEP', 'PREVIOUS_OPEN', 'NEXT_OPEN', 'NEXT_SAME_WEEKDAY')",
            name=op.f("ck_policy_closed_days"),
        ),
        sa.CheckConstraint("fine_unit IN ('day', 'hour')", name=op.f("ck_policy_fine_unit")),
        sa.CheckConstraint("loan_unit IN ('days', 'hours')", name=op.f("ck_policy_loan_unit")),
        sa.CheckConstraint("renewal_from IN ('due', 'now')", name=op.f("ck_policy_renewal_from")),
        sa.CheckConstraint(
            "scope <> '' OR (loanable IS NOT NULL AND loan_period IS NOT NULL AND loan_unit IS NOT NULL AND "
            "closed_days IS NOT NULL AND max_loans IS NOT NULL AND max_requests IS NOT NULL AND renewals IS NOT "
            "NULL AND renewal_period IS NOT NULL AND renewal_from IS NOT NULL AND requests_allowed IS NOT NULL "
            "AND auto_approve IS NOT NULL AND pickup_days IS NOT NULL AND recall_allowed IS NOT NULL AND "
            "recall_guarantee_days IS NOT NULL AND recall_interval_days IS NOT NULL AND fine_minor IS NOT NULL "
            "AND fine_unit IS NOT NULL AND fine_grace_days IS NOT NULL AND fine_cap_minor IS NOT NULL AND "
            "fine_closed_days IS NOT NULL AND lost_after_days IS NOT NULL AND lost_fee_minor IS NOT NULL AND "
            "block_debt_minor IS NOT NULL AND block_overdue IS NOT NULL)",
            name=op.f("ck_policy_default_is_total"),
        ),
        sa.CheckConstraint("loan_period > 0", name=op.f("ck_policy_loan_period_positive")),
    ]


def _policy() -> None:
    op.create_table(
        "policy",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("location", sa.Text),
        sa.Column("group_code", sa.Text),
        sa.Column("item_type", sa.Text),
        sa.Column("loanable", sa.Boolean),
        sa.Column("loan_period", sa.Integer),
        sa.Column("loan_unit", sa.Text),
        sa.Column("closed_days", sa.Text),
        sa.Column("max_loans", sa.Integer),
        sa.Column("max_requests", sa.Integer),
        sa.Column("renewals", sa.Integer),
        sa.Column("renewal_period", sa.Integer),
        sa.Column("renewal_from", sa.Text),
        sa.Column("requests_allowed", sa.Boolean),
        sa.Column("auto_approve", sa.Boolean),
        sa.Column("pickup_days", sa.Integer),
        sa.Column("recall_allowed", sa.Boolean),
        sa.Column("recall_guarantee_days", sa.Integer),
        sa.Column("recall_interval_days", sa.Integer),
        sa.Column("fine_minor", sa.BigInteger),
        sa.Column("fine_unit", sa.Text),
        sa.Column("fine_grace_days", sa.Integer),
        sa.Column("fine_cap_minor", sa.BigInteger),
        sa.Column("fine_closed_days", sa.Boolean),
        sa.Column("lost_after_days", sa.Integer),
        sa.Column("lost_fee_minor", sa.BigInteger),
        sa.Column("block_debt_minor", sa.BigInteger),
        sa.Column("block_overdue", sa.Integer),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        *_policy_checks(),
        sa.ForeignKeyConstraint(["group_code"], ["patron_group.code"], name=op.f("fk_policy_group_code_patron_group")),
        sa.ForeignKeyConstraint(["item_type"], ["item_type.code"], name=op.f("fk_policy_item_type_item_type")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_policy_location_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("scope", name=op.f("uq_policy_scope")),
    )
