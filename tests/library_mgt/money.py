"""A library that charges: fifty cents a day, at most ten euros, and a till that is open."""

from datetime import timedelta
from typing import Any

from configuration.kit.security.actor import Actor
from library_mgt.models.data.fees import FeeLine, TillView
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.fees import DamageCreate, PaymentCreate, RefundCreate, TillOpening, WaiverCreate
from library_mgt.services import circulation, fees, patrons, payments, tills
from library_mgt.services.fees import Account
from library_mgt.services.payments import Receipt
from tests.library_mgt.world import ASSISTANT, LIBRARIAN, ZONE, Library

PER_DAY, CAP, PERIOD = 50, 1000, 28


class Money:
    """Acts about money in one line each."""

    def __init__(self, library: Library, **values: Any) -> None:
        self.library = library
        library.rule(fine_minor=PER_DAY, fine_cap_minor=CAP, fine_closed_days=True, loan_period=PERIOD, **values)

    def open_till(self, float_minor: int = 10_000) -> TillView:
        """Let the only till take money."""
        return self.library.write(tills.open_with, "main", TillOpening(float_minor=float_minor), by=ASSISTANT)

    def lend(self, who: Actor, name: str = "Dune", **copy: Any) -> LoanView:
        """A loan of a book of its own."""
        return self.library.lend(who, self.library.copy(self.library.title(name), **copy))

    def vouch_for(self, who: Actor) -> None:
        """The home service says again that the reader belongs to the university."""
        told = {"person": who.person, "display_name": who.name, "group": "student", "active": True, "until": None}
        self.library.write(patrons.take_standing, **told, as_of=self.library.now, by=ASSISTANT)

    def days_late(self, loan: LoanView, days: int) -> None:
        """Let time pass until the loan is so many days late."""
        self.library.now = loan.due_at - timedelta(hours=8) + timedelta(days=days)

    def back(self, loan: LoanView) -> None:
        """The copy is scanned at the desk."""
        self.library.write(circulation.return_copy, loan.barcode, by=ASSISTANT, zone=ZONE)

    def damage(self, patron_id: int, amount: int, reason: str = "Coffee") -> FeeLine:
        """Something came back damaged."""
        new = DamageCreate(amount_minor=amount, reason=reason)
        return self.library.write(fees.charge_damage, patron_id, new, by=ASSISTANT)

    def pay(self, patron_id: int, amount: int, **more: Any) -> Receipt:
        """A reader pays at the desk."""
        return self.library.write(payments.pay, patron_id, PaymentCreate(amount_minor=amount, **more), by=ASSISTANT)

    def waive(self, charge: FeeLine, amount: int | None = None, by: Actor = LIBRARIAN) -> FeeLine:
        """A librarian lets a reader off."""
        return self.library.write(payments.waive, charge.id, WaiverCreate(reason="Mercy", amount_minor=amount), by=by)

    def refund(self, charge: FeeLine, amount: int | None = None, by: Actor = LIBRARIAN) -> Receipt:
        """A librarian gives money back."""
        wish = RefundCreate(reason="Our mistake", amount_minor=amount)
        return self.library.write(payments.refund, charge.id, wish, by=by)

    def account(self, patron_id: int) -> Account:
        """What a reader owes."""
        return self.library.read(fees.account, patron_id, now=self.library.now, zone=ZONE)
