"""What readers owe: charged once, capped, explained, and counted before it is charged."""

from datetime import time, timedelta
from typing import Any

import pytest

from configuration.kit.errors import Refusal
from library_mgt.domain.forgetting import Memory
from library_mgt.domain.money import Currency
from library_mgt.errors import HasDependents, LoanNotFound
from library_mgt.models.data.loans import loan as loan_table
from library_mgt.models.request.circulation import Override, RequestCreate
from library_mgt.models.request.fees import DamageCreate
from library_mgt.services import circulation, fees, forgetting, losses, renewals, requests, undoing
from tests.library_mgt.money import CAP, PER_DAY, Money
from tests.library_mgt.world import ANN, ASSISTANT, BEN, LIBRARIAN, ZONE, Library, person, sql


@pytest.fixture
def money(library: Library) -> Money:
    return Money(library)


def refused(library: Library, use_case: Any, *args: Any, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        library.write(use_case, *args, **options)
    return caught.value


class TestChargeOverdue:
    def test_a_late_return_is_charged_with_how_it_came_about(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        loan = money.lend(ANN)
        money.days_late(loan, 3)

        money.back(loan)

        [line] = money.account(ann).lines
        assert (line.kind, line.amount_minor, line.open_minor, line.title) == ("OVERDUE", 3 * PER_DAY, 150, "Dune")
        assert line.facts is not None
        assert (line.facts["late"], line.facts["limit_minor"]) == (3, CAP)
        assert library.broken() == []

    def test_a_return_in_time_costs_nothing(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        loan = money.lend(ANN)
        money.days_late(loan, 0)

        money.back(loan)

        assert money.account(ann).lines == []

    def test_neither_the_cap_nor_the_price_is_passed(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        dear, cheap = money.lend(ANN, "Dear"), money.lend(ANN, "Cheap", price_minor=700)
        money.days_late(dear, 100)

        money.back(dear)
        money.back(cheap)

        assert [line.amount_minor for line in money.account(ann).open_charges] == [CAP, 700]
        assert library.broken() == []

    def test_the_rule_that_the_loan_keeps_decides_whatever_holds_now(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        loan = money.lend(ANN)
        library.rule(fine_minor=900)
        money.days_late(loan, 2)

        money.back(loan)

        assert money.account(ann).balance_minor == 2 * PER_DAY

    def test_a_delay_is_charged_once_however_often_it_is_asked(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        loan = money.lend(ANN)
        money.days_late(loan, 2)
        money.back(loan)

        again = library.write(fees.charge_overdue, loan.id, until=library.now, by=ASSISTANT, zone=ZONE)

        assert (again, len(money.account(ann).lines)) == (None, 1)


class TestChargeLost:
    def test_a_loss_costs_the_price_and_the_fee_on_top_and_is_charged_once(self, library: Library) -> None:
        money, ann = Money(library, lost_fee_minor=500), library.reader(ANN)
        loan = money.lend(ANN, price_minor=2000)

        library.write(fees.charge_lost, loan.id, by=LIBRARIAN)
        again = library.write(fees.charge_lost, loan.id, by=LIBRARIAN)

        [line] = money.account(ann).lines
        assert (line.kind, line.amount_minor, again) == ("LOST", 2500, None)

    def test_what_comes_back_is_owed_no_more_and_what_was_paid_can_be_given_back(self, library: Library) -> None:
        money, ann = Money(library, lost_fee_minor=500), library.reader(ANN)
        loan = money.lend(ANN, price_minor=2000)
        library.write(fees.charge_lost, loan.id, by=LIBRARIAN)
        sql(library, loan_table.update().values(state="LOST"))
        money.open_till()
        money.pay(ann, 800)

        money.back(loan)

        account = money.account(ann)
        [lost] = [line for line in account.lines if line.kind == "LOST"]
        assert (account.balance_minor, lost.open_minor, lost.paid_minor) == (0, 0, 800)
        assert library.broken() == []


class TestChargeDamage:
    def test_a_reader_is_charged_for_a_loan_of_their_own_alone(self, library: Library, money: Money) -> None:
        ann, ben = library.reader(ANN), library.reader(BEN)
        loan = money.lend(ANN)
        damage = DamageCreate(amount_minor=250, reason="Torn", loan_id=loan.id)

        line = library.write(fees.charge_damage, ann, damage, by=ASSISTANT)

        assert (line.amount_minor, line.reason, line.title) == (250, "Torn", "Dune")
        assert isinstance(refused(library, fees.charge_damage, ben, damage, by=ASSISTANT), LoanNotFound)


class TestDebtsThatBlock:
    def test_what_grows_counts_before_it_is_charged_and_is_said_with_the_way_out(self, library: Library) -> None:
        money, ann = Money(library, block_debt_minor=400, block_overdue=9), library.reader(ANN)
        money.damage(ann, 250)
        loan = money.lend(ANN)
        money.days_late(loan, 2)
        money.vouch_for(ANN)
        money.lend(ANN, "Emma")
        money.days_late(loan, 3)
        money.vouch_for(ANN)

        with pytest.raises(Refusal) as caught:
            money.lend(ANN, "Persuasion")

        [blocker] = caught.value.blockers
        assert (blocker.code, blocker.override) == ("PATRON_BLOCKED", "librarian")
        assert "owes 4.00 EUR, 1.50 EUR of it for what is late and still out" in blocker.detail
        assert "paid at the desk" in blocker.detail
        assert (blocker.facts["ledger_minor"], blocker.facts["projected_minor"]) == (250, 150)
        assert money.account(ann).projected_minor == 150
        assert [line.kind for line in money.account(ann).lines] == ["DAMAGE"]

    def test_a_librarian_may_overrule_it_and_a_payment_ends_it(self, library: Library) -> None:
        money, ann = Money(library, block_debt_minor=400), library.reader(ANN)
        money.damage(ann, 400)
        money.open_till()
        copy = library.book("Emma")[1][0]

        library.lend(ANN, copy, override=Override(codes=["PATRON_BLOCKED"], reason="Pays tomorrow"))
        money.pay(ann, 1)

        assert money.lend(ANN, "Persuasion").state == "ON_LOAN"

    def test_requests_and_the_readers_own_page_say_the_same(self, library: Library) -> None:
        money, ann = Money(library, block_debt_minor=400), library.reader(ANN)
        money.damage(ann, 400)
        title, _ = library.book("Emma")

        [told] = library.read(requests.standing_in_the_way, ANN, now=library.now, zone=ZONE)
        request = refused(library, requests.request_title, RequestCreate(title_id=title.id), by=ANN, zone=ZONE)

        assert told.detail.startswith("You owe 4.00 EUR; from 4.00 EUR on")
        assert told.detail == request.blockers[0].detail

    def test_who_owes_nothing_is_never_kept_from_borrowing(self, library: Library) -> None:
        money, _ = Money(library, block_debt_minor=0), library.reader(ANN)

        assert money.lend(ANN).state == "ON_LOAN"


class TestProjection:
    def test_it_is_what_a_return_at_that_moment_costs(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        loan = money.lend(ANN)
        money.days_late(loan, 5)
        before = money.account(ann)

        library.write(circulation.return_copy, loan.barcode, by=ASSISTANT, zone=ZONE)

        assert before.projected_minor == money.account(ann).balance_minor == 5 * PER_DAY
        assert before.projected[0].steps[0] == "5 days late."


class TestCurrency:
    def test_it_is_chosen_before_the_first_fee_and_stays(self, library: Library, money: Money) -> None:
        ann = library.reader(ANN)
        library.write(fees.choose_currency, Currency("JPY", 0), by=LIBRARIAN)
        money.damage(ann, 500)

        kept = refused(library, fees.choose_currency, Currency("EUR", 2), by=LIBRARIAN)

        assert library.read(fees.currency) == Currency("JPY", 0)
        assert isinstance(kept, HasDependents)


class TestLossesAndReturnsThatAreUndone:
    def test_a_loss_is_charged_as_it_is_declared_and_settled_once_nothing_is_open(self, library: Library) -> None:
        money, ann = Money(library, lost_fee_minor=500), library.reader(ANN)
        money.open_till()
        loan = money.lend(ANN, price_minor=2000)
        library.write(losses.declare_lost, loan.id, by=LIBRARIAN)

        early = refused(library, losses.settle, loan.id, by=LIBRARIAN)
        money.pay(ann, 2500)

        assert (early.code, early.blockers[0].facts) == ("FEES_OPEN", {"open_minor": 2500})
        assert library.write(losses.settle, loan.id, by=LIBRARIAN).state == "SETTLED"
        assert library.broken() == []

    def test_what_was_claimed_to_be_back_was_late_until_then_and_no_longer(
        self, library: Library, money: Money
    ) -> None:
        ann, loan = library.reader(ANN), money.lend(ANN)
        money.days_late(loan, 2)
        library.write(losses.claim_returned, loan.id, by=ASSISTANT)
        money.days_late(loan, 9)

        money.back(loan)

        assert money.account(ann).balance_minor == 2 * PER_DAY

    def test_the_fine_of_a_return_that_was_none_is_taken_back_and_charged_anew(
        self, library: Library, money: Money
    ) -> None:
        ann, loan = library.reader(ANN), money.lend(ANN)
        money.days_late(loan, 2)
        money.back(loan)
        library.write(undoing.undo, loan.id, by=ASSISTANT, zone=ZONE)
        undone = money.account(ann).balance_minor
        money.days_late(loan, 4)

        money.back(loan)

        assert (undone, money.account(ann).balance_minor) == (0, 4 * PER_DAY)
        assert library.broken() == []

    def test_a_return_whose_fine_was_paid_is_not_undone(self, library: Library, money: Money) -> None:
        ann, loan = library.reader(ANN), money.lend(ANN)
        money.open_till()
        money.days_late(loan, 2)
        money.back(loan)
        money.pay(ann, 1)

        kept = refused(library, undoing.undo, loan.id, by=ASSISTANT, zone=ZONE)

        assert [blocker.code for blocker in kept.blockers] == ["FINE_PAID"]

    def test_nobody_undoes_the_return_that_they_were_fined_for(self, library: Library, money: Money) -> None:
        both = person("library:9", "library_assistant", persons=frozenset({ANN.person}))
        ann, loan = library.reader(ANN), money.lend(ANN)
        money.days_late(loan, 2)
        money.back(loan)

        kept = refused(library, undoing.undo, loan.id, by=both, zone=ZONE)

        assert [blocker.code for blocker in kept.blockers] == ["OWN_FINE"]
        assert money.account(ann).balance_minor == 2 * PER_DAY


class TestRenewALateLoan:
    def test_what_is_late_and_costs_money_is_brought_back_and_not_renewed(self, library: Library, money: Money) -> None:
        ann, loan = library.reader(ANN), money.lend(ANN)
        money.days_late(loan, 3)

        kept = refused(library, renewals.renew, loan.id, by=ANN, zone=ZONE)
        money.back(loan)

        assert [(blocker.code, blocker.override) for blocker in kept.blockers] == [("RENEWAL_LATE", "librarian")]
        assert money.account(ann).balance_minor == 3 * PER_DAY

    @pytest.mark.parametrize(("persons", "refuses"), [(frozenset(), False), (frozenset({ANN.person}), True)])
    def test_a_desk_attests_for_others_that_it_was_asked_for_in_time(
        self, library: Library, money: Money, *, persons: frozenset[str], refuses: bool
    ) -> None:
        library.reader(ANN)
        loan = money.lend(ANN)
        asked, by = library.now + timedelta(days=1), person("library:9", "library_assistant", persons=persons)
        money.days_late(loan, 3)
        late = {"renewed_at": asked, "by": by, "zone": ZONE}

        if refuses:
            assert refused(library, renewals.renew, loan.id, **late).code == "RENEWAL_LATE"
        else:
            assert library.write(renewals.renew, loan.id, **late).renewals == 1


class TestForgetting:
    def test_no_line_names_a_loan_or_its_moment_once_nothing_of_it_is_open(
        self, library: Library, money: Money
    ) -> None:
        ann, loan = library.reader(ANN), money.lend(ANN)
        money.open_till()
        money.days_late(loan, 2)
        money.back(loan)
        memory = Memory(days=1, last_borrower_days=1)
        late = {"now": library.now + timedelta(days=30), "memory": memory}
        remembered = library.read(forgetting.loans_to_forget, after=0, limit=9, **late)
        money.pay(ann, 2 * PER_DAY)

        forgotten = library.read(forgetting.loans_to_forget, after=0, limit=9, **late)
        library.write(forgetting.forget_loan, loan.id, **late)

        fine = money.account(ann).lines[-1]
        assert (remembered, forgotten) == ([], [loan.id])
        assert (fine.kind, fine.loan_id, fine.title, fine.facts, fine.at.time()) == (
            "OVERDUE",
            None,
            None,
            None,
            time(),
        )
        assert money.account(ann).balance_minor == 0
        assert library.broken() == []
