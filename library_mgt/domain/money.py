"""Money: whole numbers of the smallest unit of the library's currency, and how they are said and typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ChargeKind = Literal["OVERDUE", "LOST", "DAMAGE"]
CreditKind = Literal["PAYMENT", "WAIVER"]
FeeKind = Literal["OVERDUE", "LOST", "DAMAGE", "PAYMENT", "WAIVER", "REFUND"]
Method = Literal["CASH", "CARD", "TRANSFER"]

CHARGES: tuple[ChargeKind, ...] = ("OVERDUE", "LOST", "DAMAGE")
"""What a reader owes for."""

CREDITS: tuple[CreditKind, ...] = ("PAYMENT", "WAIVER")
"""What lessens it. A refund takes a payment back."""

RECEIPTED: tuple[FeeKind, ...] = ("PAYMENT", "REFUND")
"""Money went over the counter: there is a receipt, and a till whose count it changes."""

FEE_KINDS: tuple[FeeKind, ...] = (*CHARGES, *CREDITS, "REFUND")
METHODS: tuple[Method, ...] = ("CASH", "CARD", "TRANSFER")
MOST = 10**12
"""More than anybody owes a library, in any currency."""

_TYPED = re.compile(r"(-?[0-9]{1,10})(?:[.,]([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency that every amount is in: its ISO 4217 code, and how many decimal places it has."""

    code: str
    digits: int

    def said(self, minor: int) -> str:
        """Such as *12.50 EUR*, or *1250 JPY*."""
        return f"{self.typed(minor)} {self.code}"

    def typed(self, minor: int) -> str:
        """As somebody types it: *12.50*, or *1250*."""
        whole, rest = divmod(abs(minor), 10**self.digits)
        places = f".{rest:0{self.digits}d}" if self.digits else ""
        return f"{'-' if minor < 0 else ''}{whole}{places}"

    def minor(self, typed: str) -> int | None:
        """What somebody typed, *12.5* or *-12,50*; `None` where it is no amount in this currency."""
        found = _TYPED.fullmatch(typed.strip())
        if found is None or len(found[2] or "") > self.digits:
            return None
        return int(found[1] + (found[2] or "").ljust(self.digits, "0"))


EURO = Currency("EUR", 2)
"""The currency of a library that has not chosen another."""


def shared_out(amount_minor: int, open_minor: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """How an amount covers what is open, the first line first: pairs of a line's id and its share.

    `open_minor` are pairs of a line's id and what is open on it, which together are at least the amount.
    """
    shares = []
    for line_id, still_open in open_minor:
        share = min(amount_minor, still_open)
        if share:
            shares.append((line_id, share))
            amount_minor -= share
    if amount_minor:
        raise ValueError(f"{amount_minor} more than is open")
    return shares
