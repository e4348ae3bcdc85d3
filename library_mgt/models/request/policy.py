"""Bodies about policies and terms."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from library_mgt.models.request.fields import Code, GivenLine, Inbound, Whole, example

Days = Annotated[Whole, Field(ge=0, le=3650)]
Many = Annotated[Whole, Field(ge=0, le=100_000)]
Money = Annotated[Whole, Field(ge=0, le=10**12, description="In the smallest unit of the currency.")]


class PolicyValues(Inbound):
    """The values that a row sets; what is left out, or null, falls through to a less specific row."""

    loanable: bool | None = None
    loan_period: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    loan_unit: Literal["days", "hours", "close"] | None = Field(
        default=None, description="What the period counts: days, hours, or closings that a copy may be kept until."
    )
    closed_days: Literal["KEEP", "PREVIOUS_OPEN", "NEXT_OPEN", "NEXT_SAME_WEEKDAY"] | None = None
    max_loans: Many | None = None
    max_requests: Many | None = None
    renewals: Many | None = None
    renewal_period: Annotated[Whole, Field(ge=0, le=10_000)] | None = None
    renewal_from: Literal["due", "now"] | None = None
    requests_allowed: bool | None = None
    auto_approve: bool | None = None
    pickup_days: Annotated[Whole, Field(ge=0, le=366)] | None = None
    recall_allowed: bool | None = None
    recall_guarantee_days: Days | None = None
    recall_interval_days: Days | None = None
    fine_minor: Money | None = None
    fine_unit: Literal["day", "hour"] | None = None
    fine_grace_days: Days | None = None
    fine_cap_minor: Money | None = Field(default=None, description="A fine never exceeds it; 0 takes no fine at all.")
    fine_closed_days: bool | None = None
    lost_after_days: Days | None = None
    lost_fee_minor: Money | None = None
    block_debt_minor: Money | None = None
    block_overdue: Annotated[Whole, Field(ge=1, le=100_000)] | None = None
    term_schedule: Code | None = Field(
        default=None, description="Loans end with its terms; with those of `none` never."
    )


class PolicyScope(Inbound):
    """Where a row holds: for one location, group and type of copy, or for all of what is left open."""

    location: Code | None = None
    group_code: Code | None = None
    item_type: Code | None = None


class PolicyCreate(PolicyScope):
    """A new row."""

    model_config = example(group_code="faculty", values={"loan_period": 90, "renewals": 5})

    values: PolicyValues


class PolicyChange(Inbound):
    """Values to change; what is left out stays, null lets it fall through."""

    model_config = example(values={"loan_period": 21})

    values: PolicyValues


class ReplayCreate(Inbound):
    """Rules to try: first the rows of `without` are left out, then `rows` are laid over those in force.

    A row for the same location, group and type as one in force changes that one's values and leaves the others.
    """

    model_config = example(rows=[{"group_code": "student", "values": {"loan_period": 14}}], since="2026-01-01")

    rows: list[PolicyCreate] = Field(default_factory=list, max_length=100)
    without: list[Annotated[Whole, Field(ge=1)]] = Field(default_factory=list, max_length=100)
    since: date | None = Field(default=None, description="Loans made from this day on.")
    until: date | None = Field(default=None, description="Loans made up to this day.")


class TermsPut(Inbound):
    """A schedule: its name, and the last day of each term."""

    model_config = example(name="Semesters", last_days=["2026-07-31", "2027-02-28"])

    name: GivenLine
    last_days: list[date] = Field(max_length=200)
