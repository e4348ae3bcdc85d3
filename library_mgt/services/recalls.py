"""Calling a loan back for those who wait."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from configuration.kit.security.actor import Actor
from library_mgt.domain.calendar import NoOpenDay
from library_mgt.domain.renewing import against_recall
from library_mgt.errors import refuse
from library_mgt.models.data.loans import LoanView
from library_mgt.repository import facts as known
from library_mgt.repository import loans
from library_mgt.services.returns import loan_for, locked_with_reader
from library_mgt.services.trail import told


def recall(tx: Transaction, loan_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> LoanView:
    """Bring a due date forward, once, as far as the guarantee that the loan was made with allows; the reader is told.

    All reasons against it are told together.
    """
    locked_with_reader(tx, loan_id, "ON_LOAN", "ON_LOAN")
    facts, conditions = known.for_loan(tx, loan_id, now=now, today=local_day(now, zone), zone=zone)
    found = against_recall(facts, conditions.policy)
    due_at = facts.due_at
    try:
        due_at = conditions.recalled(facts.loaned_at, facts.due_at, now)
    except NoOpenDay as closed:
        found.append(Blocker("NO_OPEN_DAY", str(closed), None, None, {"location": facts.location}))
    if found:
        raise refuse(found)
    loans.recall(tx, loan_id, due_at=due_at, now=now)
    dates = {"due_at": due_at.isoformat(), "was_due_at": facts.due_at.isoformat()}
    told(tx, "RECALLED", by=by, now=now, loan_id=loan_id, request_id=None, **dates)
    return loan_for(tx, loan_id, by)
