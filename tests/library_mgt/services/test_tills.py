"""Tills: opened once, counted once, and every difference with its reason."""

import pytest

from configuration.kit.days import local_day
from library_mgt.errors import DifferenceNeedsReason, TillClosed, TillNotFound, TillOpen
from library_mgt.models.request.fees import TillChange, TillClosing
from library_mgt.services import tills
from library_mgt.services.tills import TillReport
from tests.library_mgt.money import Money
from tests.library_mgt.world import ANN, ASSISTANT, LIBRARIAN, ZONE, Library


def close(library: Library, **counted: object) -> TillReport:
    return library.write(tills.close, "main", TillClosing.model_validate(counted), by=ASSISTANT, zone=ZONE)


class TestOpen:
    def test_a_till_is_opened_once(self, library: Library) -> None:
        money = Money(library)
        opened = money.open_till(5000)

        with pytest.raises(TillOpen):
            money.open_till()

        assert (opened.float_minor, opened.opened_by) == (5000, "library:2")

    def test_another_till_is_set_up_and_renamed(self, library: Library) -> None:
        for name in ("Branch", "Branch desk"):
            made = library.write(tills.keep_till, "branch", TillChange(name=name), by=LIBRARIAN)

        assert (made.name, [till.code for till in library.read(tills.listed)]) == ("Branch desk", ["branch", "main"])
        with pytest.raises(TillNotFound):
            library.write(tills.close, "nowhere", TillClosing(cash_minor=0), by=ASSISTANT, zone=ZONE)


class TestClose:
    def test_what_was_counted_is_held_against_what_went_over_it(self, library: Library) -> None:
        money, ann = Money(library), library.reader(ANN)
        money.open_till(5000)
        charge = money.damage(ann, 1000)
        money.pay(ann, 600)
        money.pay(ann, 300, method="CARD")
        money.refund(charge, 100)

        report = close(library, cash_minor=5500, card_minor=300)

        [reckoning] = report.sessions
        assert {one.method: one.expected_minor for one in reckoning.counts} == {
            "CASH": 5500, "CARD": 300, "TRANSFER": 0,
        }  # fmt: skip
        assert [(one.method, one.payments, one.refunded_minor) for one in reckoning.taken] == [
            ("CARD", 1, 0), ("CASH", 1, 100),
        ]  # fmt: skip
        assert library.broken() == []

    def test_a_difference_needs_a_reason_that_is_kept_with_it(self, library: Library) -> None:
        money = Money(library)
        money.open_till(5000)

        with pytest.raises(DifferenceNeedsReason) as refused:
            close(library, cash_minor=4990)
        report = close(library, cash_minor=4990, reason="A coin fell behind the desk")

        [blocker] = refused.value.blockers
        assert "50.00 EUR should be there; 0.10 EUR are missing" in blocker.detail
        counts = {one.method: (one.counted_minor - one.expected_minor, one.reason) for one in report.sessions[0].counts}
        assert counts["CASH"] == (-10, "A coin fell behind the desk")
        assert counts["CARD"] == (0, None)

    def test_a_till_is_closed_once_and_may_open_anew(self, library: Library) -> None:
        money = Money(library)
        money.open_till(0)
        close(library, cash_minor=0)

        with pytest.raises(TillClosed):
            close(library, cash_minor=0)
        money.open_till(100)

        report = library.read(tills.report, "main", local_day(library.now, ZONE), zone=ZONE)
        assert [one.session.float_minor for one in report.sessions] == [0, 100]
        assert library.broken() == []
