"""Bodies about money: amounts are whole numbers of the smallest unit of the library's currency."""

from typing import Annotated

from pydantic import Field

from library_mgt.domain.money import MOST, Method
from library_mgt.models.request.fields import Code, GivenLine, Id, Inbound, Reason, Whole, example

Minor = Annotated[Whole, Field(ge=1, le=MOST, description="In the smallest unit of the currency.")]
MinorOrNothing = Annotated[Whole, Field(ge=0, le=MOST, description="In the smallest unit of the currency.")]


class DamageCreate(Inbound):
    """What came back damaged, and what it costs."""

    model_config = example(amount_minor=1250, reason="Coffee on forty pages.", loan_id=1)

    amount_minor: Minor
    reason: Reason
    loan_id: Id | None = None


class Over(Inbound):
    """Over which till money goes, and how."""

    till: Code = "main"
    method: Method = "CASH"


class PaymentCreate(Over):
    """Money that a reader pays: for the named charges, or for all, the oldest first in either case."""

    model_config = example(amount_minor=500, method="CASH", till="main")

    amount_minor: Minor
    charges: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None


class WaiverCreate(Inbound):
    """What a reader need not pay after all, and why; without an amount all that is open."""

    model_config = example(reason="The lift was out of order.")

    reason: Reason
    amount_minor: Minor | None = None


class RefundCreate(Over):
    """What is given back of what was paid, and why; without an amount all of it. It is owed no more."""

    model_config = example(reason="The book was found.", method="CASH", till="main")

    reason: Reason
    amount_minor: Minor | None = None


class TillChange(Inbound):
    """A till's name, and where it stands."""

    model_config = example(name="Main desk", location="main")

    name: GivenLine
    location: Code = "main"


class TillOpening(Inbound):
    """With how much the till begins."""

    model_config = example(float_minor=10000)

    float_minor: MinorOrNothing = 0


class TillClosing(Inbound):
    """What was counted; by card and transfer what came in and was not given back. A difference needs a reason."""

    model_config = example(cash_minor=14250, card_minor=0, transfer_minor=0)

    cash_minor: MinorOrNothing
    card_minor: Annotated[Whole, Field(ge=-MOST, le=MOST)] = 0
    transfer_minor: Annotated[Whole, Field(ge=-MOST, le=MOST)] = 0
    reason: Reason | None = None


class CurrencyChange(Inbound):
    """A currency by its ISO 4217 code."""

    model_config = example(code="EUR")

    code: Annotated[str, Field(pattern=r"^[A-Z]{3}$", max_length=3)]
