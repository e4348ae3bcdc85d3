"""Amounts as they are said, typed and shared out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.money import EURO, Currency, shared_out

YEN, DINAR = Currency("JPY", 0), Currency("KWD", 3)


class TestCurrency:
    @pytest.mark.parametrize(
        ("currency", "minor", "said"),
        [
            (EURO, 1250, "12.50 EUR"), (EURO, 5, "0.05 EUR"), (EURO, -120, "-1.20 EUR"), (YEN, 1250, "1250 JPY"),
            (DINAR, 1250, "1.250 KWD"),
        ],
    )  # fmt: skip
    def test_it_is_said_with_its_own_places(self, currency: Currency, minor: int, said: str) -> None:
        assert currency.said(minor) == said

    @pytest.mark.parametrize(
        ("currency", "typed", "minor"),
        [
            (EURO, "12.5", 1250), (EURO, " 12,50 ", 1250), (EURO, "12", 1200), (EURO, "0.05", 5), (YEN, "12", 12),
            (DINAR, "1.25", 1250), (EURO, "12.505", None), (YEN, "1.5", None),
            (EURO, "-3", -300), (EURO, "-0.50", -50), (EURO, "--3", None), (EURO, "", None),
            (EURO, "1,000.00", None), (EURO, "a", None),
        ],
    )  # fmt: skip
    def test_it_is_typed_as_people_write_it_or_not_understood(
        self, currency: Currency, typed: str, minor: int | None
    ) -> None:
        assert currency.minor(typed) == minor


class TestSharedOut:
    @given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8), st.data())
    def test_it_covers_the_amount_the_first_before_the_next(self, still_open: list[int], data: st.DataObject) -> None:
        amount = data.draw(st.integers(1, sum(still_open)))
        lines = list(enumerate(still_open, 1))

        shares = shared_out(amount, lines)

        assert sum(share for _, share in shares) == amount
        assert [line for line, _ in shares] == list(range(1, len(shares) + 1))
        assert [share for _, share in shares[:-1]] == still_open[: len(shares) - 1]
        assert shares[-1][1] <= still_open[len(shares) - 1]

    def test_more_than_is_open_is_a_fault_of_the_program(self) -> None:
        with pytest.raises(ValueError, match="1 more"):
            shared_out(6, [(1, 2), (2, 3)])
