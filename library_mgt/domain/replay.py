"""What past loans would have become under other rules: a pure comparison, loan by loan."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from library_mgt.domain.calendar import Calendar, NoOpenDay
from library_mgt.domain.fines import overdue_fine
from library_mgt.domain.policy import Policy
from library_mgt.domain.rules import Conditions, Rules

Change = Literal["same", "later", "earlier", "not_lent", "no_open_day"]
EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class PastLoan:
    """A loan as it went. `ended_at` is when it came back, or now while it is out."""

    id: int
    location: str
    group_code: str
    item_type: str
    loaned_at: datetime
    original_due_at: datetime
    due_at: datetime
    ended_at: datetime
    policy: Policy
    price_minor: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """A loan under the proposed rules. Without a due date it would not have been made."""

    loan_id: int
    change: Change
    due_at: datetime
    would_be_due_at: datetime | None
    fine_minor: int
    would_be_fine_minor: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of them: how many of each kind, what the fines come to, and some that change."""

    loans: int
    same: int
    later: int
    earlier: int
    not_lent: int
    no_open_day: int
    fine_minor: int
    would_be_fine_minor: int
    examples: tuple[Replayed, ...]


def replay(past: Iterable[PastLoan], proposed: Rules, zone: tzinfo) -> Outcome:
    """Count what would have become of the loans, with the first examples of each kind of change."""
    counts: Counter[str] = Counter()
    fines = would_be = 0
    examples: list[Replayed] = []
    for loan in past:
        told = replayed(loan, proposed, zone)
        fines += told.fine_minor
        would_be += told.would_be_fine_minor
        changed = told.change != "same" or told.fine_minor != told.would_be_fine_minor
        if changed and len(examples) < EXAMPLES and counts[told.change] < EXAMPLES // 4:
            examples.append(told)
        counts[told.change] += 1
    kinds = {name: counts[name] for name in ("same", "later", "earlier", "not_lent", "no_open_day")}
    return Outcome(counts.total(), **kinds, fine_minor=fines, would_be_fine_minor=would_be, examples=tuple(examples))


def replayed(loan: PastLoan, proposed: Rules, zone: tzinfo) -> Replayed:
    """One loan under the proposed rules.

    What renewals, recalls and closures moved its due date by, they would have moved it by all the same.
    """
    conditions = proposed.conditions(loan.location, loan.group_code, loan.item_type, zone)
    fine = _fine(loan.policy, loan, loan.due_at, conditions.calendar)
    if not conditions.policy.loanable:
        return Replayed(loan.id, "not_lent", loan.due_at, None, fine, 0)
    try:
        due_at = _moved(loan, conditions.due(loan.loaned_at), conditions)
    except NoOpenDay:
        return Replayed(loan.id, "no_open_day", loan.due_at, None, fine, 0)
    change: Change = "same" if due_at == loan.due_at else "later" if due_at > loan.due_at else "earlier"
    return Replayed(
        loan.id, change, loan.due_at, due_at, fine, _fine(conditions.policy, loan, due_at, conditions.calendar)
    )


def _moved(loan: PastLoan, due_at: datetime, conditions: Conditions) -> datetime:
    """Move a due date as the loan's own was moved: by days where days are lent, else by the time itself."""
    if conditions.policy.loan_unit != "days":
        return due_at + (loan.due_at - loan.original_due_at)
    calendar = conditions.calendar
    days = calendar.day_of(loan.due_at) - calendar.day_of(loan.original_due_at)
    return calendar.end_of(calendar.day_of(due_at) + days) if days else due_at


def _fine(policy: Policy, loan: PastLoan, due_at: datetime, calendar: Calendar) -> int:
    return overdue_fine(policy, due_at, loan.ended_at, calendar, price_minor=loan.price_minor)
