"""The rules of requests: made, decided, cancelled, shelved, expired."""

from datetime import date

from configuration.kit.security.actor import Actor
from tests.library_mgt.model.oracle import BY_LIBRARIAN, Copy, Oracle, Reader, Reason, Refused, Request, Title
from tests.library_mgt.model.rules_of_lending import against_reader

COMING = ("IN_SERVICE", "IN_REPAIR", "ON_ORDER")
"""A copy of such a status is, or will be, there to be lent."""


def request(
    oracle: Oracle,
    reader: Reader,
    title: Title,
    part: str,
    *,
    pickup: str,
    wished: Copy | None = None,
    not_needed_after: date | None = None,
) -> Request:
    """A wish for a title's part, or for one copy; all that stands against it is told together."""
    if wished is not None and (wished.title, wished.part) != (title, part):
        raise Refused("COPY_NOT_FOUND")
    wanted = [wished] if wished else oracle.of(title, part)
    coming = [one for one in wanted if one.leaves and one.status in COMING]
    rules = [oracle.rule(reader, one) for one in coming] or [oracle.book.rule(None, reader.group, None)]
    rule = next((one for one in rules if one.requests_allowed), rules[0])
    found: set[Reason] = against_reader(oracle, reader, rule, lending=False)
    if oracle.open_request(reader, title, part):
        found.add(("DUPLICATE_REQUEST", None))
    if oracle.has(reader, title, part):
        found.add(("TITLE_ALREADY_ON_LOAN_TO_PATRON", None))
    if len(oracle.open(reader=reader)) >= rule.max_requests:
        found.add(("REQUEST_LIMIT_REACHED", BY_LIBRARIAN))
    if not coming or not rule.requests_allowed:
        elsewhere = any(one.title is title for one in oracle.copies)
        unknown = rule.requests_allowed and not wanted and elsewhere
        found.add(("PART_UNKNOWN" if unknown else "NOT_REQUESTABLE", None))
    if not_needed_after is not None and not_needed_after < oracle.today:
        found.add(("DATE_PASSED", None))
    if found:
        raise Refused(*found)
    made = Request(reader, title, part, pickup, wished, not_needed_after)
    oracle.requests.append(made)
    if rule.auto_approve:
        made.state = "QUEUED"
        oracle.allocate(title, part)
    return made


def approve(oracle: Oracle, wish: Request, *, by: Actor) -> Request:
    """Let into the queue; never one's own."""
    _decidable(wish, by)
    assert wish.title is not None
    wish.state = "QUEUED"
    oracle.allocate(wish.title, wish.part)
    return wish


def reject(oracle: Oracle, wish: Request, *, by: Actor) -> Request:
    """Decline; never one's own."""
    _decidable(wish, by)
    oracle.end(wish, "REJECTED")
    return wish


def cancel(oracle: Oracle, wish: Request, *, by: Actor) -> Request:
    """One's own, or anybody's at the desk. To others there is no such request."""
    if wish.reader.actor is not by and not by.has("librarian", "library_assistant"):
        raise Refused("REQUEST_NOT_FOUND")
    _only_open(wish)
    oracle.end(wish, "CANCELLED")
    return wish


def shelve(oracle: Oracle, wish: Request, copy: Copy) -> Request:
    """Onto the hold shelf: the copy set aside, or any free one that will do; then the other is free again."""
    if wish.state != "ALLOCATED":
        raise Refused("ILLEGAL_TRANSITION")
    assert wish.title is not None
    fits = (copy.title, copy.part) == (wish.title, wish.part) and wish.wished in (None, copy)
    if copy is not wish.copy and not (fits and oracle.is_free(copy)):
        raise Refused("COPY_NOT_LOANABLE")
    wish.copy = copy
    oracle.make_ready(wish)
    oracle.allocate(wish.title, wish.part)
    return wish


def suspend(oracle: Oracle, wish: Request, until: date, *, by: Actor) -> Request:
    """Pass it over until the end of a day; it keeps its place."""
    _waits(wish, by)
    if until < oracle.today:
        raise Refused("DATE_PASSED")
    wish.suspended_until = until
    return wish


def resume(oracle: Oracle, wish: Request, *, by: Actor) -> Request:
    """Let it be served again; what is not suspended stays as it is."""
    _waits(wish, by)
    return end_suspension(oracle, wish) if wish.suspended_until is not None else wish


def suspended_long_enough(oracle: Oracle) -> list[Request]:
    """Requests that wait and whose suspension is over."""
    waiting = [one for one in oracle.open() if one.copy is None]
    return [one for one in waiting if one.suspended_until is not None and not oracle.passed_over(one)]


def end_suspension(oracle: Oracle, wish: Request) -> Request:
    """It is not passed over any more, and there may be a copy for it."""
    wish.suspended_until = None
    assert wish.title is not None
    oracle.allocate(wish.title, wish.part)
    return wish


def not_found(oracle: Oracle, wish: Request) -> Request:
    """The copy set aside is not there: it is missing, and the request waits in its old place, for another."""
    if wish.copy is None:
        raise Refused("ILLEGAL_TRANSITION")
    wish.copy.status = "MISSING"
    oracle.requeue(wish)
    assert wish.title is not None
    oracle.allocate(wish.title, wish.part)
    return wish


def overdue_wishes(oracle: Oracle) -> list[Request]:
    """Requests whose time is over."""
    return [one for one in oracle.open() if _is_over(oracle, one)]


def expire(oracle: Oracle, wish: Request) -> None:
    """End a request if its time is over still."""
    if _is_over(oracle, wish):
        oracle.end(wish, "EXPIRED")


def _is_over(oracle: Oracle, wish: Request) -> bool:
    if wish.state == "READY":
        return wish.ready_until is not None and wish.ready_until < oracle.now
    waiting = wish.state in ("PENDING_APPROVAL", "QUEUED")
    return waiting and wish.not_needed_after is not None and wish.not_needed_after < oracle.today


def _waits(wish: Request, by: Actor) -> None:
    if wish.reader.actor is not by and not by.has("librarian", "library_assistant"):
        raise Refused("REQUEST_NOT_FOUND")
    if wish.state not in ("PENDING_APPROVAL", "QUEUED"):
        raise Refused("ILLEGAL_TRANSITION")


def _only_open(wish: Request) -> None:
    if wish.state not in ("PENDING_APPROVAL", "QUEUED", "ALLOCATED", "READY"):
        raise Refused("ILLEGAL_TRANSITION")


def _decidable(wish: Request, by: Actor) -> None:
    if wish.state != "PENDING_APPROVAL":
        raise Refused("ILLEGAL_TRANSITION")
    if wish.reader.actor is by:
        raise Refused("OWN_REQUEST")
