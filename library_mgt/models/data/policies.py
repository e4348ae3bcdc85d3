"""Lending rules as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Integer, Table, Text

from configuration.kit.database import Instant, id_column
from library_mgt.models.data.base import metadata, one_of

_VALUES = (
    "loanable", "loan_period", "loan_unit", "closed_days", "max_loans", "max_requests", "renewals", "renewal_period",
    "renewal_from", "requests_allowed", "auto_approve", "pickup_days", "recall_allowed", "recall_guarantee_days",
    "recall_interval_days", "fine_minor", "fine_unit", "fine_grace_days", "fine_cap_minor", "fine_closed_days",
    "lost_after_days", "lost_fee_minor", "block_debt_minor", "block_overdue", "term_schedule",
)  # fmt: skip


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean(create_constraint=False))


# A row sets any subset of the values for a location, group and item type; the row for all of them (`scope` empty) sets
# every value, so each value always has an answer. `scope` spells the three so that one key can be unique on both
# databases.
policy = Table(
    "policy",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("scope", Text, nullable=False, unique=True),
    Column("location", Text, ForeignKey("location.code")),
    Column("group_code", Text, ForeignKey("patron_group.code")),
    Column("item_type", Text, ForeignKey("item_type.code")),
    _flag("loanable"),
    Column("loan_period", Integer),
    Column("loan_unit", Text),
    Column("closed_days", Text),
    Column("max_loans", Integer),
    Column("max_requests", Integer),
    Column("renewals", Integer),
    Column("renewal_period", Integer),
    Column("renewal_from", Text),
    _flag("requests_allowed"),
    _flag("auto_approve"),
    Column("pickup_days", Integer),
    _flag("recall_allowed"),
    Column("recall_guarantee_days", Integer),
    Column("recall_interval_days", Integer),
    Column("fine_minor", BigInteger),
    Column("fine_unit", Text),
    Column("fine_grace_days", Integer),
    Column("fine_cap_minor", BigInteger),
    _flag("fine_closed_days"),
    Column("lost_after_days", Integer),
    Column("lost_fee_minor", BigInteger),
    Column("block_debt_minor", BigInteger),
    Column("block_overdue", Integer),
    Column("term_schedule", Text, ForeignKey("term_schedule.code")),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", Text, nullable=False),
    one_of("loan_unit", ("days", "hours", "close")),
    one_of("closed_days", ("KEEP", "PREVIOUS_OPEN", "NEXT_OPEN", "NEXT_SAME_WEEKDAY")),
    one_of("renewal_from", ("due", "now")),
    one_of("fine_unit", ("day", "hour")),
    CheckConstraint("loan_period > 0", name="loan_period_positive"),
    CheckConstraint(
        "scope <> '' OR (" + " AND ".join(f"{name} IS NOT NULL" for name in _VALUES) + ")", name="default_is_total"
    ),
    CheckConstraint(
        "(scope = '') = (location IS NULL AND group_code IS NULL AND item_type IS NULL)", name="default_is_for_all"
    ),
    CheckConstraint(
        "scope = '' OR scope = COALESCE(location, '') || '|' || COALESCE(group_code, '') || '|' || "
        "COALESCE(item_type, '')",
        name="scope_spells",
    ),
)

# Changed by triggers with every change of a rule, of hours, of a term and of a location's zone. It is drawn by lot: two
# states of the rules never share a stamp, not even when one of them was rolled back.
rule_stamp = Table(
    "rule_stamp",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", Text, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A row with the values that it sets."""

    id: int
    version: int
    location: str | None
    group_code: str | None
    item_type: str | None
    changed_at: datetime
    values: Mapping[str, Any]
