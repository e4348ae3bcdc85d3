"""Fees over HTTP: who may see and settle them, once per key, with receipts."""

from typing import Any

import pytest

from library_mgt.domain.money import MOST
from tests.library_mgt.controllers.conftest import Desk
from tests.people import Someone


async def told(desk: Desk, who: Someone, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    answer = await desk.call(who, method, path, body, **headers)
    return answer.status_code, answer.json()


async def owing(desk: Desk, amount: int = 500) -> int:
    """A reader who owes; answers the charge. The till is open."""
    await desk.book(1)
    await desk.call(desk.student, "POST", "/requests", {"title_id": 1})
    await desk.call(desk.assistant, "POST", "/tills/main/open", {"float_minor": 1000})
    damage = {"amount_minor": amount, "reason": "Coffee"}
    status, line = await told(desk, desk.assistant, "POST", "/patrons/1/fees/damage", damage)
    assert status == 201, line
    charge: int = line["id"]
    return charge


class TestPay:
    async def test_the_same_payment_sent_twice_pays_once(self, desk: Desk) -> None:
        await owing(desk)
        pay = {"amount_minor": 200}

        once = await told(desk, desk.assistant, "POST", "/patrons/1/payments", pay, Idempotency_Key="k1")
        again = await told(desk, desk.assistant, "POST", "/patrons/1/payments", pay, Idempotency_Key="k1")
        _, account = await told(desk, desk.student, "GET", "/fees/mine")

        assert once == again
        assert (once[1]["number"], once[1]["amount_minor"], once[1]["balance_minor"]) == (1, 200, 300)
        assert (account["balance_minor"], account["currency"]) == (300, {"code": "EUR", "digits": 2})
        assert await desk.broken() == []

    async def test_a_receipt_is_the_readers_and_the_desks(self, desk: Desk) -> None:
        await owing(desk)
        await told(desk, desk.assistant, "POST", "/patrons/1/payments", {"amount_minor": 200})

        path = "/fees/receipts/main/1"
        mine = await told(desk, desk.student, "GET", path)
        foreign = await told(desk, desk.other, "GET", path)

        assert mine[1]["covered"] == [
            {"charge_id": 1, "kind": "DAMAGE", "amount_minor": 200, "title": None, "reason": "Coffee"}
        ]
        assert (foreign[0], foreign[1]["code"]) == (404, "RECEIPT_NOT_FOUND")

    async def test_too_much_is_refused_with_what_is_open_and_audited(self, desk: Desk) -> None:
        await owing(desk)

        status, problem = await told(desk, desk.assistant, "POST", "/patrons/1/payments", {"amount_minor": 501})

        assert (status, problem["code"]) == (409, "PAYMENT_TOO_HIGH")
        assert ("payments.pay", "patron:1") in await desk.audited("refused")


class TestPrices:
    async def test_a_copy_costs_no_more_than_the_ledger_can_add_up(self, desk: Desk) -> None:
        await desk.book(1, barcode="X1")

        assert (await told(desk, desk.librarian, "PATCH", "/copies/X1", {"price_minor": 2**63 - 1}))[0] == 422
        status, copy = await told(desk, desk.librarian, "PATCH", "/copies/X1", {"price_minor": MOST})

        assert (status, copy["price_minor"]) == (200, MOST)


class TestSettle:
    async def test_a_librarian_waives_and_gives_back_and_an_assistant_may_not(self, desk: Desk) -> None:
        charge = await owing(desk)
        await told(desk, desk.assistant, "POST", "/patrons/1/payments", {"amount_minor": 200})
        waive = {"reason": "The lift was broken"}

        refused = await told(desk, desk.assistant, "POST", f"/fees/{charge}/waive", waive)
        waived = await told(desk, desk.librarian, "POST", f"/fees/{charge}/waive", waive)
        refund = await told(desk, desk.librarian, "POST", f"/fees/{charge}/refund", {"reason": "Our mistake"})

        assert refused[0] == 403
        assert (waived[0], waived[1]["amount_minor"]) == (201, -300)
        assert (refund[0], refund[1]["amount_minor"], refund[1]["kind"]) == (201, -200, "REFUND")
        assert await desk.broken() == []

    async def test_who_owes_nothing_sees_an_empty_account(self, desk: Desk) -> None:
        status, account = await told(desk, desk.other, "GET", "/fees/mine")

        assert (status, account["balance_minor"], account["lines"]) == (200, 0, [])


class TestTills:
    async def test_a_till_is_counted_once_and_reported(self, desk: Desk) -> None:
        await owing(desk)
        await told(desk, desk.assistant, "POST", "/patrons/1/payments", {"amount_minor": 200})

        short = await told(desk, desk.assistant, "POST", "/tills/main/close", {"cash_minor": 1100})
        closed = await told(
            desk, desk.assistant, "POST", "/tills/main/close", {"cash_minor": 1100, "reason": "A coin was foreign"}
        )
        again = await told(desk, desk.assistant, "POST", "/tills/main/close", {"cash_minor": 1100})
        report = await told(desk, desk.assistant, "GET", "/tills/main/report")

        assert (short[0], short[1]["code"]) == (422, "DIFFERENCE_NEEDS_REASON")
        assert closed[0] == 200
        assert (again[0], again[1]["code"]) == (409, "TILL_CLOSED")
        assert report[1]["sessions"][0]["expected"]["CASH"] == 1200
        assert (await told(desk, desk.assistant, "GET", "/tills"))[1][0]["session_id"] is None

    @pytest.mark.parametrize("path", ["/tills/main/report", "/desk/tills"])
    async def test_there_is_no_report_of_the_last_day_that_can_be_named(self, desk: Desk, path: str) -> None:
        assert (await desk.call(desk.assistant, "GET", f"{path}?day=9999-12-31")).status_code == 422
        assert (await desk.call(desk.assistant, "GET", f"{path}?day=0001-01-01")).status_code == 200


class TestSettings:
    async def test_a_currency_is_one_of_iso_4217_and_chosen_before_the_first_fee(self, desk: Desk) -> None:
        assert (await told(desk, desk.librarian, "PUT", "/currency", {"code": "XQZ"}))[0] == 422
        chosen = await told(desk, desk.librarian, "PUT", "/currency", {"code": "JPY"})
        assert chosen == (200, {"code": "JPY", "digits": 0})
        await owing(desk)
        assert (await told(desk, desk.librarian, "PUT", "/currency", {"code": "EUR"}))[0] == 409
        assert (await told(desk, desk.assistant, "GET", "/currency"))[1]["code"] == "JPY"

    async def test_groups_and_tills_are_kept_by_librarians(self, desk: Desk) -> None:
        till = {"name": "Branch desk"}

        assert (await told(desk, desk.assistant, "PUT", "/tills/branch", till))[0] == 403
        assert (await told(desk, desk.librarian, "PUT", "/tills/branch", till))[1]["name"] == "Branch desk"
        assert (await told(desk, desk.librarian, "PUT", "/tills/b", {"name": "B", "location": "moon"}))[0] == 422
        assert (await told(desk, desk.librarian, "PUT", "/patron-groups/alumni", {"name": "Alumni"}))[0] == 200
        groups = (await told(desk, desk.assistant, "GET", "/patron-groups"))[1]
        assert {"code": "alumni", "name": "Alumni"} in groups
