"""Money over the counter: payments, waivers, refunds, and their receipts.

Who pays is locked first and the till last: two payments at once never pay more than is open, and receipts are numbered
without gaps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.money import Currency, shared_out
from library_mgt.errors import (
    FeeNotFound,
    NothingOpen,
    NothingPaid,
    OwnFee,
    PatronNotFound,
    PaymentTooHigh,
    ReceiptNotFound,
    TillClosed,
    TillNotFound,
    refuse,
)
from library_mgt.models.data.fees import Covered, FeeLine, TillView
from library_mgt.models.request.fees import Over, PaymentCreate, RefundCreate, WaiverCreate
from library_mgt.repository import fees, patrons, policies, tills
from library_mgt.services.fees import waived
from library_mgt.services.patrons import is_own
from library_mgt.services.requests import DESK


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a reader holds in their hand: money given or got back, for what, and what is owed after it."""

    line: FeeLine
    display_name: str | None
    till_name: str
    covered: Sequence[Covered]
    balance_minor: int
    currency: Currency


def pay(tx: Transaction, patron_id: int, payment: PaymentCreate, *, by: Actor, now: datetime) -> Receipt:
    """Take money from a reader for what is open, the oldest charge first; never more than that, nor from oneself."""
    if not patrons.lock(tx, patron_id):
        raise PatronNotFound()
    if is_own(tx, patron_id, by):
        raise OwnFee("Nobody takes their own money at a till; ask a colleague.")
    said = policies.in_force(tx).currency.said
    due = _due(fees.open_charges(tx, patron_id), payment.charges)
    owed = sum(charge.open_minor for charge in due)
    if not owed:
        raise NothingOpen("Nothing is open that could be paid.")
    if payment.amount_minor > owed:
        detail = f"{said(owed)} {'are' if payment.charges is None else 'of the named charges are'} open, not more."
        facts = {"open_minor": owed}
        raise PaymentTooHigh(detail, blockers=[Blocker(PaymentTooHigh.code, detail, "/amount_minor", None, facts)])
    covers = shared_out(payment.amount_minor, [(charge.id, charge.open_minor) for charge in due])
    till = open_till(tx, payment.till)
    line_id = _over_the_counter(
        tx, till, payment, patron_id, "PAYMENT", -payment.amount_minor,
        [(charge, -share) for charge, share in covers], by=by, now=now,
    )  # fmt: skip
    audit.record(tx, "fee.paid", f"fee:{line_id}", by=by, now=now, facts={"till": till.code})
    return _receipt(tx, line_id)


def waive(tx: Transaction, charge_id: int, waiver: WaiverCreate, *, by: Actor, now: datetime) -> FeeLine:
    """Let a reader off part or all of a charge, with a reason. Never oneself."""
    charge = _charge(tx, charge_id, by)
    amount = waiver.amount_minor or charge.open_minor
    if not charge.open_minor:
        raise NothingOpen("Nothing is open of this charge.")
    if amount > charge.open_minor:
        raise _too_high(tx, charge.open_minor, "open")
    made = fees.line(tx, waived(tx, charge, amount, waiver.reason, by=by, now=now))
    assert made is not None
    return made


def refund(tx: Transaction, charge_id: int, wish: RefundCreate, *, by: Actor, now: datetime) -> Receipt:
    """Give back what was paid for a charge, or part of it, and let it be owed no more. Never to oneself."""
    charge = _charge(tx, charge_id, by)
    amount = wish.amount_minor or charge.paid_minor
    if not charge.paid_minor:
        raise NothingPaid("Nothing was paid for this charge that could be given back.")
    if amount > charge.paid_minor:
        raise _too_high(tx, charge.paid_minor, "paid")
    till = open_till(tx, wish.till)
    line_id = _over_the_counter(
        tx, till, wish, charge.patron_id, "REFUND", amount, [(charge.id, amount)],
        reason=wish.reason, by=by, now=now,
    )  # fmt: skip
    audit.record(tx, "fee.refunded", f"fee:{line_id}", by=by, now=now, facts={"till": till.code})
    waived(tx, charge, amount, wish.reason, by=by, now=now)
    return _receipt(tx, line_id)


def receipt(tx: Transaction, till: str, number: int, by: Actor) -> Receipt:
    """A receipt as staff or its own reader see it; to others it is absent."""
    line = fees.receipt(tx, till, number)
    if line is None or not (by.has(*DESK) or is_own(tx, line.patron_id, by)):
        raise ReceiptNotFound()
    return _receipt(tx, line.id)


def open_till(tx: Transaction, code: str) -> TillView:
    """The till, locked until the unit of work ends; refused while it takes no money."""
    till = tills.locked(tx, code)
    if till is None:
        raise TillNotFound(blockers=[Blocker(TillNotFound.code, TillNotFound.title, "/till")])
    if till.session_id is None:
        detail = f"{till.name} is closed. Open it with what lies in it, then take the money."
        raise TillClosed(detail, blockers=[Blocker(TillClosed.code, detail, "/till")])
    return till


def _due(open_charges: Sequence[FeeLine], named: Sequence[int] | None) -> Sequence[FeeLine]:
    """The open charges that are to be paid, oldest first; refused where one that was named is not among them."""
    if named is None:
        return open_charges
    unknown = sorted(set(named) - {charge.id for charge in open_charges})
    if unknown:
        raise refuse(
            [
                Blocker(NothingOpen.code, f"Nothing is open of charge {charge}.", "/charges", None, {"charge": charge})
                for charge in unknown
            ]
        )
    return [charge for charge in open_charges if charge.id in named]


def _charge(tx: Transaction, charge_id: int, by: Actor) -> FeeLine:
    """The charge with its reader locked, unless it is one's own."""
    seen = fees.line(tx, charge_id)
    if seen is not None:
        patrons.lock(tx, seen.patron_id)
        seen = fees.line(tx, charge_id)
    if seen is None or seen.kind not in ("OVERDUE", "LOST", "DAMAGE"):
        raise FeeNotFound()
    if is_own(tx, seen.patron_id, by):
        raise OwnFee("Nobody forgives or gives back their own fees; ask a colleague.")
    return seen


def _too_high(tx: Transaction, most: int, what: str) -> PaymentTooHigh:
    detail = f"{policies.in_force(tx).currency.said(most)} are {what} of this charge, not more."
    facts = {f"{what}_minor": most}
    return PaymentTooHigh(detail, blockers=[Blocker(PaymentTooHigh.code, detail, "/amount_minor", None, facts)])


def _over_the_counter(
    tx: Transaction,
    till: TillView,
    over: Over,
    patron_id: int,
    kind: str,
    amount_minor: int,
    covers: Iterable[tuple[int, int]],
    *,
    reason: str | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Write down money that went over a till, under its next receipt; answers the line."""
    return fees.add(
        tx,
        covers,
        patron_id=patron_id,
        kind=kind,
        amount_minor=amount_minor,
        at=now,
        made_by=by.person,
        reason=reason,
        method=over.method,
        till=till.code,
        till_session_id=till.session_id,
        receipt_number=tills.next_receipt(tx, till.code),
    )


def _receipt(tx: Transaction, line_id: int) -> Receipt:
    line = fees.line(tx, line_id)
    assert line is not None
    assert line.till is not None
    till, reader = tills.find(tx, line.till), patrons.by_id(tx, line.patron_id)
    assert till is not None
    # What is given back is owed no more: the waiver that says so stands in the ledger after this line.
    let_go = line.amount_minor if line.kind == "REFUND" else 0
    return Receipt(
        line,
        reader.display_name if reader else None,
        till.name,
        fees.covered(tx, line_id),
        fees.balance(tx, line.patron_id, after_line=line_id) - let_go,
        policies.in_force(tx).currency,
    )
