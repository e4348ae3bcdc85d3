"""What is charged, paid, let off and given back over the desk."""

from configuration.kit.security.actor import Actor
from library_mgt.models.request.fees import (
    DamageCreate,
    PaymentCreate,
    RefundCreate,
    TillClosing,
    TillOpening,
    WaiverCreate,
)
from library_mgt.services import fees, payments, tills
from tests.library_mgt.model import rules_of_money
from tests.library_mgt.model.chance import act, of_the, some
from tests.library_mgt.model.comparison import charge_ids
from tests.library_mgt.model.oracle import Charge, Loan, Reader
from tests.library_mgt.model.rule_book import ZONE
from tests.library_mgt.model.walk import STAFF, Walk
from tests.library_mgt.world import ASSISTANT

FLOAT = 100_000
"""Enough to give back whatever was paid before."""


class Paying(Walk):
    """Over the counter."""

    @act("debtors", often=4, reader=of_the("debtors"), share=some(1.0, 1.0, 0.5, 1.1))
    def pay(self, reader: Reader, share: float) -> None:
        """All, a part, or too much."""
        amount = max(1, round(rules_of_money.balance(self.oracle, reader) * share))
        self._pay(reader, amount, None)

    @act("charges", charge=of_the("charges"), share=some(1.0, 0.5, 1.5))
    def pay_one(self, charge: Charge, share: float) -> None:
        """For one thing among others."""
        self._pay(charge.reader, max(1, round(charge.open * share)), charge)

    def _pay(self, reader: Reader, amount: int, named: Charge | None) -> None:
        ids = [self._id(named)] if named is not None else None
        self.both(
            lambda: rules_of_money.pay(self.oracle, reader, amount, named),
            payments.pay, reader.id, PaymentCreate(amount_minor=amount, charges=ids), by=ASSISTANT,
        )  # fmt: skip

    @act("charges", charge=of_the("charges"), amount=some(None, None, 10, 700), by=some(*STAFF))
    def waive(self, charge: Charge, amount: int | None, by: Actor) -> None:
        """Mercy."""
        self.both(
            lambda: rules_of_money.waive(charge, amount, by=by),
            payments.waive, self._id(charge), WaiverCreate(reason="Mercy", amount_minor=amount), by=by,
        )  # fmt: skip

    @act("charges", charge=of_the("charges"), amount=some(None, None, 10, 700), by=some(*STAFF))
    def refund(self, charge: Charge, amount: int | None, by: Actor) -> None:
        """It should not have been taken."""
        self.both(
            lambda: rules_of_money.refund(self.oracle, charge, amount, by=by),
            payments.refund, self._id(charge), RefundCreate(reason="Our mistake", amount_minor=amount), by=by,
        )  # fmt: skip

    @act("lent", often=1, loan=of_the("lent"), reader=of_the("readers"), own=some(True, False))
    def damage(self, loan: Loan, reader: Reader, own: bool) -> None:
        """Coffee on it."""
        pays = loan.reader if own else reader
        self.both(
            lambda: rules_of_money.charge_damage(self.oracle, pays, 250, loan),
            fees.charge_damage, pays.id, DamageCreate(amount_minor=250, reason="Coffee", loan_id=loan.id), by=ASSISTANT,
        )  # fmt: skip

    @act(often=1, opens=some(True, False))
    def turn_the_key(self, opens: bool) -> None:
        """The till is opened, or counted and closed."""
        if opens:
            new = TillOpening(float_minor=FLOAT)
            self.both(lambda: rules_of_money.open_till(self.oracle, FLOAT), tills.open_with, "main", new, by=ASSISTANT)
        else:
            counted = TillClosing(cash_minor=self.oracle.drawer or 0)
            self.both(
                lambda: rules_of_money.close_till(self.oracle), tills.close, "main", counted, by=ASSISTANT, zone=ZONE
            )

    def _id(self, charge: Charge) -> int:
        return self.stage.read(charge_ids)[self.oracle.charges.index(charge)]
