"""Renewing a loan: by its reader, or at the desk."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.security.actor import Actor
from library_mgt.domain import renewing
from library_mgt.domain.barcodes import normalised
from library_mgt.domain.calendar import NoOpenDay
from library_mgt.domain.renewing import LoanFacts
from library_mgt.domain.rules import Conditions
from library_mgt.errors import CopyNotFound, LoanNotFound
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import Override
from library_mgt.repository import copies, loans
from library_mgt.repository import facts as known
from library_mgt.services import attested, fees
from library_mgt.services.overruling import overruled
from library_mgt.services.patrons import is_own
from library_mgt.services.returns import loan_for, locked_with_reader
from library_mgt.services.trail import told


def renew(
    tx: Transaction,
    loan_id: int,
    override: Override | None = None,
    *,
    renewed_at: datetime | None = None,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> LoanView:
    """Give a loan a later due date: one's own, or anybody's at the desk.

    All blockers are told together; a librarian may overrule those that name that role, with a reason, but not for
    themselves. A loan keeps the rule it was made under. A return that was announced is off. `renewed_at` is when it was
    asked for, where the desk attests that this was before it is written down: a period from then counts from then.
    """
    loan_for(tx, loan_id, by)
    row = locked_with_reader(tx, loan_id, "ON_LOAN", "ON_LOAN")
    facts, conditions = known.for_loan(tx, loan_id, now=now, today=local_day(now, zone), zone=zone)
    due_at = _longer(facts, conditions, now if renewed_at is None else renewed_at)
    own = is_own(tx, facts.patron_id, by)
    policy = conditions.policy
    against = fees.against(tx, facts, policy, now=now, zone=zone)
    found = renewing.blockers(facts, policy, due_at=due_at, now=now, zone=zone, against=against, own=own)
    # What a desk attests for others, nobody attests for themselves: it would decide the fine.
    until = now if own or renewed_at is None else renewed_at
    if facts.due_at < until:
        found += renewing.costs_already(fees.delay_so_far(tx, loan_id, until=until, zone=zone), fees.currency(tx))
    allowed = overruled(tx, found, override, facts.patron_id, by)
    assert due_at is not None
    loans.renew(tx, loan_id, due_at=due_at, overrides=_kept(row.overrides, allowed))
    told(
        tx,
        "RENEWED",
        by=by,
        now=now,
        loan_id=loan_id,
        due_at=due_at.isoformat(),
        was_due_at=facts.due_at.isoformat(),
        overridden=allowed["codes"] if allowed else None,
    )
    return loan_for(tx, loan_id, by)


def renew_copy(
    tx: Transaction, barcode: str, *, renewed_at: datetime, by: Actor, now: datetime, zone: tzinfo
) -> LoanView:
    """Renew the loan that a scanned copy is out in, as of an earlier time; not one that was made since."""
    copy = copies.by_barcode(tx, normalised(barcode))
    if copy is None:
        raise CopyNotFound()
    if copy.loan_id is None:
        raise LoanNotFound("The copy is not on loan.")
    attested.not_before_loan(loan_for(tx, copy.loan_id, by).loaned_at, renewed_at, zone)
    return renew(tx, copy.loan_id, renewed_at=renewed_at, by=by, now=now, zone=zone)


def _longer(facts: LoanFacts, conditions: Conditions, now: datetime) -> datetime | None:
    try:
        return conditions.renewed(facts.due_at, now, until=facts.until)
    except NoOpenDay:
        return None


def _kept(before: Mapping[str, Any] | None, allowed: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What was overruled when it was lent, and at each renewal."""
    if allowed is None:
        return before
    earlier = dict(before or {})
    return {**earlier, "renewals": [*earlier.get("renewals", ()), allowed]}
