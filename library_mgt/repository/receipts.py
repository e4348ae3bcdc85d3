"""SQL about what a reader was lent and gave back lately."""

from datetime import datetime

from sqlalchemy import bindparam, or_

from configuration.kit.database import Instant, Statement, Transaction
from library_mgt.models.data.loans import LoanView, loan
from library_mgt.repository import loans

_SINCE = bindparam("since", type_=Instant)
_LATELY = Statement(
    loans.VIEW.where(
        loan.c.patron_id == bindparam("patron_id"), or_(loan.c.loaned_at >= _SINCE, loan.c.returned_at >= _SINCE)
    )
    .order_by(loan.c.id)
    .limit(500),
    LoanView,
)


def lately(tx: Transaction, patron_id: int, since: datetime) -> list[LoanView]:
    """A reader's loans that were made or ended since the instant, at most 500."""
    return tx.all(_LATELY, patron_id=patron_id, since=since)
