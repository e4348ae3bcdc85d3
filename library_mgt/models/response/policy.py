"""Policies as they go out: rows, which of them decides what, findings, and replayed loans."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from configuration.kit.bodies import Outbound


class PolicyRead(Outbound):
    """A row. What it does not set falls through to less specific rows."""

    id: int
    version: int
    location: str | None
    group_code: str | None
    item_type: str | None
    values: dict[str, Any] = Field(description="Only those that the row sets.")
    changed_at: datetime


class DecidedRead(Outbound):
    """A value, and the row that gave it."""

    name: str
    value: Any
    policy_id: int


class ResolvedRead(Outbound):
    """Every value for one location, group and type of copy."""

    location: str | None
    group_code: str | None
    item_type: str | None
    values: list[DecidedRead]


class FindingRead(Outbound):
    """Something about the rules to look at."""

    code: str
    detail: str
    policy_ids: list[int]
    values: list[str]


class FindingsRead(Outbound):
    """Everything that looks wrong; the rules hold all the same."""

    items: list[FindingRead]


class BecauseRead(Outbound):
    """A value that is another one under the proposed rules, and the row that gives it."""

    policy_id: int = Field(description="A row that is tried counts from -1 down, in the order of the proposal.")
    name: str
    was: Any
    becomes: Any


class ReplayedRead(Outbound):
    """A past loan under the proposed rules."""

    loan_id: int
    title: str | None
    change: Literal["same", "later", "earlier", "not_lent", "no_open_day"]
    due_at: datetime
    would_be_due_at: datetime | None
    fine_minor: int
    would_be_fine_minor: int
    because: list[BecauseRead]


class CountedRead(Outbound):
    """How many loans change because of a value."""

    because: BecauseRead
    loans: int


class ReplayRead(Outbound):
    """What the loans of a time would have become. `whole` says whether these were all, or the latest of more."""

    loans: int
    whole: bool
    same: int
    later: int
    earlier: int
    not_lent: int
    no_open_day: int
    fine_minor: int
    would_be_fine_minor: int
    reasons: list[CountedRead] = Field(description="Why loans change, what changes most of them first.")
    examples: list[ReplayedRead]

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        names = cls.model_fields.keys() - {"whole", "reasons"}
        reasons = [{"because": because, "loans": loans} for because, loans in value.outcome.reasons]
        return {name: getattr(value.outcome, name) for name in names} | {"whole": value.whole, "reasons": reasons}


class TermsRead(Outbound):
    """A schedule and the last days of its terms."""

    code: str
    name: str
    version: int
    last_days: list[date]


class TermsListed(Outbound):
    """All schedules."""

    items: list[TermsRead]
