"""What readers owe: charges, what is late and still out, and what of it stands against lending.

Money that is taken, waived or given back stands in `payments`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain import fines
from library_mgt.domain.blocking import Against, Block, Debt, Reader
from library_mgt.domain.fines import Fine, Loss
from library_mgt.domain.money import Currency
from library_mgt.domain.policy import Policy
from library_mgt.errors import FeesOpen, HasDependents, LoanNotFound, PatronNotFound
from library_mgt.models.data.fees import FeeLine, LateLoan
from library_mgt.models.request.fees import DamageCreate
from library_mgt.repository import blocks, fees, loans, patrons, policies
from library_mgt.services.patrons import patron_of

NEWEST = 50
"""How many lines of a ledger are shown at once."""


@dataclass(frozen=True, slots=True)
class Projected:
    """The fine of a loan that is late and still out, were it brought back at this moment."""

    loan_id: int
    title: str | None
    due_at: datetime
    amount_minor: int
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Account:
    """A reader's side of the ledger; `open_charges` are oldest first, `lines` newest first."""

    patron_id: int
    currency: Currency
    balance_minor: int
    projected_minor: int
    threshold_minor: int
    open_charges: Sequence[FeeLine]
    projected: Sequence[Projected]
    lines: Sequence[FeeLine]


@dataclass(frozen=True, slots=True)
class Costs:
    """What a loan has cost, what it would cost were it brought back now, and what were it declared lost."""

    currency: Currency
    charges: Sequence[FeeLine]
    fine: Fine | None
    loss: Loss

    @property
    def open_minor(self) -> int:
        """What is still owed about it."""
        return sum(charge.open_minor for charge in self.charges)


def charge_overdue(
    tx: Transaction, loan_id: int, *, until: datetime, by: Actor, now: datetime, zone: tzinfo
) -> int | None:
    """Charge a loan's delay, once, when its copy came back; answers the line, `None` where nothing is to be paid.

    The fine follows from the loan, the rule that it keeps, the hours of its place and the two instants alone.
    """
    late = fees.late_loan(tx, loan_id)
    if late is None or late.patron_id is None or late.due_at >= until:
        return None
    fine = fine_of(tx, late, until=until, zone=zone)
    patrons.lock(tx, late.patron_id)
    if not fine.amount_minor or fees.has_overdue(tx, loan_id):
        return None
    return _charged(
        tx,
        late.patron_id,
        "OVERDUE",
        fine.amount_minor,
        loan_id=loan_id,
        facts={**asdict(fine), "due_at": late.due_at.isoformat(), "until": until.isoformat()},
        by=by,
        now=now,
    )


def charge_lost(tx: Transaction, loan_id: int, *, by: Actor, now: datetime) -> int | None:
    """Charge a copy that is given up for lost: its price, where that is known, and the rule's fee on top.

    A loss is charged again only after it was taken back. Answers the line, `None` where nothing is to be paid.
    """
    lost = fees.late_loan(tx, loan_id)
    if lost is None or lost.patron_id is None:
        return None
    patrons.lock(tx, lost.patron_id)
    loss = _loss(lost)
    standing = [one for one in fees.charges_of_loan(tx, loan_id) if one.kind == "LOST"]
    if not loss.amount_minor or any(one.open_minor or one.paid_minor for one in standing):
        return None
    facts, amount = asdict(loss), loss.amount_minor
    return _charged(tx, lost.patron_id, "LOST", amount, loan_id=loan_id, facts=facts, by=by, now=now)


def costs_of_loan(tx: Transaction, loan_id: int, *, late: bool, now: datetime, zone: tzinfo) -> Costs:
    """What the loan costs its reader; nothing is written. `late` says that it is out and overdue."""
    about = fees.late_loan(tx, loan_id)
    if about is None:
        raise LoanNotFound()
    fine = fine_of(tx, about, until=now, zone=zone) if late else None
    return Costs(currency(tx), fees.charges_of_loan(tx, loan_id), fine, _loss(about))


def _loss(lost: LateLoan) -> Loss:
    return Loss(lost.price_minor, Policy.kept(lost.policy).lost_fee_minor)


def charge_damage(tx: Transaction, patron_id: int, damage: DamageCreate, *, by: Actor, now: datetime) -> FeeLine:
    """Charge a reader for what came back damaged, with a reason they see; of which loan, where that is known."""
    if not patrons.lock(tx, patron_id):
        raise PatronNotFound()
    if damage.loan_id is not None:
        seen = loans.by_id(tx, damage.loan_id)
        if seen is None or seen.patron_id != patron_id:
            detail = "The reader has, or had, no such loan."
            raise LoanNotFound(detail, blockers=[Blocker(LoanNotFound.code, detail, "/loan_id")])
    amount, reason = damage.amount_minor, damage.reason
    made = _charged(tx, patron_id, "DAMAGE", amount, loan_id=damage.loan_id, reason=reason, by=by, now=now)
    return _line(tx, made)


def forgive_loss(tx: Transaction, loan_id: int, *, by: Actor, now: datetime) -> int:
    """A lost copy came back: what is still open of the loss is owed no more; answers what was paid for it.

    What was paid is not given back by a scan: that takes a till, and `payments.refund`.
    """
    lost = [one for one in fees.charges_of_loan(tx, loan_id) if one.kind == "LOST"]
    for charge in lost:
        if charge.open_minor:
            waived(tx, charge, charge.open_minor, "The copy came back.", by=by, now=now)
    return sum(charge.paid_minor for charge in lost)


def nothing_open_about(tx: Transaction, loan_id: int) -> None:
    """Refuse to settle a loan about which something is still owed."""
    owed = sum(charge.open_minor for charge in fees.charges_of_loan(tx, loan_id))
    if owed:
        detail = f"{currency(tx).said(owed)} are open about this loan. Take the money or waive it first."
        raise FeesOpen(detail, blockers=[Blocker(FeesOpen.code, detail, None, None, {"open_minor": owed})])


def against_undoing(tx: Transaction, loan_id: int, *, own: bool) -> list[Blocker]:
    """Why a return is not undone whose fine the reader has paid already, or would let themselves off."""
    charged = [charge for charge in fees.charges_of_loan(tx, loan_id) if charge.kind == "OVERDUE"]
    found: list[Blocker] = []
    if paid := sum(charge.paid_minor for charge in charged):
        detail = f"Its fine was paid, {currency(tx).said(paid)}; give that back first."
        found.append(Blocker("FINE_PAID", detail, None, None, {"paid_minor": paid}))
    if own and any(charge.open_minor for charge in charged):
        found.append(Blocker("OWN_FINE", "Its fine is your own, which nobody lets themselves off; ask a colleague."))
    return found


def undo_overdue(tx: Transaction, loan_id: int, *, by: Actor, now: datetime) -> None:
    """A return was undone: its fine is owed no more, and the next return is charged anew."""
    for charge in fees.charges_of_loan(tx, loan_id):
        if charge.kind == "OVERDUE":
            if charge.open_minor:
                waived(tx, charge, charge.open_minor, "The return was undone.", by=by, now=now)
            fees.forget(tx, charge.id, charge.at)


def waived(tx: Transaction, charge: FeeLine, amount_minor: int, reason: str, *, by: Actor, now: datetime) -> int:
    """Write down that part of a charge is owed no more; answers the line."""
    line_id = fees.add(
        tx,
        [(charge.id, -amount_minor)],
        patron_id=charge.patron_id,
        loan_id=charge.loan_id,
        kind="WAIVER",
        amount_minor=-amount_minor,
        at=now,
        made_by=by.person,
        reason=reason,
    )
    audit.record(tx, "fee.waived", f"fee:{line_id}", by=by, now=now, facts={"charge_id": charge.id})
    return line_id


def fine_of(tx: Transaction, late: LateLoan, *, until: datetime, zone: tzinfo) -> Fine:
    """The fine of a loan whose copy is out until an instant, under the rule that the loan keeps."""
    calendar = policies.in_force(tx).calendar(late.location, zone)
    return fines.explain(Policy.kept(late.policy), late.due_at, until, calendar, price_minor=late.price_minor)


def delay_so_far(tx: Transaction, loan_id: int, *, until: datetime, zone: tzinfo) -> int:
    """The fine of a loan that is out, were it brought back at an instant."""
    late = fees.late_loan(tx, loan_id)
    return fine_of(tx, late, until=until, zone=zone).amount_minor if late is not None else 0


def projected_fines(tx: Transaction, patron_id: int, *, now: datetime, zone: tzinfo) -> list[Projected]:
    """The fine of every loan that is late and still out, were it brought back now. Nothing is written."""
    found = [(late, fine_of(tx, late, until=now, zone=zone)) for late in fees.late_loans(tx, patron_id, now)]
    return [Projected(late.id, late.title, late.due_at, fine.amount_minor, fine.steps) for late, fine in found]


def against(tx: Transaction, reader: Reader, policy: Policy, *, now: datetime, zone: tzinfo) -> Against:
    """What stands against a reader beside their own row: blocks, and debts with those that grow at this moment."""
    today = local_day(now, zone)
    held = blocks.holding(tx, reader.patron_id, today=today) if reader.blocked(today) else []
    growing = projected_fines(tx, reader.patron_id, now=now, zone=zone) if reader.overdue else []
    projected = sum(one.amount_minor for one in growing)
    # Most readers owe nothing: for them nothing more is asked of the database.
    owes = reader.debt_minor or projected
    debt = Debt(reader.debt_minor, projected, policy.block_debt_minor, currency(tx)) if owes else None
    return Against([Block(one.reason, one.until) for one in held], debt)


def account(tx: Transaction, patron_id: int, *, now: datetime, zone: tzinfo, limit: int = NEWEST) -> Account:
    """What a reader owes, of what it is made, and what is growing."""
    known = patrons.by_id(tx, patron_id)
    if known is None:
        raise PatronNotFound()
    rules = policies.in_force(tx)
    growing = projected_fines(tx, patron_id, now=now, zone=zone)
    return Account(
        patron_id,
        rules.currency,
        fees.balance(tx, patron_id),
        sum(one.amount_minor for one in growing),
        rules.policy(None, known.group_code, None).block_debt_minor,
        fees.open_charges(tx, patron_id),
        growing,
        fees.page(tx, patron_id, limit=limit),
    )


def own_account(tx: Transaction, by: Actor, *, now: datetime, zone: tzinfo) -> Account:
    """The account of whoever acts; who never acted here owes nothing."""
    patron_id = patron_of(tx, by)
    if patron_id is not None:
        return account(tx, patron_id, now=now, zone=zone)
    rules = policies.in_force(tx)
    return Account(0, rules.currency, 0, 0, rules.policy(None, None, None).block_debt_minor, (), (), ())


def currency(tx: Transaction) -> Currency:
    """The currency that every amount is in."""
    return policies.in_force(tx).currency


def choose_currency(tx: Transaction, chosen: Currency, *, by: Actor, now: datetime) -> Currency:
    """Let every amount be in another currency, as long as none was ever charged."""
    if fees.any_line(tx):
        detail = "Fees were charged already; what is written in one currency is not read in another."
        raise HasDependents(detail, blockers=[Blocker(HasDependents.code, detail, "/code")])
    policies.choose_currency(tx, chosen)
    audit.record(tx, "currency.chosen", f"currency:{chosen.code}", by=by, now=now)
    return chosen


def _charged(
    tx: Transaction,
    patron_id: int,
    kind: str,
    amount_minor: int,
    *,
    loan_id: int | None,
    reason: str | None = None,
    facts: object = None,
    by: Actor,
    now: datetime,
) -> int:
    """Write a charge down."""
    line_id = fees.add(
        tx,
        patron_id=patron_id,
        loan_id=loan_id,
        kind=kind,
        amount_minor=amount_minor,
        at=now,
        made_by=by.person,
        reason=reason,
        facts=facts,
    )
    audit.record(tx, "fee.charged", f"fee:{line_id}", by=by, now=now, facts={"kind": kind})
    return line_id


def _line(tx: Transaction, line_id: int) -> FeeLine:
    found = fees.line(tx, line_id)
    assert found is not None
    return found
