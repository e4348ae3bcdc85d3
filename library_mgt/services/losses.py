"""Copies that do not come back: claimed to have been returned, declared lost, settled.

What a reader owes for it is written by the ledger in the same unit; a copy that turns up again stands in `returns`.
"""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.security.actor import Actor
from library_mgt.domain.states import LoanState
from library_mgt.models.data.loans import LoanView
from library_mgt.repository import copies, loans
from library_mgt.services import fees
from library_mgt.services.requests import not_own
from library_mgt.services.returns import loan_for, locked_with_reader
from library_mgt.services.trail import told


def claim_returned(tx: Transaction, loan_id: int, *, by: Actor, now: datetime) -> LoanView:
    """Note that the reader says it was brought back, until it is found or given up for lost.

    Never one's own word for one's own loan: its delay counts no more from then on.
    """
    row = locked_with_reader(tx, loan_id, "CLAIMED_RETURNED", "ON_LOAN")
    not_own(tx, row.patron_id, by)
    return _moved(tx, loan_id, "CLAIMED_RETURNED", "CLAIMED_RETURNED", by=by, now=now)


def declare_lost(tx: Transaction, loan_id: int, *, by: Actor, now: datetime) -> LoanView:
    """Give a copy up for lost, which its reader has to answer for. Never one's own loan."""
    row = locked_with_reader(tx, loan_id, "LOST", "ON_LOAN", "CLAIMED_RETURNED")
    not_own(tx, row.patron_id, by)
    copies.set_status(tx, row.copy_id, "LOST", now=now)
    lost = _moved(tx, loan_id, "LOST", "DECLARED_LOST", by=by, now=now)
    fees.charge_lost(tx, loan_id, by=by, now=now)
    return lost


def settle(tx: Transaction, loan_id: int, *, by: Actor, now: datetime) -> LoanView:
    """End the loan of a lost copy, once what was owed for it is paid or let go. Never one's own."""
    row = locked_with_reader(tx, loan_id, "SETTLED", "LOST")
    not_own(tx, row.patron_id, by)
    fees.nothing_open_about(tx, loan_id)
    return _moved(tx, loan_id, "SETTLED", "SETTLED", by=by, now=now)


def _moved(tx: Transaction, loan_id: int, state: LoanState, kind: str, *, by: Actor, now: datetime) -> LoanView:
    loans.move(tx, loan_id, state)
    told(tx, kind, by=by, now=now, loan_id=loan_id)
    return loan_for(tx, loan_id, by)
