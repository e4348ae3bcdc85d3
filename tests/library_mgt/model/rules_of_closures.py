"""The rules of closed days: planned, applied with what they move, and undone as far as nothing changed since."""

from tests.library_mgt.model.oracle import Closure, Loan, Oracle, Request
from tests.library_mgt.model.rule_book import DAY, day_of, first_second, last_second


def plan(oracle: Oracle, closure: Closure) -> Closure:
    """Nothing is closed yet."""
    oracle.closures.append(closure)
    return closure


def close(oracle: Oracle, closure: Closure) -> None:
    """Whatever another closure closes already is left to that one."""
    closed = oracle.book.closed_days.get(closure.location, frozenset())
    span = [closure.first + place * DAY for place in range((closure.last - closure.first).days + 1)]
    closure.days, closure.state = frozenset(span) - closed, "APPLIED"
    oracle.book.closed_days[closure.location] = closed | closure.days


def move_loans(oracle: Oracle, closure: Closure) -> None:
    """What would be due on a day that was open is due on the next that is, where the rule moves dates at all."""
    begins, ends = first_second(closure.first), last_second(closure.last)
    for loan in oracle.live():
        here = loan.copy is not None and loan.copy.location == closure.location and loan.state == "ON_LOAN"
        day = day_of(loan.due_at)
        if here and begins <= loan.due_at <= ends and day in closure.days and loan.rule.closed_days != "KEEP":
            if day.weekday() in oracle.book.closed.get(closure.location, ()):
                continue
            was, loan.due_at = loan.due_at, last_second(oracle.book.open_day(closure.location, day))
            loan.acts.append(("DUE_DATE_MOVED", oracle.now))
            closure.shifts.append((loan, was, len(loan.acts)))


def move_requests(oracle: Oracle, closure: Closure) -> None:
    """What lies on the hold shelf lies there as many open days longer as it lost."""
    for wish in oracle.open():
        until, book, at = wish.ready_until, oracle.book, closure.location
        if wish.state != "READY" or wish.pickup != at or until is None or until < first_second(closure.first):
            continue
        with_it = book.open_days(at, oracle.today, day_of(until))
        book.closed_days[at] -= closure.days
        lost = book.open_days(at, oracle.today, day_of(until)) - with_it
        book.closed_days[at] |= closure.days
        if lost:
            day = day_of(until)
            for _ in range(lost):
                day = book.open_day(at, day + DAY)
            wish.ready_until = last_second(day)
            wish.shelved += 1
            closure.shifts.append((wish, until, wish.shelved))


def reopen(oracle: Oracle, closure: Closure) -> None:
    """The days are as they were."""
    closed = oracle.book.closed_days.get(closure.location, frozenset())
    oracle.book.closed_days[closure.location] = closed - closure.days
    closure.state = "UNDONE"


def move_back(oracle: Oracle, closure: Closure) -> None:
    """What nothing has changed since is as it was, unless that is over."""
    for thing, was, stood in closure.shifts:
        if was <= oracle.now:
            continue
        if isinstance(thing, Loan) and thing.state == "ON_LOAN" and len(thing.acts) == stood:
            thing.due_at = was
            thing.acts.append(("DUE_DATE_MOVED_BACK", oracle.now))
        if isinstance(thing, Request) and thing.state == "READY" and thing.shelved == stood:
            thing.ready_until = was
            thing.shelved += 1
