"""SQL about what a reader was lent, gave back and kept longer lately."""

from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select

from configuration.kit.database import Instant, Statement, Transaction
from library_mgt.models.data.base import word
from library_mgt.models.data.loans import LatelyHad, circulation_event, loan
from library_mgt.repository import loans

_SINCE = bindparam("since", type_=Instant)
_undone = circulation_event.alias("undone")
_RENEWED_AT = (
    select(func.max(circulation_event.c.at, type_=Instant()))
    .where(
        circulation_event.c.loan_id == loan.c.id,
        circulation_event.c.kind == word("RENEWED"),
        circulation_event.c.at >= _SINCE,
        ~exists().where(
            _undone.c.loan_id == loan.c.id,
            _undone.c.kind == word("RENEWAL_UNDONE"),
            _undone.c.id > circulation_event.c.id,
        ),
    )
    .correlate(loan)
    .scalar_subquery()
)
_LATELY = Statement(
    loans.VIEW.add_columns(_RENEWED_AT.label("renewed_at"))
    .where(
        loan.c.patron_id == bindparam("patron_id"),
        or_(loan.c.loaned_at >= _SINCE, loan.c.returned_at >= _SINCE, _RENEWED_AT >= _SINCE),
    )
    .order_by(loan.c.id)
    .limit(500),
    LatelyHad,
)


def lately(tx: Transaction, patron_id: int, since: datetime) -> list[LatelyHad]:
    """A reader's loans that were made, ended or renewed since the instant, at most 500."""
    return tx.all(_LATELY, patron_id=patron_id, since=since)
