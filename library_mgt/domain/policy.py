"""Lending rules: the values a loan or request is decided under."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """Every value of the rule in force, money in minor units.

    `loan_period` and `renewal_period` count `loan_unit`s: days, hours, or days until whose closing a copy is lent.
    """

    loanable: bool
    loan_period: int
    loan_unit: Literal["days", "hours", "close"]
    closed_days: Literal["KEEP", "PREVIOUS_OPEN", "NEXT_OPEN", "NEXT_SAME_WEEKDAY"]
    max_loans: int
    max_requests: int
    renewals: int
    renewal_period: int
    renewal_from: Literal["due", "now"]
    requests_allowed: bool
    auto_approve: bool
    pickup_days: int
    recall_allowed: bool
    recall_guarantee_days: int
    recall_interval_days: int
    fine_minor: int
    fine_unit: Literal["day", "hour"]
    fine_grace_days: int
    fine_cap_minor: int
    fine_closed_days: bool
    lost_after_days: int
    lost_fee_minor: int
    block_debt_minor: int
    block_overdue: int
    term_schedule: str = "none"

    def snapshot(self) -> dict[str, Any]:
        """The values as a loan keeps them."""
        return {name: getattr(self, name) for name in NAMES}

    @classmethod
    def kept(cls, snapshot: Mapping[str, Any]) -> "Policy":
        """The rule that a loan was made under, from the values it keeps."""
        return cls(**{name: value for name, value in snapshot.items() if name in NAMES})


NAMES = tuple(field.name for field in fields(Policy))
