"""Desks that take money of one reader at the same moment: nothing is paid, charged or given back twice."""

from functools import partial

from library_mgt.models.request.fees import PaymentCreate, RefundCreate, TillClosing, TillOpening, WaiverCreate
from library_mgt.services import circulation, payments, tills
from tests.library_mgt.money import PER_DAY, Money
from tests.library_mgt.services.test_races import CLIENTS, ROUNDS, Act, at_once
from tests.library_mgt.world import ANN, ASSISTANT, BEN, LIBRARIAN, Library


def without_zone(act: Act) -> Act:
    """Acts that ask for no zone, among others that do."""
    return lambda tx, *, now, zone: act(tx, now=now)


class TestRaces:
    def test_payments_at_once_never_pay_more_than_is_open(self, library: Library) -> None:
        money, ann = Money(library), library.reader(ANN)
        money.open_till()

        for _ in range(ROUNDS):
            money.damage(ann, 500)
            pay = partial(payments.pay, patron_id=ann, payment=PaymentCreate(amount_minor=200), by=ASSISTANT)
            outcome = at_once(library, [without_zone(pay)] * CLIENTS)
            assert outcome == {"done": 2, "PAYMENT_TOO_HIGH": CLIENTS - 2}
            assert money.account(ann).balance_minor == 100
            money.pay(ann, 100)

        assert library.broken() == []

    def test_the_same_charge_is_paid_let_off_or_given_back_once(self, library: Library) -> None:
        money, ann = Money(library), library.reader(ANN)
        money.open_till()

        for _ in range(ROUNDS):
            charge = money.damage(ann, 500)
            pay = partial(payments.pay, patron_id=ann, payment=PaymentCreate(amount_minor=500), by=ASSISTANT)
            waive = partial(payments.waive, charge_id=charge.id, waiver=WaiverCreate(reason="Mercy"), by=LIBRARIAN)
            outcome = at_once(library, [without_zone(act) for act in (pay, waive) * (CLIENTS // 2)])
            assert outcome == {"done": 1, "NOTHING_OPEN": CLIENTS - 1}
            if next(line for line in money.account(ann).lines if line.id == charge.id).paid_minor:
                wish = RefundCreate(reason="Our mistake")
                refund = partial(payments.refund, charge_id=charge.id, wish=wish, by=LIBRARIAN)
                outcome = at_once(library, [without_zone(refund)] * CLIENTS)
                assert outcome == {"done": 1, "NOTHING_PAID": CLIENTS - 1}

        assert money.account(ann).balance_minor == 0
        assert library.broken() == []

    def test_a_late_copy_scanned_at_many_desks_is_charged_once(self, library: Library) -> None:
        money, ann = Money(library), library.reader(ANN)

        for round_ in range(1, ROUNDS + 1):
            money.vouch_for(ANN)
            library.rule(block_debt_minor=10**9)
            loan = money.lend(ANN)
            money.days_late(loan, 1)
            back = partial(circulation.return_copy, barcode=str(loan.barcode), by=LIBRARIAN)
            assert at_once(library, [back] * CLIENTS) == {"done": CLIENTS}
            assert money.account(ann).balance_minor == round_ * PER_DAY

        assert library.broken() == []

    def test_late_returns_and_checkouts_of_the_same_readers_wait_for_one_another_without_end(
        self, library: Library
    ) -> None:
        money = Money(library, block_overdue=99)
        for reader in (ANN, BEN):
            library.reader(reader)

        for _ in range(ROUNDS):
            for reader in (ANN, BEN):
                money.vouch_for(reader)
            out = [money.lend(reader, f"Late {place}") for reader in (ANN, BEN) for place in range(2)]
            money.days_late(out[0], 2)
            for reader in (ANN, BEN):
                money.vouch_for(reader)
            backs = [partial(circulation.return_copy, barcode=str(one.barcode), by=LIBRARIAN) for one in out]
            assert at_once(library, backs) == {"done": len(out)}

        assert library.broken() == []

    def test_a_till_is_closed_once_and_takes_no_money_after_its_count(self, library: Library) -> None:
        money, ann = Money(library), library.reader(ANN)
        money.damage(ann, 100_000)

        for _ in range(ROUNDS):
            library.write(tills.open_with, "main", TillOpening(), by=ASSISTANT)
            closing = TillClosing(cash_minor=0, reason="In a hurry")
            close = partial(tills.close, code="main", closing=closing, by=ASSISTANT)
            pay = partial(payments.pay, patron_id=ann, payment=PaymentCreate(amount_minor=10), by=ASSISTANT)
            outcome = at_once(library, [close, without_zone(pay)] * (CLIENTS // 2))
            assert outcome["done"] + outcome["TILL_CLOSED"] == CLIENTS
            assert library.broken() == []
