"""Explaining a loan or a request to its reader and to the desk."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.security.actor import Actor
from library_mgt.domain import explaining
from library_mgt.domain.explaining import Reason
from library_mgt.repository import events, loans
from library_mgt.services import returns, waiting


def explain_loan(tx: Transaction, loan_id: int, by: Actor, *, zone: tzinfo) -> list[Reason]:
    """Why a loan is where it is and due when it is due: one's own, or anybody's at the desk."""
    loan = returns.loan_for(tx, loan_id, by)
    return explaining.of_loan(
        loan.state,
        events.of_loan(tx, loan_id),
        loans.rule_kept(tx, loan_id),
        loaned_at=loan.loaned_at,
        original_due_at=loan.original_due_at,
        due_at=loan.due_at,
        overruled=(loan.overrides or {}).get("codes", ()),
        zone=zone,
    )


def explain_request(tx: Transaction, request_id: int, by: Actor, *, now: datetime, zone: tzinfo) -> list[Reason]:
    """Why a request is where it is: one's own, or anybody's at the desk."""
    found = waiting.request_for(tx, request_id, by, now=now, zone=zone)
    return explaining.of_request(
        found.state,
        events.of_request(tx, request_id),
        position=found.position,
        copies=found.wait.copies if found.wait else None,
        ready_until=found.ready_until,
        reason=found.reason,
    )
