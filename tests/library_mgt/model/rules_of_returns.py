"""The rules of what comes back, what does not, and what was done by mistake."""

from datetime import datetime, timedelta

from configuration.kit.security.actor import Actor
from tests.library_mgt.model.oracle import GONE, Copy, Loan, Oracle, Refused
from tests.library_mgt.model.rules_of_money import charge_delay, charge_loss, forgive, open_about

STILL_TAKEN = timedelta(days=180)
"""How long a copy whose loss was settled still counts as returned."""

UNDOABLE = timedelta(minutes=10)
GIVEN_UP = {"CLAIMED_RETURNED": "CLAIMED_RETURNED", "LOST": "DECLARED_LOST", "SETTLED": "DECLARED_LOST"}
"""What ended the delay, by the state in which a copy comes back."""


def take_back(oracle: Oracle, copy: Copy, *, at: str, by: Actor, back_at: datetime | None = None) -> str:
    """A scan at the desk, whoever brings it; answers what it meant. The desk may say that it came back earlier."""
    came, loan = back_at or oracle.now, coming_home(oracle, copy, back_at or oracle.now)
    if loan is not None:
        if came < loan.loaned_at:
            raise Refused("RETURN_BEFORE_LOAN")
        if loan.reader.actor is by and came < oracle.now and loan.due_at < oracle.now:
            raise Refused("OWN_RETURN_ATTESTED")
        _close(oracle, loan, came)
    if request := oracle.set_aside(copy):
        if request.state == "ALLOCATED" and request.pickup == at:
            oracle.make_ready(request)
        return "RETURNED" if loan else "HOLD_SHELF"
    if loan is None:
        if copy.status in ("WITHDRAWN", "IN_REPAIR"):
            return copy.status
        if copy.status not in ("MISSING", "LOST", "ON_ORDER"):
            return "ON_SHELF"
        copy.status = "IN_SERVICE"
    oracle.allocate(copy.title, copy.part, in_hand=copy, at=at)
    return "RETURNED" if loan else "BACK_IN_SERVICE"


def take_back_loan(oracle: Oracle, loan: Loan) -> Loan:
    """The same by the loan's number: once."""
    if loan.copy is None or coming_home(oracle, loan.copy, oracle.now) is not loan:
        raise Refused("ILLEGAL_TRANSITION")
    _close(oracle, loan, oracle.now)
    oracle.allocate(loan.copy.title, loan.copy.part)
    return loan


def coming_home(oracle: Oracle, copy: Copy, back_at: datetime) -> Loan | None:
    """The loan that ends when the copy comes back: also one lately settled, if nobody has had the copy since."""
    live = oracle.live(copy=copy)
    last = next((one for one in reversed(oracle.loans) if one.copy is copy), None)
    settled_at = last.last("SETTLED") if last is not None and last.state == "SETTLED" else None
    lately = settled_at is not None and back_at - settled_at <= STILL_TAKEN
    return live[0] if live else last if lately else None


def announce(oracle: Oracle, loan: Loan, *, by: Actor) -> Loan:
    """The borrower says it is coming; nothing ends by that."""
    if loan.reader.actor is not by:
        raise Refused("LOAN_NOT_FOUND")
    if loan.state != "ON_LOAN":
        raise Refused("ILLEGAL_TRANSITION")
    if not loan.announced:
        loan.acts.append(("RETURN_ANNOUNCED", oracle.now))
    loan.announced = True
    return loan


def claim_returned(oracle: Oracle, loan: Loan) -> Loan:
    """The reader says it was brought back."""
    return _moved(oracle, loan, "CLAIMED_RETURNED", "CLAIMED_RETURNED", "ON_LOAN")


def declare_lost(oracle: Oracle, loan: Loan, *, by: Actor) -> Loan:
    """It is given up, and the reader answers for it; never one's own."""
    _somebody_elses(loan, by, "ON_LOAN", "CLAIMED_RETURNED")
    assert loan.copy is not None
    loan.copy.status = "LOST"
    charge_loss(oracle, loan)
    return _moved(oracle, loan, "LOST", "DECLARED_LOST", "ON_LOAN", "CLAIMED_RETURNED")


def settle(oracle: Oracle, loan: Loan, *, by: Actor) -> Loan:
    """The end of a lost copy's loan, when nothing is owed about it any more; never one's own."""
    _somebody_elses(loan, by, "LOST")
    if open_about(oracle, loan):
        raise Refused("FEES_OPEN")
    return _moved(oracle, loan, "SETTLED", "SETTLED", "LOST")


def undo(oracle: Oracle, loan: Loan, *, at: str) -> Loan:
    """Take back what was just done to a loan, if that is the last that happened to it."""
    if loan.state not in ("ON_LOAN", "RETURNED"):
        raise Refused("ILLEGAL_TRANSITION")
    act, when = loan.acts[-1]
    if act not in ("CHECKED_OUT", "RENEWED", "RETURNED"):
        raise Refused("NOT_THE_LAST_ACT")
    found = ["UNDO_TOO_LATE"] if oracle.now - when > UNDOABLE else []
    if act == "RETURNED":
        found += _return_stands(oracle, loan)
    if found:
        raise Refused(*found)
    if act == "RENEWED":
        loan.due_at, loan.announced = loan.before.pop()
        loan.renewals -= 1
    loan.acts.append(("UNDONE", oracle.now))
    if act == "RETURNED":
        loan.state, loan.returned_at = "ON_LOAN", None
        forgive(oracle, loan, "OVERDUE")
        for charge in oracle.charges:
            charge.loan = None if charge.loan is loan and charge.kind == "OVERDUE" else charge.loan
    if act != "CHECKED_OUT":
        return loan
    loan.state, loan.returned_at = "RETURNED", oracle.now
    if loan.request is not None:
        oracle.requeue(loan.request)
        loan.request = None
    assert loan.copy is not None
    oracle.allocate(loan.copy.title, loan.copy.part, in_hand=loan.copy, at=at)
    return loan


def _return_stands(oracle: Oracle, loan: Loan) -> list[str]:
    """Why a return cannot be undone: somebody was served by it, or it was no ordinary one."""
    found = []
    if loan.copy is None or oracle.live(copy=loan.copy) or oracle.set_aside(loan.copy):
        found.append("SERVED_MEANWHILE")
    if loan.copy is not None and (loan.copy.part != loan.part or loan.copy.status in GONE):
        found.append("COPY_CHANGED")
    if any(one in oracle.live(reader=loan.reader) for one in oracle.loans[oracle.loans.index(loan) + 1 :]):
        found.append("BORROWED_SINCE")
    if loan.was(("CLAIMED_RETURNED", "DECLARED_LOST", "SETTLED")):
        found.append("WAS_GIVEN_UP")
    if any(one.paid for one in oracle.charges if one.loan is loan and one.kind == "OVERDUE"):
        found.append("FINE_PAID")
    return found


def _close(oracle: Oracle, loan: Loan, back_at: datetime) -> None:
    """It was late until it was back, or until it was given up; what was owed for its loss is owed no more."""
    given_up = loan.last(GIVEN_UP[loan.state]) if loan.state in GIVEN_UP else None
    charge_delay(oracle, loan, min(back_at, given_up or back_at))
    if loan.state in ("LOST", "SETTLED"):
        forgive(oracle, loan, "LOST")
    loan.state, loan.returned_at = "RETURNED", back_at
    loan.acts.append(("RETURNED", oracle.now))
    if loan.copy is not None and loan.copy.status in ("MISSING", "LOST"):
        loan.copy.status = "IN_SERVICE"


def _somebody_elses(loan: Loan, by: Actor, *states: str) -> None:
    if loan.state not in states:
        raise Refused("ILLEGAL_TRANSITION")
    if loan.reader.actor is by:
        raise Refused("OWN_REQUEST")


def _moved(oracle: Oracle, loan: Loan, state: str, act: str, *states: str) -> Loan:
    if loan.state not in states:
        raise Refused("ILLEGAL_TRANSITION")
    loan.state = state
    loan.acts.append((act, oracle.now))
    return loan
