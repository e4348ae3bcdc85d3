"""Renewing a loan: by its reader, or at the desk."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.security.actor import Actor
from library_mgt.domain import renewing
from library_mgt.domain.calendar import NoOpenDay
from library_mgt.domain.renewing import RenewalFacts
from library_mgt.domain.rules import Conditions
from library_mgt.domain.states import LOAN_MOVES
from library_mgt.errors import LoanNotFound, illegal
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import Override
from library_mgt.repository import facts as known
from library_mgt.repository import loans
from library_mgt.services.overruling import overruled
from library_mgt.services.requests import is_own
from library_mgt.services.returns import loan_for
from library_mgt.services.trail import told


def renew(
    tx: Transaction, loan_id: int, override: Override | None = None, *, by: Actor, now: datetime, zone: tzinfo
) -> LoanView:
    """Give a loan a later due date: one's own, or anybody's at the desk.

    All blockers are told together; a librarian may overrule those that name that role, with a reason, but not for
    themselves. A loan keeps the rule it was made under. A return that was announced is off.
    """
    seen = loan_for(tx, loan_id, by)
    if seen.patron_id is not None and seen.title_id is not None:
        known.lock_title(tx, seen.patron_id, seen.title_id)
    row = loans.locked(tx, loan_id)
    if row.state != "ON_LOAN":
        raise illegal("loan", row.state, "ON_LOAN", LOAN_MOVES[row.state])
    facts, conditions = known.for_renewal(tx, loan_id, now=now, today=local_day(now, zone), zone=zone)
    due_at = _longer(facts, conditions, now)
    own = is_own(tx, facts.patron_id, by)
    found = renewing.blockers(facts, conditions.policy, due_at=due_at, now=now, zone=zone, own=own)
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
    renewed = loans.by_id(tx, loan_id)
    if renewed is None:
        raise LoanNotFound()
    return renewed


def _longer(facts: RenewalFacts, conditions: Conditions, now: datetime) -> datetime | None:
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
