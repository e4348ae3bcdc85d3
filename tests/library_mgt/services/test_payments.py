"""Money over the counter: in parts, over several charges, never more than is open, and each with its receipt."""

import pytest

from configuration.kit.errors import Refusal
from library_mgt.errors import NothingOpen, NothingPaid, OwnFee, PaymentTooHigh, ReceiptNotFound, TillClosed
from library_mgt.models.request.fees import PaymentCreate
from library_mgt.services import fees, payments, tills
from tests.library_mgt.money import Money
from tests.library_mgt.world import ANN, ASSISTANT, BEN, LIBRARIAN, ZONE, Library, person


@pytest.fixture
def money(library: Library) -> Money:
    made = Money(library)
    made.open_till()
    return made


class TestPay:
    def test_part_of_it_covers_the_oldest_first(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        first, second = money.damage(ann, 300), money.damage(ann, 500)

        receipt = money.pay(ann, 450)

        assert [(one.charge_id, one.amount_minor) for one in receipt.covered] == [(first.id, -300), (second.id, -150)]
        assert (receipt.balance_minor, money.account(ann).balance_minor) == (350, 350)
        assert [line.open_minor for line in money.account(ann).open_charges] == [350]
        assert library.broken() == []

    def test_the_named_charges_alone_are_paid(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        first, second = money.damage(ann, 300), money.damage(ann, 500)

        money.pay(ann, 500, charges=[second.id])

        assert [line.id for line in money.account(ann).open_charges] == [first.id]
        with pytest.raises(NothingOpen, match=f"charge {second.id}"):
            money.pay(ann, 1, charges=[first.id, second.id])

    def test_more_than_is_open_is_refused_with_what_is(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        money.damage(ann, 300)

        with pytest.raises(PaymentTooHigh, match=r"3\.00 EUR are open") as refused:
            money.pay(ann, 301)

        assert refused.value.blockers[0].facts == {"open_minor": 300}
        assert money.account(ann).balance_minor == 300

    def test_who_owes_nothing_pays_nothing(self, library: Library, money: Money) -> None:
        with pytest.raises(NothingOpen):
            money.pay(library.reader(ANN), 1)

    def test_a_closed_till_takes_no_money(self, library: Library) -> None:
        money, ann = Money(library), library.reader(ANN)
        money.damage(ann, 300)

        with pytest.raises(TillClosed, match="Open it"):
            money.pay(ann, 300)

    def test_receipts_are_numbered_without_gaps_whatever_was_refused_between(
        self, library: Library, money: Money
    ) -> None:
        ann = library.reader(ANN)
        money.damage(ann, 300)
        numbers = [money.pay(ann, 100).line.receipt_number]
        with pytest.raises(Refusal):
            money.pay(ann, 999)

        numbers.append(money.pay(ann, 100).line.receipt_number)

        assert numbers == [1, 2]
        assert library.broken() == []

    def test_a_receipt_is_shown_to_the_desk_and_its_reader_and_to_nobody_else(
        self, library: Library, money: Money
    ) -> None:
        ann = library.reader(ANN)
        library.reader(BEN)
        money.damage(ann, 300)
        paid = money.pay(ann, 100)

        for who in (ASSISTANT, ANN):
            assert library.read(payments.receipt, "main", 1, who) == paid
        with pytest.raises(ReceiptNotFound):
            library.read(payments.receipt, "main", 1, BEN)

    def test_nobody_takes_their_own_money(self, library: Library, money: Money) -> None:
        both = person("library:9", "library_assistant", persons=frozenset({ANN.person}))
        ann = library.reader(ANN)
        money.damage(ann, 300)

        with pytest.raises(OwnFee):
            library.write(payments.pay, ann, PaymentCreate(amount_minor=300, method="TRANSFER"), by=both)

        assert money.account(ann).balance_minor == 300


class TestWaive:
    def test_part_of_a_charge_or_the_rest_is_let_off_with_a_reason(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        charge = money.damage(ann, 300)
        money.pay(ann, 50)

        money.waive(charge, 100)
        line = money.waive(charge)

        assert (line.amount_minor, line.reason, money.account(ann).balance_minor) == (-150, "Mercy", 0)
        with pytest.raises(NothingOpen):
            money.waive(charge)
        assert library.broken() == []

    def test_nobody_lets_themselves_off(self, library: Library, money: Money) -> None:
        both = person("library:9", "librarian", persons=frozenset({ANN.person}))
        ann = library.reader(ANN)
        charge = money.damage(ann, 300)

        with pytest.raises(OwnFee):
            money.waive(charge, by=both)

        assert money.account(ann).balance_minor == 300


class TestRefund:
    def test_what_was_paid_is_given_back_and_owed_no_more(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        charge = money.damage(ann, 300)
        money.pay(ann, 200)

        receipt = money.refund(charge, 150)

        assert (receipt.line.kind, receipt.line.amount_minor, receipt.line.receipt_number) == ("REFUND", 150, 2)
        now = next(line for line in money.account(ann).lines if line.id == charge.id)
        assert (now.open_minor, now.paid_minor, money.account(ann).balance_minor) == (100, 50, 100)
        assert library.broken() == []

    def test_never_more_than_was_paid(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        charge = money.damage(ann, 300)
        with pytest.raises(NothingPaid):
            money.refund(charge)
        money.pay(ann, 200)

        with pytest.raises(PaymentTooHigh, match=r"2\.00 EUR are paid"):
            money.refund(charge, 201)
        money.refund(charge)
        with pytest.raises(NothingPaid):
            money.refund(charge)

        assert library.broken() == []

    def test_nobody_gives_themselves_money_back(self, library: Library, money: Money) -> None:
        both = person("library:9", "librarian", persons=frozenset({ANN.person}))
        ann = library.reader(ANN)
        charge = money.damage(ann, 300)
        money.pay(ann, 300)

        with pytest.raises(OwnFee):
            money.refund(charge, by=both)


class TestWhoeverWritesWhatever:
    def test_the_account_says_whose_and_what_in_order(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        money.damage(ann, 300)
        library.write(payments.pay, ann, PaymentCreate(amount_minor=100, method="CARD"), by=LIBRARIAN)

        account = library.read(fees.own_account, ANN, now=library.now, zone=ZONE)

        assert [(line.kind, line.amount_minor, line.made_by) for line in account.lines] == [
            ("PAYMENT", -100, "library:1"),
            ("DAMAGE", 300, "library:2"),
        ]
        assert library.read(tills.listed)[0].session_id == 1
