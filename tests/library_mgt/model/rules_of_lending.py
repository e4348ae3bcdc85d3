"""The rules of lending, renewing and recalling, as the design tells them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from configuration.kit.security.actor import Actor
from tests.library_mgt.model.oracle import BY_LIBRARIAN, GONE, Copy, Loan, Oracle, Reader, Reason, Refused, Request
from tests.library_mgt.model.rule_book import DAY, Rule, day_of, last_second
from tests.library_mgt.model.rules_of_money import blocks, fine_until_now

STANDING_LASTS = timedelta(hours=24)


def against_reader(oracle: Oracle, reader: Reader, rule: Rule, *, lending: bool) -> set[Reason]:
    """What lies in the reader, whatever the title."""
    found: set[Reason] = set()
    if not reader.active or (reader.until is not None and reader.until < oracle.today):
        found.add(("PATRON_INACTIVE", BY_LIBRARIAN))
    elif lending and not reader.local and oracle.now - reader.as_of > STANDING_LASTS:
        found.add(("PATRON_STANDING_UNAVAILABLE", BY_LIBRARIAN))
    if blocks(oracle, reader, rule):
        found.add(("PATRON_BLOCKED", BY_LIBRARIAN))
    return found


def against_lending(oracle: Oracle, reader: Reader, copy: Copy, *, by: Actor) -> set[Reason]:
    """Everything that stands against handing the copy to the reader."""
    rule = oracle.rule(reader, copy)
    found = against_reader(oracle, reader, rule, lending=True)
    if len(oracle.live(reader=reader)) >= rule.max_loans:
        found.add(("LOAN_LIMIT_REACHED", BY_LIBRARIAN))
    if oracle.live(copy=copy):
        found.add(("COPY_ALREADY_ON_LOAN", None))
    if oracle.has(reader, copy.title, copy.part) and not oracle.live(reader=reader, copy=copy):
        found.add(("TITLE_ALREADY_ON_LOAN_TO_PATRON", BY_LIBRARIAN))
    if copy.status in GONE:
        found.add(("COPY_NOT_LOANABLE", None))
    elif copy.status != "IN_SERVICE" or not copy.leaves or not rule.loanable:
        found.add(("COPY_NOT_LOANABLE", BY_LIBRARIAN))
    kept_for, own = oracle.set_aside(copy), oracle.open_request(reader, copy.title, copy.part)
    if kept_for is not None and kept_for.reader is not reader:
        found.add(("REQUESTED_BY_ANOTHER", BY_LIBRARIAN))
    if own and own.state == "PENDING_APPROVAL" and (reader.actor is by or not by.has("librarian")):
        found.add(("REQUEST_NOT_APPROVED", None))
    return found


def check_out(oracle: Oracle, reader: Reader, copy: Copy, *, by: Actor, overruling: Collection[str] = ()) -> Loan:
    """A copy over the desk. A librarian may overrule some reasons, never for themselves."""
    found = against_lending(oracle, reader, copy, by=by)
    _overrule(found, overruling, reader, by)
    return _lend(oracle, reader, copy, tuple(sorted(code for code, _ in found)))


def issue(oracle: Oracle, request: Request, scanned: Copy | None, *, by: Actor) -> Loan:
    """Approve where that is still to do, and lend the copy set aside, the scanned one, or one from the shelf."""
    if request.state == "FULFILLED":
        raise Refused("REQUEST_ALREADY_ISSUED")
    if request.state not in ("PENDING_APPROVAL", "QUEUED", "ALLOCATED", "READY"):
        raise Refused("ILLEGAL_TRANSITION")
    if request.reader.actor is by:
        raise Refused("OWN_REQUEST")
    assert request.title is not None
    if scanned is not None and (scanned.title, scanned.part) != (request.title, request.part):
        raise Refused("COPY_NOT_FOUND")
    free = [one for one in oracle.free(request.title, request.part) if request.wished in (None, one)]
    copy = scanned or request.copy or next(iter(free), None)
    if copy is None:
        raise Refused("NO_FREE_COPY")
    if found := against_lending(oracle, request.reader, copy, by=by):
        raise Refused(*found)
    return _lend(oracle, request.reader, copy, ())


def against_renewing(oracle: Oracle, loan: Loan) -> set[Reason]:
    """Everything that stands against a later due date; the loan keeps the rule it was made under."""
    found = against_reader(oracle, loan.reader, loan.rule, lending=False)
    if loan.renewals >= loan.rule.renewals:
        found.add(("RENEWAL_LIMIT", BY_LIBRARIAN))
    if loan.recalled_at is not None:
        found.add(("RENEWAL_RECALLED", BY_LIBRARIAN))
    if loan in oracle.late(loan.reader) and fine_until_now(oracle, loan):
        found.add(("RENEWAL_LATE", BY_LIBRARIAN))
    assert loan.copy is not None
    waiting = _waiting_for(oracle, loan, "PENDING_APPROVAL", "QUEUED")
    anybody = [one for one in waiting if one.wished is None]
    if len(anybody) < len(waiting) or len(anybody) > len(oracle.free(loan.copy.title, loan.copy.part)):
        found.add(("RENEWAL_REQUESTED", BY_LIBRARIAN))
    if renewed_due(oracle, loan) <= max(loan.due_at, oracle.now):
        found.add(("RENEWAL_NO_GAIN", None))
    return found


def renew(oracle: Oracle, loan: Loan, *, by: Actor, overruling: Collection[str] = ()) -> Loan:
    """A later due date, for oneself or at the desk; an announced return is off."""
    if loan.reader.actor is not by and not by.has("librarian", "library_assistant"):
        raise Refused("LOAN_NOT_FOUND")
    if loan.state != "ON_LOAN":
        raise Refused("ILLEGAL_TRANSITION")
    found = against_renewing(oracle, loan)
    _overrule(found, overruling, loan.reader, by)
    loan.before.append((loan.due_at, loan.announced))
    loan.due_at, loan.announced = renewed_due(oracle, loan), False
    loan.renewals += 1
    loan.acts.append(("RENEWED", oracle.now))
    return loan


def recall(oracle: Oracle, loan: Loan) -> Loan:
    """Call it back for those in the queue, once: not before the guaranteed days are over, and with notice."""
    if loan.state != "ON_LOAN":
        raise Refused("ILLEGAL_TRANSITION")
    found = []
    if loan.recalled_at is not None:
        found.append("RECALLED_ALREADY")
    if not loan.rule.recall_allowed:
        found.append("RECALL_NOT_ALLOWED")
    if not _waiting_for(oracle, loan, "QUEUED"):
        found.append("NOBODY_WAITS")
    if found:
        raise Refused(*found)
    assert loan.copy is not None
    guaranteed = day_of(loan.loaned_at) + loan.rule.recall_guarantee_days * DAY
    day = max(guaranteed, oracle.today + loan.rule.recall_interval_days * DAY)
    day = day if loan.rule.closed_days == "KEEP" else oracle.book.open_day(loan.copy.location, day)
    loan.due_at, loan.recalled_at = min(loan.due_at, last_second(day)), oracle.now
    loan.acts.append(("RECALLED", oracle.now))
    return loan


def _waiting_for(oracle: Oracle, loan: Loan, *states: str) -> list[Request]:
    """The requests that would be served by this copy, or by any of its like; not those passed over for a while."""
    assert loan.copy is not None
    asked = [one for one in oracle.open() if one.state in states and not oracle.passed_over(one)]
    alike = [one for one in asked if (one.title, one.part) == (loan.copy.title, loan.copy.part)]
    return [one for one in alike if one.wished in (None, loan.copy)]


def renewed_due(oracle: Oracle, loan: Loan) -> datetime:
    """So many days from the due date or from now; as it is, where the reader leaves before."""
    start = loan.due_at if loan.rule.renewal_from == "due" else oracle.now
    assert loan.copy is not None
    leaves, where = loan.reader.until, loan.copy.location
    end = oracle.book.due(start, loan.rule.renewal_period, loan.rule.closed_days, where, leaves)
    return end if leaves is None or day_of(end) <= leaves else loan.due_at


def due(oracle: Oracle, reader: Reader, copy: Copy) -> datetime:
    """The end of the last local day, and not after the reader leaves."""
    rule = oracle.rule(reader, copy)
    return oracle.book.due(oracle.now, rule.loan_period, rule.closed_days, copy.location, reader.until)


def _overrule(found: Collection[Reason], overruling: Collection[str], reader: Reader, by: Actor) -> None:
    remaining = [one for one in found if one[1] is None or one[0] not in overruling]
    if remaining:
        raise Refused(*remaining)
    if found and (reader.actor is by or not by.has("librarian")):
        raise Refused("OVERRIDE_FORBIDDEN", *found)


def _lend(oracle: Oracle, reader: Reader, copy: Copy, overridden: tuple[str, ...]) -> Loan:
    """Who had the copy set aside waits again in the old place; the reader's own request is fulfilled."""
    kept_for, own = oracle.set_aside(copy), oracle.open_request(reader, copy.title, copy.part)
    if kept_for is not None and kept_for is not own:
        oracle.requeue(kept_for)
    if own is not None:
        own.state, own.copy, own.ready_until = "FULFILLED", None, None
    due_at, rule = due(oracle, reader, copy), oracle.rule(reader, copy)
    loan = Loan(copy, copy.title, copy.part, reader, oracle.now, due_at, own, overridden, rule)
    loan.acts.append(("CHECKED_OUT", oracle.now))
    oracle.loans.append(loan)
    oracle.allocate(copy.title, copy.part)
    return loan
