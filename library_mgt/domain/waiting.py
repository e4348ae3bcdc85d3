"""How long a request will wait, by what is known: when copies are due, and how long each reader may keep one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from heapq import heapify, heapreplace

from configuration.kit.days import local_day
from library_mgt.domain.policy import Policy
from library_mgt.domain.states import CopyStatus, LoanState, RequestState

NEVER = date.max
KEPT_AT_LEAST = 2
"""At the earliest a reader is done after one part in so many of the time that the rule allows: most bring a copy back
before it is due. `docs/library-year.md` has the measurements."""
MOST_COPIES = 20
"""More copies than these nobody buys for one queue."""


@dataclass(frozen=True, slots=True)
class Supply:
    """A copy that a queue is served with: whether it is out, and until when; or set aside, and until when it is kept.

    `loan_days` and `pickup_days` are how long whoever gets it next may keep it, and may take to fetch it.
    """

    status: CopyStatus
    loan_state: LoanState | None
    due: date | None
    aside: RequestState | None
    kept_until: date | None
    loan_days: int
    pickup_days: int


@dataclass(frozen=True, slots=True)
class Wait:
    """What a reader may expect: the place in the queue, how many copies serve it, and between which days.

    Without `earliest` nobody knows: there is no copy that comes back. Without `latest` nobody knows until when: as many
    copies as are needed are overdue.
    """

    position: int
    copies: int
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class _Coming:
    """When a copy is free next, at the earliest and at the latest."""

    earliest: date
    latest: date
    loan_days: int
    pickup_days: int


def expected(position: int, supplies: Iterable[Supply], today: date) -> Wait:
    """When the reader at that place, from 1, gets a copy.

    At the latest, copies come back when they are due, and each reader ahead fetches a copy on the last day and keeps it
    as long as the rule allows, for nobody renews what others wait for. At the earliest, each of them fetches it at once
    and keeps it for half of that. A copy that is overdue may come today, and nobody knows when at the latest.
    """
    coming = [one for supply in supplies if (one := _coming(supply, today)) is not None]
    if not coming:
        return Wait(position, 0, None, None)
    earliest = _served(position, [(one.earliest, _quickly(one.loan_days)) for one in coming])
    latest = _served(position, [(one.latest, one.pickup_days + one.loan_days) for one in coming])
    return Wait(position, len(coming), earliest, None if latest == NEVER else latest)


def copies_needed(position: int, supplies: Sequence[Supply], new: Supply, today: date, within: timedelta) -> int:
    """How many more copies like the new one would bring that place its turn in time; at most `MOST_COPIES`."""
    for more in range(MOST_COPIES):
        latest = expected(position, [*supplies, *[new] * more], today).latest
        if latest is not None and latest <= today + within:
            return more
    return MOST_COPIES


def days_kept(policy: Policy) -> int:
    """For how many days a reader keeps a copy, whole days at least."""
    return policy.loan_period if policy.loan_unit == "days" else max(1, -(-policy.loan_period // 24))


def supply(
    status: CopyStatus,
    policy: Policy,
    zone: tzinfo,
    *,
    loan_state: LoanState | None,
    due_at: datetime | None,
    aside: RequestState | None,
    ready_until: datetime | None,
) -> Supply:
    """A copy as the queue sees it, its instants as days."""
    due = local_day(due_at, zone) if due_at else None
    kept = local_day(ready_until, zone) if ready_until else None
    return Supply(status, loan_state, due, aside, kept, days_kept(policy), policy.pickup_days)


def on_the_shelf(policy: Policy) -> Supply:
    """A copy that nobody has yet, lent under the rule."""
    return Supply("IN_SERVICE", None, None, None, None, days_kept(policy), policy.pickup_days)


def _coming(one: Supply, today: date) -> _Coming | None:
    """When a copy is free next; `None` when it is not to be counted on: lost, mended, on order."""
    if one.status != "IN_SERVICE" and one.loan_state is None:
        return None
    if one.loan_state is not None:
        if one.loan_state == "LOST" or one.due is None:
            return None
        late = one.loan_state == "CLAIMED_RETURNED" or one.due < today
        left = timedelta(days=one.loan_days - _quickly(one.loan_days))
        earliest, latest = (today, NEVER) if late else (max(today, one.due - left), one.due)
    elif one.aside is not None:
        fetched = max(today, one.kept_until or today + timedelta(days=one.pickup_days))
        quick, whole = timedelta(days=_quickly(one.loan_days)), timedelta(days=one.loan_days)
        earliest, latest = today + quick, fetched + whole
    else:
        earliest = latest = today
    return _Coming(earliest, latest, one.loan_days, one.pickup_days)


def _quickly(loan_days: int) -> int:
    """For how many days a reader keeps a copy at the least."""
    return -(-loan_days // KEPT_AT_LEAST)


def _served(position: int, copies: Sequence[tuple[date, int]]) -> date:
    """The day on which the reader at that place gets the copy that is free first."""
    queue = [(free, place, days) for place, (free, days) in enumerate(copies)]
    heapify(queue)
    for _ in range(position - 1):
        free, place, days = queue[0]
        heapreplace(queue, (_later(free, days), place, days))
    return queue[0][0]


def _later(day: date, days: int) -> date:
    return NEVER if NEVER - day < timedelta(days=days) else day + timedelta(days=days)
