"""The slip that a reader takes along: what was lent and given back in this visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from configuration.kit.database import Transaction
from library_mgt.domain import visits
from library_mgt.models.data.loans import LoanView
from library_mgt.models.data.patrons import PatronView
from library_mgt.repository import receipts
from library_mgt.services.patrons import patron_meant, patron_record

LONGEST_VISIT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Slip:
    """A reader's visit: since when, what went out, what came back."""

    patron: PatronView
    since: datetime
    lent: Sequence[LoanView]
    returned: Sequence[LoanView]


def slip(tx: Transaction, typed: str, *, now: datetime) -> Slip:
    """What the reader was lent and gave back until now, without half an hour in which nothing happened."""
    patron = patron_record(tx, patron_meant(tx, typed)).patron
    lately = receipts.lately(tx, patron.id, now - LONGEST_VISIT)
    moments = [moment for loan in lately for moment in (loan.loaned_at, loan.returned_at) if moment is not None]
    since = visits.begun(moments, now)
    return Slip(
        patron,
        since,
        [loan for loan in lately if loan.returned_at is None and since <= loan.loaned_at],
        [loan for loan in lately if loan.returned_at is not None and since <= loan.returned_at],
    )
