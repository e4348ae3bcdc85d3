"""Money as it goes out: whole numbers of the smallest unit of the currency that stands beside them."""

from datetime import date, datetime
from typing import Any

from pydantic import Field, model_validator

from configuration.kit.bodies import Outbound
from library_mgt.domain.money import FeeKind, Method


class CurrencyRead(Outbound):
    """A currency: its ISO 4217 code, and the decimal places that its smallest unit leaves."""

    code: str
    digits: int


class FeeLineRead(Outbound):
    """A line of the ledger. Charges and refunds are above 0, payments and waivers below."""

    id: int
    kind: FeeKind
    amount_minor: int
    open_minor: int = Field(description="What is still owed of a charge.")
    paid_minor: int = Field(description="What was paid for a charge and not given back.")
    at: datetime
    reason: str | None
    facts: dict[str, Any] | None = Field(description="How a fine came about.")
    loan_id: int | None
    title: str | None
    method: Method | None
    till: str | None
    receipt_number: int | None


class DeskFeeLineRead(FeeLineRead):
    """A line as staff see it."""

    patron_id: int
    made_by: str


class ProjectedRead(Outbound):
    """What a late loan would cost, were it brought back now."""

    loan_id: int
    title: str | None
    due_at: datetime
    amount_minor: int
    steps: list[str]


class AccountRead(Outbound):
    """What a reader owes. From `threshold_minor` on, balance and projected fines together, nothing more is lent."""

    currency: CurrencyRead
    balance_minor: int
    projected_minor: int
    threshold_minor: int
    open_charges: list[FeeLineRead]
    projected: list[ProjectedRead]
    lines: list[FeeLineRead] = Field(description="The newest lines, newest first.")


class DeskAccountRead(AccountRead):
    """An account as staff see it."""

    patron_id: int
    open_charges: list[DeskFeeLineRead]  # type: ignore[assignment]
    lines: list[DeskFeeLineRead] = Field(description="The newest lines, newest first.")  # type: ignore[assignment]


class CoveredRead(Outbound):
    """A charge that money went for."""

    charge_id: int
    kind: FeeKind
    amount_minor: int
    title: str | None
    reason: str | None


class ReceiptRead(Outbound):
    """What a reader holds in their hand. Money that was paid is above 0, money given back below."""

    till: str
    till_name: str
    number: int
    kind: FeeKind
    amount_minor: int
    method: Method
    at: datetime
    display_name: str | None
    covered: list[CoveredRead]
    balance_minor: int = Field(description="What was owed after it.")
    currency: CurrencyRead

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        """The ledger counts what lessens a debt below 0; a receipt says what was handed over."""
        if isinstance(value, dict):
            return value
        line = value.line
        return {
            **{name: getattr(line, name) for name in ("till", "kind", "method", "at")},
            **{name: getattr(value, name) for name in ("till_name", "display_name", "balance_minor", "currency")},
            "number": line.receipt_number,
            "amount_minor": -line.amount_minor,
            "covered": [
                {
                    "charge_id": one.charge_id,
                    "kind": one.kind,
                    "amount_minor": -one.amount_minor,
                    "title": one.title,
                    "reason": one.reason,
                }
                for one in value.covered
            ],
        }


class TillRead(Outbound):
    """A till; it takes money while it has a session."""

    code: str
    name: str
    location: str
    session_id: int | None
    opened_at: datetime | None
    opened_by: str | None
    float_minor: int | None


class TillSessionRead(Outbound):
    """From when to when a till took money."""

    id: int
    opened_at: datetime
    opened_by: str
    float_minor: int
    closed_at: datetime | None
    closed_by: str | None


class TakenRead(Outbound):
    """What came in and went out by one method."""

    method: Method
    payments: int
    paid_minor: int
    refunds: int
    refunded_minor: int


class CountRead(Outbound):
    """What a closed till should have held by one method, and held."""

    method: Method
    expected_minor: int
    counted_minor: int
    reason: str | None


class ReckoningRead(Outbound):
    """A session of a till with its money."""

    session: TillSessionRead
    taken: list[TakenRead]
    expected: dict[Method, int]
    counts: list[CountRead]


class TillReportRead(Outbound):
    """A till on a day."""

    till: TillRead
    day: date
    currency: CurrencyRead
    sessions: list[ReckoningRead]
