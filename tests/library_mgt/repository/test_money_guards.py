"""What the database itself forbids of money, and what its audit finds when the guards are gone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update

from configuration.kit.errors import Refusal
from library_mgt.models.data.fees import fee_allocation, fee_line, till_count, till_session
from library_mgt.models.request.fees import TillClosing
from library_mgt.repository.money_invariants import MONEY
from library_mgt.services import tills
from tests.library_mgt.money import Money
from tests.library_mgt.world import ANN, ASSISTANT, BEN, ZONE, Library, sql

TABLES = ("fee_line", "fee_allocation", "till_session", "till_count")


@pytest.fixture
def settled(library: Library) -> Library:
    """A fine of 150 cents (line 1), paid half (2); damage of 500 (3), let off by 100 (4); the till closed.

    Ben owes 100 (5) and has paid 20 of it (6) over the till that was opened anew.
    """
    money, ann, ben = Money(library), library.reader(ANN), library.reader(BEN)
    money.open_till(0)
    loan = money.lend(ANN)
    money.days_late(loan, 3)
    money.back(loan)
    money.pay(ann, 75)
    money.waive(money.damage(ann, 500), 100)
    library.write(tills.close, "main", TillClosing(cash_minor=75), by=ASSISTANT, zone=ZONE)
    money.open_till(0)
    money.damage(ben, 100)
    money.pay(ben, 20)
    assert library.broken() == []
    return library


def refused(library: Library, statement: Any) -> str:
    with pytest.raises(Exception, match=r"append-only|is closed|closed once|more than is open") as caught:
        sql(library, statement)
    assert library.broken() == []
    return str(caught.value)


def unguard(library: Library) -> None:
    if library.database.dialect == "postgresql":
        for table in TABLES:
            sql(library, text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for trigger in (
        "fee_line_no_delete", "fee_line_no_update", "fee_line_is_of_an_open_till", "fee_allocation_no_update",
        "fee_allocation_no_delete", "fee_allocation_fits_the_charge", "till_session_no_delete",
        "till_session_closes_once", "till_count_no_update", "till_count_no_delete",
    ):  # fmt: skip
        sql(library, text(f"DROP TRIGGER {trigger}"))


FITS_NOT = [(2, 3, -401), (4, 1, -76), (4, 5, 1), (2, 5, -81), (2, 4, -1)]


class TestGuards:
    @pytest.mark.parametrize("table", [fee_line, fee_allocation, till_count])
    def test_the_ledger_and_the_counts_are_never_rewritten(self, settled: Library, table: Any) -> None:
        amount = table.c.counted_minor if table is till_count else table.c.amount_minor

        assert "append-only" in refused(settled, delete(table))
        assert "append-only" in refused(settled, update(table).values({amount: 7}))

    def test_a_line_forgets_its_loan_with_the_words_and_the_moment_or_stays_as_it_is(self, settled: Library) -> None:
        fine, waiver = (update(fee_line).where(fee_line.c.id == line) for line in (1, 4))
        forgotten = {"loan_id": None, "facts": None}

        assert "append-only" in refused(settled, fine.values(reason="Other words"))
        assert "append-only" in refused(settled, waiver.values(loan_id=1))
        assert "append-only" in refused(settled, fine.values(loan_id=None))
        assert "append-only" in refused(settled, fine.values(**forgotten, at=settled.now))
        assert "append-only" in refused(settled, waiver.values(**forgotten, reason="Other words"))

        sql(settled, fine.values(**forgotten, at=settled.now - timedelta(days=60)))
        sql(settled, waiver.values(**forgotten, reason=""))

        assert settled.broken() == []

    @pytest.mark.parametrize(("line", "charge", "amount"), FITS_NOT)
    def test_more_than_is_open_fits_no_charge(self, settled: Library, line: int, charge: int, amount: int) -> None:
        more = insert(fee_allocation).values(line_id=line, charge_id=charge, amount_minor=amount)

        assert "more than is open" in refused(settled, more)

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"kind": "'WAIVER'", "amount_minor": "5"}, "ck_fee_line_sign_of_kind"),
            ({"kind": "'DAMAGE'", "amount_minor": "-5"}, "ck_fee_line_sign_of_kind"),
            ({"kind": "'REFUND'", "amount_minor": "5"}, "ck_fee_line_money_has_receipt"),
            ({"kind": "'WAIVER'", "amount_minor": "-5", "reason": "NULL"}, "ck_fee_line_says_why"),
            ({"kind": "'OVERDUE'", "loan_id": "1"}, "fee_line"),
            ({"till": "'main'"}, "ck_fee_line_receipt_is_whole"),
        ],
    )
    def test_a_line_that_says_too_little_or_the_wrong_sign(
        self, settled: Library, changed: dict[str, str], rule: str
    ) -> None:
        values = {
            "patron_id": "1",
            "kind": "'DAMAGE'",
            "amount_minor": "5",
            "reason": "'x'",
            "made_by": "'y'",
        } | changed
        names = ", ".join(values)
        line = f"INSERT INTO fee_line ({names}, at) SELECT {', '.join(values.values())}, at FROM fee_line WHERE id = 1"

        with pytest.raises(Exception, match=rule):
            sql(settled, text(line))

    def test_no_money_goes_over_a_closed_till_which_closes_once(self, settled: Library) -> None:
        late = (
            "INSERT INTO fee_line (patron_id, kind, amount_minor, at, made_by, method, till, till_session_id, "
            "receipt_number) SELECT 1, 'PAYMENT', -5, at, 'x', 'CASH', 'main', 1, 9 FROM fee_line WHERE id = 1"
        )
        again = update(till_session).where(till_session.c.id == 1).values(closed_by="another")

        assert "the till is closed" in refused(settled, text(late))
        assert "closed once" in refused(settled, again)
        assert "closed once" in refused(settled, delete(till_session))

    def test_a_till_has_one_open_session(self, settled: Library) -> None:
        second = (
            "INSERT INTO till_session (till, opened_at, opened_by, float_minor) "
            "SELECT till, opened_at, opened_by, 0 FROM till_session WHERE id = 2"
        )

        with pytest.raises(Refusal) as caught:
            sql(settled, text(second))

        assert caught.value.code == "TILL_OPEN"


PLANTED = {
    "fees_sum_to_balance": ["UPDATE fee_line SET amount_minor = -70 WHERE id = 2"],
    "charges_within_bounds": ["UPDATE fee_allocation SET amount_minor = -160 WHERE line_id = 2"],
    "lines_cover_their_amount": ["UPDATE fee_allocation SET amount_minor = -70 WHERE line_id = 2"],
    "money_stays_with_its_reader": ["UPDATE fee_line SET patron_id = 2 WHERE id = 2"],
    "overdue_fee_capped": ["UPDATE fee_line SET amount_minor = 1001 WHERE id = 1"],
    "receipts_without_gaps": ["UPDATE fee_line SET receipt_number = 3 WHERE id = 6"],
    "till_counts_are_true": ["UPDATE till_count SET expected_minor = 80, reason = 'x' WHERE method = 'CASH'"],
    "closed_tills_are_counted": ["DELETE FROM till_count WHERE method = 'CARD'"],
    "money_while_the_till_is_open": [
        "UPDATE fee_line SET at = (SELECT opened_at FROM till_session WHERE id = 2) WHERE id = 2",
    ],
}  # fmt: skip


class TestAudit:
    @pytest.mark.parametrize("name", sorted(PLANTED))
    def test_each_truth_is_missed_when_it_is_broken(self, settled: Library, name: str) -> None:
        unguard(settled)

        for planted in PLANTED[name]:
            sql(settled, text(planted))

        assert name in settled.broken()

    def test_every_truth_about_money_has_been_broken_here(self) -> None:
        assert {name for name, *_ in MONEY} == set(PLANTED)
