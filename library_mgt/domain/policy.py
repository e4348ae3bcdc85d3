"""Lending rules: the values a loan or request is decided under."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """Every value of the rule in force. Periods are in `loan_unit`s or days, money in minor units."""

    loanable: bool
    loan_period: int
    loan_unit: Literal["days", "hours"]
    closed_days: str
    max_loans: int
    max_requests: int
    renewals: int
    renewal_period: int
    renewal_from: str
    requests_allowed: bool
    auto_approve: bool
    pickup_days: int
    recall_allowed: bool
    recall_guarantee_days: int
    recall_interval_days: int
    fine_minor: int
    fine_unit: str
    fine_grace_days: int
    fine_cap_minor: int
    fine_closed_days: bool
    lost_after_days: int
    lost_fee_minor: int
    block_debt_minor: int
    block_overdue: int

    def snapshot(self) -> dict[str, Any]:
        """The values as a loan keeps them."""
        return {name: getattr(self, name) for name in _NAMES}

    def as_kept(self, snapshot: Mapping[str, Any]) -> "Policy":
        """The rule a loan was made under. For values its snapshot lacks, as of a migrated loan, this one stands in."""
        return replace(self, **{name: snapshot[name] for name in _NAMES if name in snapshot})


_NAMES = tuple(field.name for field in fields(Policy))
