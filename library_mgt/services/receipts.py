"""The slip that a reader takes along: what was lent, renewed and given back in this visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from configuration.kit.database import Transaction
from library_mgt.domain import visits
from library_mgt.models.data.loans import LoanView
from library_mgt.models.data.patrons import PatronView
from library_mgt.repository import patrons, receipts
from library_mgt.services.patrons import patron_meant

LONGEST_VISIT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Slip:
    """A reader's visit: since when, what went out, what is kept longer, what came back."""

    patron: PatronView
    since: datetime
    lent: Sequence[LoanView]
    renewed: Sequence[LoanView]
    returned: Sequence[LoanView]


def slip(tx: Transaction, typed: str, *, now: datetime) -> Slip:
    """What the reader was lent, renewed and gave back until now, without half an hour in which nothing happened."""
    patron = patrons.by_id(tx, patron_meant(tx, typed))
    assert patron is not None
    lately = receipts.lately(tx, patron.id, now - LONGEST_VISIT)
    acts = [(loan.loaned_at, loan.renewed_at, loan.returned_at) for loan in lately]
    since = visits.begun([moment for moments in acts for moment in moments if moment is not None], now)
    out = [loan for loan in lately if loan.returned_at is None]
    return Slip(
        patron,
        since,
        [loan for loan in out if since <= loan.loaned_at],
        [loan for loan in out if loan.loaned_at < since and loan.renewed_at is not None and since <= loan.renewed_at],
        [loan for loan in lately if loan.returned_at is not None and since <= loan.returned_at],
    )
