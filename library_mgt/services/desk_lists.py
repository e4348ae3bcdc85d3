"""Lists that a desk works through, page by page."""

from datetime import UTC, datetime, timedelta, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day, start_of_day
from library_mgt.models.data.copies import AwayCopy
from library_mgt.models.data.loans import LoanView, LongOverdue
from library_mgt.models.data.requests import RequestView
from library_mgt.models.data.shelf import Leftover
from library_mgt.repository import desk_lists

FIRST_MARK = ("", "", 0)
_ALMOST = timedelta(hours=26)
"""More than a day and the hour that a clock may be put forward."""
FIRST_TIME = (datetime.min.replace(tzinfo=UTC), 0)


def to_pull(tx: Transaction, *, after: tuple[str, str, int] = FIRST_MARK, limit: int = 50) -> list[RequestView]:
    """Requests whose copies stand on their shelves, along the shelves."""
    return desk_lists.to_pull(tx, after=after, limit=limit)


def on_hold_shelf(tx: Transaction, *, after: tuple[datetime, int] = FIRST_TIME, limit: int = 50) -> list[RequestView]:
    """Requests whose copies are kept for their readers, those that end first before the others."""
    return desk_lists.on_hold_shelf(tx, after=after, limit=limit)


def left_on_shelf(tx: Transaction, *, after: int = 0, limit: int = 50) -> list[Leftover]:
    """Copies that lie on the hold shelf for nobody."""
    return desk_lists.left_on_shelf(tx, after=after, limit=limit)


def overdue(
    tx: Transaction,
    *,
    days: int = 0,
    after: tuple[datetime, int] = FIRST_TIME,
    limit: int = 50,
    now: datetime,
    zone: tzinfo,
) -> list[LoanView]:
    """Loans overdue by at least that many days of the library's calendar, the longest first; 0 is any lateness."""
    before = start_of_day(local_day(now, zone) - timedelta(days=days - 1), zone) if days else now
    return desk_lists.overdue(tx, before=before, after=after, limit=limit)


def counting_as_lost(
    tx: Transaction, *, after: tuple[datetime, int] = FIRST_TIME, limit: int = 50, now: datetime, zone: tzinfo
) -> list[LongOverdue]:
    """Loans overdue by as many days of the calendar as the rule that they keep says, the longest first."""
    today, found = local_day(now, zone), list[LongOverdue]()
    while len(found) < limit:
        # The database counts in spans of 24 hours: it finds somewhat too many, and the calendar decides.
        seen = desk_lists.long_overdue(tx, by=now + _ALMOST, after=after, limit=limit)
        found += [one for one in seen if (today - local_day(one.due_at, zone)).days >= one.lost_after_days]
        if len(seen) < limit:
            break
        after = (seen[-1].due_at, seen[-1].id)
    return found[:limit]


def missing(tx: Transaction, *, after: tuple[str, str, int] = FIRST_MARK, limit: int = 50) -> list[AwayCopy]:
    """Copies that nobody found, along the shelves."""
    return desk_lists.away(tx, "MISSING", after=after, limit=limit)


def in_repair(tx: Transaction, *, after: tuple[str, str, int] = FIRST_MARK, limit: int = 50) -> list[AwayCopy]:
    """Copies at the binder's or the mender's."""
    return desk_lists.away(tx, "IN_REPAIR", after=after, limit=limit)
