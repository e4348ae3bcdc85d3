"""Whether a copy may be lent to a reader, and until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from configuration.kit.errors import Blocker
from library_mgt.domain.blocking import NOTHING, OVERRIDE, Against, Reader, counted, reader_blockers
from library_mgt.domain.calendar import Calendar
from library_mgt.domain.policy import Policy
from library_mgt.domain.states import GONE, CopyStatus, RequestState


@dataclass(frozen=True, slots=True)
class CheckoutFacts(Reader):
    """All that decides a checkout, read in one query after the rows were locked.

    `live_loan_id` and `live_loan_patron_id` are the copy's, `assigned_*` the request it is set aside for, `own_*` this
    reader's open request for the same title and part.
    """

    person: str | None
    display_name: str | None
    group_code: str
    live_loans: int
    has_title: bool
    copy_id: int
    barcode: str | None
    status: CopyStatus
    loanable_type: bool
    location: str
    item_type: str
    title_id: int
    number: int | None
    title: str
    part: str
    live_loan_id: int | None
    live_loan_patron_id: int | None
    assigned_id: int | None
    assigned_patron_id: int | None
    own_id: int | None
    own_state: RequestState | None
    own_copy_id: int | None


def blockers(
    facts: CheckoutFacts,
    policy: Policy,
    *,
    now: datetime,
    zone: tzinfo,
    may_approve: bool,
    against: Against = NOTHING,
) -> list[Blocker]:
    """Every reason against lending, in the order a person would tell them; none means it may be lent."""
    return [
        *reader_blockers(facts, policy.block_overdue, now=now, zone=zone, lending=True, against=against),
        *_limit(facts, policy),
        *_copy(facts, policy),
        *_requests(facts, may_approve),
    ]


def due(
    policy: Policy,
    loaned_at: datetime,
    calendar: Calendar,
    *,
    term_end: date | None = None,
    until: date | None = None,
) -> datetime:
    """When a loan made now is due: an instant after `loaned_at`, at the end of a local day, on the hour or at closing.

    The period leads to a day, the rule for closed days may move it, and neither the end of the term nor the reader's
    leaving (`until`) may be passed; where the rule moves days, the day is open. Only when no open day is left before
    those ends is it the first open one after them: nobody can bring a copy back to a closed door. A renewal is counted
    the same from where it begins, with `replace(policy, loan_period=policy.renewal_period)`. Raises `NoOpenDay`.
    """
    if policy.loan_unit == "close":
        wanted = _closing(policy.loan_period, loaned_at, calendar)
    elif policy.loan_unit == "hours":
        wanted = loaned_at + timedelta(hours=policy.loan_period)
    else:
        wanted = calendar.end_of(calendar.day_of(loaned_at) + timedelta(days=policy.loan_period))
    last = min((end for end in (term_end, until) if end is not None), default=None)
    day = calendar.day_of(wanted)
    chosen = _moved(policy, day, calendar)
    if last is not None and chosen > last:
        chosen = last if policy.closed_days == "KEEP" else calendar.previous_open(last)
    at = wanted if chosen == day else _end(policy, chosen, calendar)
    return at if at > loaned_at else _first_end(policy, loaned_at, calendar)


def _moved(policy: Policy, day: date, calendar: Calendar) -> date:
    """Where the rule for closed days moves a day."""
    match policy.closed_days:
        case "PREVIOUS_OPEN":
            return calendar.previous_open(day)
        case "NEXT_OPEN":
            return calendar.next_open(day)
        case "NEXT_SAME_WEEKDAY":
            return calendar.same_weekday_open(day)
        case "KEEP":
            return day


def _end(policy: Policy, day: date, calendar: Calendar) -> datetime:
    """When a loan that is due on that day is due: by the hour it is at closing, else with the day."""
    return calendar.end_of(day) if policy.loan_unit == "days" else calendar.closing(day) or calendar.end_of(day)


def _first_end(policy: Policy, loaned_at: datetime, calendar: Calendar) -> datetime:
    """The first end of a day, an open one where the rule moves days, that lies after the loan."""
    day = calendar.day_of(loaned_at)
    while True:
        day = day if policy.closed_days == "KEEP" else calendar.next_open(day)
        if (at := _end(policy, day, calendar)) > loaned_at:
            return at
        day += timedelta(days=1)


def _closing(count: int, loaned_at: datetime, calendar: Calendar) -> datetime:
    """The `count`-th closing after an instant."""
    at, day = loaned_at, calendar.day_of(loaned_at)
    while count:
        day = calendar.next_open(day)
        at = calendar.closing(day) or calendar.end_of(day)
        count -= at > loaned_at
        day += timedelta(days=1)
    return at


def _limit(facts: CheckoutFacts, policy: Policy) -> list[Blocker]:
    if facts.live_loans < policy.max_loans:
        return []
    detail = f"The reader has {counted(facts.live_loans, 'loan')}; {policy.max_loans} are allowed."
    counts = {"loans": facts.live_loans, "limit": policy.max_loans}
    return [Blocker("LOAN_LIMIT_REACHED", detail, "/patron", OVERRIDE, counts)]


def _copy(facts: CheckoutFacts, policy: Policy) -> list[Blocker]:
    found: list[Blocker] = []
    if facts.live_loan_id is not None:
        theirs = facts.live_loan_patron_id == facts.patron_id
        detail = f"The copy is on loan to {'this reader' if theirs else 'somebody'}; take it back first."
        told = {"loan_id": facts.live_loan_id, "to_this_reader": theirs}
        found.append(Blocker("COPY_ALREADY_ON_LOAN", detail, "/barcode", None, told))
    if facts.has_title and facts.live_loan_patron_id != facts.patron_id:
        detail = "The reader has another copy of this title on loan."
        found.append(Blocker("TITLE_ALREADY_ON_LOAN_TO_PATRON", detail, "/barcode", OVERRIDE))
    if facts.status in GONE:
        detail = f"The copy is {_spoken(facts.status)}; check it in or change its status first."
        found.append(Blocker("COPY_NOT_LOANABLE", detail, "/barcode", None, {"status": facts.status}))
    elif facts.status != "IN_SERVICE" or not facts.loanable_type or not policy.loanable:
        why = _spoken(facts.status) if facts.status != "IN_SERVICE" else "for use in the library only"
        found.append(Blocker("COPY_NOT_LOANABLE", f"The copy is {why}.", "/barcode", OVERRIDE))
    return found


def _requests(facts: CheckoutFacts, may_approve: bool) -> list[Blocker]:
    found: list[Blocker] = []
    if facts.assigned_id is not None and facts.assigned_patron_id != facts.patron_id:
        detail = "The copy is set aside for another reader's request."
        found.append(Blocker("REQUESTED_BY_ANOTHER", detail, "/barcode", OVERRIDE, {"request_id": facts.assigned_id}))
    if facts.own_state == "PENDING_APPROVAL" and not may_approve:
        detail = "The reader's request for this title waits for a librarian's decision."
        found.append(Blocker("REQUEST_NOT_APPROVED", detail, "/patron", None, {"request_id": facts.own_id}))
    return found


def not_overruled(found: Collection[Blocker], overruled: Collection[str]) -> list[Blocker]:
    """The blockers that remain when a librarian overrules some; those nobody may overrule always remain."""
    return [blocker for blocker in found if blocker.override is None or blocker.code not in overruled]


def _spoken(status: CopyStatus) -> str:
    return status.lower().replace("_", " ")
