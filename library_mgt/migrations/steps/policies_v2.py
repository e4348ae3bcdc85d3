"""Policies that name a term schedule, and lend until closing."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column

_NUMBERS = (
    "loan_period", "max_loans", "max_requests", "renewals", "renewal_period", "pickup_days", "recall_guarantee_days",
    "recall_interval_days", "fine_grace_days", "lost_after_days", "block_overdue",
)  # fmt: skip
_MONEY = ("fine_minor", "fine_cap_minor", "lost_fee_minor", "block_debt_minor")
_FLAGS = ("loanable", "requests_allowed", "auto_approve", "recall_allowed", "fine_closed_days")
_WORDS = ("loan_unit", "closed_days", "renewal_from", "fine_unit")
_TOTAL = (
    "loanable", "loan_period", "loan_unit", "closed_days", "max_loans", "max_requests", "renewals", "renewal_period",
    "renewal_from", "requests_allowed", "auto_approve", "pickup_days", "recall_allowed", "recall_guarantee_days",
    "recall_interval_days", "fine_minor", "fine_unit", "fine_grace_days", "fine_cap_minor", "fine_closed_days",
    "lost_after_days", "lost_fee_minor", "block_debt_minor", "block_overdue", "term_schedule",
)  # fmt: skip
_ROW = ("version", "scope", "location", "group_code", "item_type", "changed_at", "changed_by")


def rebuild() -> None:
    """Make the table anew with what it holds: SQLite cannot change a check in place."""
    columns = [*_ROW, *_NUMBERS, *_MONEY, *_FLAGS, *_WORDS]
    instants = {"changed_at": Instant()}
    old = sa.table("policy", sa.column("id"), *(sa.column(name, instants.get(name)) for name in columns))
    kept = op.get_bind().execute(sa.select(*(old.c[name] for name in columns)).order_by(old.c.id)).mappings().all()
    op.drop_table("policy")
    _create()
    rows = [{**row, "term_schedule": None if row["scope"] else "none"} for row in kept]
    flags = {name: sa.Boolean() for name in _FLAGS}
    types: dict[str, Any] = {**instants, **flags}
    made = sa.table("policy", *(sa.column(name, types.get(name)) for name in (*columns, "term_schedule")))
    op.bulk_insert(made, rows)


def _create() -> None:
    op.create_table(
        "policy",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("location", sa.Text),
        sa.Column("group_code", sa.Text),
        sa.Column("item_type", sa.Text),
        *(sa.Column(name, sa.Integer) for name in _NUMBERS),
        *(sa.Column(name, sa.BigInteger) for name in _MONEY),
        *(sa.Column(name, sa.Boolean) for name in _FLAGS),
        *(sa.Column(name, sa.Text) for name in _WORDS),
        sa.Column("term_schedule", sa.Text),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        *_checks(),
        sa.ForeignKeyConstraint(["group_code"], ["patron_group.code"], name=op.f("fk_policy_group_code_patron_group")),
        sa.ForeignKeyConstraint(["item_type"], ["item_type.code"], name=op.f("fk_policy_item_type_item_type")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_policy_location_location")),
        sa.ForeignKeyConstraint(
            ["term_schedule"], ["term_schedule.code"], name=op.f("fk_policy_term_schedule_term_schedule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("scope", name=op.f("uq_policy_scope")),
    )


def _checks() -> list[sa.CheckConstraint]:
    total = " AND ".join(f"{name} IS NOT NULL" for name in _TOTAL)
    checks = {
        "default_is_for_all": "(scope = '') = (location IS NULL AND group_code IS NULL AND item_type IS NULL)",
        "default_is_total": f"scope <> '' OR ({total})",
        "scope_spells": "scope = '' OR scope = COALESCE(location, '') || '|' || COALESCE(group_code, '') || '|' || "
        "COALESCE(item_type, '')",
        "closed_days": "closed_days IN ('KEEP', 'PREVIOUS_OPEN', 'NEXT_OPEN', 'NEXT_SAME_WEEKDAY')",
        "fine_unit": "fine_unit IN ('day', 'hour')",
        "loan_unit": "loan_unit IN ('days', 'hours', 'close')",
        "renewal_from": "renewal_from IN ('due', 'now')",
        "loan_period_positive": "loan_period > 0",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_policy_{name}")) for name, rule in checks.items()]
