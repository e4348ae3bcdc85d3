"""Whether a reader may request a title."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from library_mgt.domain.blocking import NOTHING, OVERRIDE, Against, Reader, counted, reader_blockers
from library_mgt.domain.calendar import Calendar
from library_mgt.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class RequestFacts(Reader):
    """All that decides a request, read in one query after patron and title were locked.

    `copies` counts the copies of the wanted part, `requestable` those of them that would do and are or will be lent
    again; `other_parts` is how many of the title's copies have another part.
    """

    group_code: str
    open_requests: int
    open_request_id: int | None
    live_loan_id: int | None
    title_id: int
    title: str
    copies: int
    requestable: int
    other_parts: int


def blockers(
    facts: RequestFacts,
    policy: Policy,
    *,
    part: str,
    not_needed_after: date | None,
    now: datetime,
    zone: tzinfo,
    against: Against = NOTHING,
    own: bool = False,
) -> list[Blocker]:
    """Every reason against the request; none means it may be made. `own` says it to the reader's own face."""
    has = "You have" if own else "The reader has"
    most = policy.block_overdue
    found = reader_blockers(facts, most, now=now, zone=zone, lending=False, against=against, pointer=None, own=own)
    if facts.open_request_id is not None:
        detail = f"{has} an open request for the title already."
        found.append(Blocker("DUPLICATE_REQUEST", detail, "/title_id", None, {"request_id": facts.open_request_id}))
    if facts.live_loan_id is not None:
        detail = f"{has} the title on loan."
        found.append(Blocker("TITLE_ALREADY_ON_LOAN_TO_PATRON", detail, "/title_id", None))
    if facts.open_requests >= policy.max_requests:
        detail = f"{has} {counted(facts.open_requests, 'open request')}; {policy.max_requests} are allowed."
        counts = {"requests": facts.open_requests, "limit": policy.max_requests}
        found.append(Blocker("REQUEST_LIMIT_REACHED", detail, None, OVERRIDE, counts))
    if not policy.requests_allowed:
        found.append(Blocker("NOT_REQUESTABLE", "This title is not lent on request.", "/title_id", None))
    elif not facts.requestable:
        found.append(_nothing_to_wait_for(facts, part))
    if not_needed_after is not None and not_needed_after < local_day(now, zone):
        found.append(Blocker("DATE_PASSED", "The day after which it is not needed has passed.", "/not_needed_after"))
    return found


def pickup_until(policy: Policy, now: datetime, calendar: Calendar) -> datetime:
    """Until when a copy lies on the hold shelf: the end of the last of the rule's open days, always after now.

    Raises `NoOpenDay`.
    """
    today = calendar.day_of(now)
    until = calendar.end_of(calendar.open_days_later(today, policy.pickup_days))
    return until if until > now else calendar.end_of(calendar.open_days_later(today, 1))


def _nothing_to_wait_for(facts: RequestFacts, part: str) -> Blocker:
    if facts.copies:
        detail = "No copy of the title can be lent at present or soon."
    elif facts.other_parts:
        detail = f"This title has no part {part!r}." if part else "Its parts are lent one by one: name one."
        return Blocker("PART_UNKNOWN", detail, "/part")
    else:
        detail = "The library has no copy of this title."
    return Blocker("NOT_REQUESTABLE", detail, "/title_id", None)
