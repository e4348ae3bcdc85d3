"""The rules of what readers owe: for delays and losses; paid, let off and given back; and when it is too much."""

from datetime import datetime

from configuration.kit.security.actor import Actor
from tests.library_mgt.model.oracle import Charge, Loan, Oracle, Reader, Refused
from tests.library_mgt.model.rule_book import Rule


def fine_until_now(oracle: Oracle, loan: Loan) -> int:
    """What a loan that is late and still out would cost if it came back now."""
    assert loan.copy is not None
    return oracle.book.fine(loan.rule, loan.due_at, oracle.now, loan.copy.location, loan.copy.price)


def growing(oracle: Oracle, reader: Reader) -> int:
    """The same of everything the reader has that is late."""
    return sum(fine_until_now(oracle, one) for one in oracle.late(reader))


def balance(oracle: Oracle, reader: Reader) -> int:
    """What the reader owes already."""
    return sum(one.open for one in oracle.charges if one.reader is reader)


def blocks(oracle: Oracle, reader: Reader, rule: Rule) -> set[str]:
    """What the reader has to put right first: by kind."""
    owed = balance(oracle, reader) + growing(oracle, reader)
    found = {
        "manual": reader.blocked,
        "debt": owed > 0 and owed >= rule.block_debt_minor,
        "overdue": len(oracle.late(reader)) >= rule.block_overdue,
    }
    return {kind for kind, holds in found.items() if holds}


def charge_delay(oracle: Oracle, loan: Loan, late_until: datetime) -> None:
    """Once, when it comes back, under the rule that it was made under and the hours of the copy's place."""
    charged = any(one.loan is loan and one.kind == "OVERDUE" for one in oracle.charges)
    if charged or loan.copy is None or late_until <= loan.due_at:
        return
    amount = oracle.book.fine(loan.rule, loan.due_at, late_until, loan.copy.location, loan.copy.price)
    _charge(oracle, loan.reader, loan, "OVERDUE", amount)


def charge_loss(oracle: Oracle, loan: Loan) -> None:
    """The price, where it is known, and a fee."""
    assert loan.copy is not None
    _charge(oracle, loan.reader, loan, "LOST", (loan.copy.price or 0) + loan.rule.lost_fee_minor)


def charge_damage(oracle: Oracle, reader: Reader, amount: int, loan: Loan | None) -> None:
    """What the desk says, of one of the reader's own loans if it names one."""
    if loan is not None and loan.reader is not reader:
        raise Refused("LOAN_NOT_FOUND")
    _charge(oracle, reader, loan, "DAMAGE", amount)


def forgive(oracle: Oracle, loan: Loan, kind: str) -> None:
    """What is still open of it is owed no more; what was paid stays paid until a till gives it back."""
    for one in oracle.charges:
        if one.loan is loan and one.kind == kind:
            one.let_off += one.open


def open_about(oracle: Oracle, loan: Loan) -> int:
    """What is owed about a loan."""
    return sum(one.open for one in oracle.charges if one.loan is loan)


def pay(oracle: Oracle, reader: Reader, amount: int, named: Charge | None) -> None:
    """The oldest charge first, or the named one; never more than is open."""
    owed = [one for one in oracle.charges if one.reader is reader and one.open and named in (None, one)]
    if not owed:
        raise Refused("NOTHING_OPEN")
    if amount > sum(one.open for one in owed):
        raise Refused("PAYMENT_TOO_HIGH")
    _over_the_till(oracle, amount)
    for one in owed:
        part = min(amount, one.open)
        one.paid += part
        amount -= part


def waive(charge: Charge, amount: int | None, *, by: Actor) -> None:
    """Let somebody else off, part of it or all."""
    if charge.reader.actor is by:
        raise Refused("OWN_FEE")
    if not charge.open:
        raise Refused("NOTHING_OPEN")
    if (amount or 0) > charge.open:
        raise Refused("PAYMENT_TOO_HIGH")
    charge.let_off += amount or charge.open


def refund(oracle: Oracle, charge: Charge, amount: int | None, *, by: Actor) -> None:
    """Give back what was paid; it is owed no more."""
    if charge.reader.actor is by:
        raise Refused("OWN_FEE")
    if not charge.paid:
        raise Refused("NOTHING_PAID")
    back = amount or charge.paid
    if back > charge.paid:
        raise Refused("PAYMENT_TOO_HIGH")
    _over_the_till(oracle, -back)
    charge.paid -= back
    charge.let_off += back


def open_till(oracle: Oracle, begins_with: int) -> None:
    """It takes money from now on."""
    if oracle.drawer is not None:
        raise Refused("TILL_OPEN")
    oracle.drawer = begins_with


def close_till(oracle: Oracle) -> None:
    """It was counted, and nothing was missing."""
    if oracle.drawer is None:
        raise Refused("TILL_CLOSED")
    oracle.drawer = None


def _over_the_till(oracle: Oracle, amount: int) -> None:
    if oracle.drawer is None:
        raise Refused("TILL_CLOSED")
    oracle.drawer += amount
    oracle.receipts += 1


def _charge(oracle: Oracle, reader: Reader, loan: Loan | None, kind: str, amount: int) -> None:
    if amount:
        oracle.charges.append(Charge(reader, loan, kind, amount))
