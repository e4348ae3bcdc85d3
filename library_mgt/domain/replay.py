"""What past loans would have become under other rules: a pure comparison, loan by loan."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Literal

from library_mgt.domain.calendar import Calendar, NoOpenDay
from library_mgt.domain.fines import overdue_fine
from library_mgt.domain.policy import Policy
from library_mgt.domain.rules import Conditions, Rules

Change = Literal["same", "later", "earlier", "not_lent", "no_open_day"]
EXAMPLES = 40
KINDS: tuple[Change, ...] = ("same", "later", "earlier", "not_lent", "no_open_day")
_OF_DUE = ("loan_period", "loan_unit", "closed_days", "term_schedule")
_OF_FINE = ("fine_minor", "fine_unit", "fine_grace_days", "fine_cap_minor", "fine_closed_days")


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
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """A value that is another one under the proposed rules, and the row that gives it; a row that is tried is below 0.

    Where nothing is another one and yet a date moves, the hours or terms have changed since the loan was made.
    """

    policy_id: int
    name: str
    was: Any
    becomes: Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """A loan under the proposed rules. Without a due date it would not have been made."""

    loan_id: int
    change: Change
    due_at: datetime
    would_be_due_at: datetime | None
    fine_minor: int
    would_be_fine_minor: int
    because: tuple[Because, ...] = ()
    title: str | None = None

    @property
    def changed(self) -> bool:
        """Whether anything would have been otherwise."""
        return self.change != "same" or self.fine_minor != self.would_be_fine_minor


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of them: how many of each kind, what the fines come to, why, and some that change.

    `reasons` counts the changed loans by what changes them, the most frequent first.
    """

    same: int = 0
    later: int = 0
    earlier: int = 0
    not_lent: int = 0
    no_open_day: int = 0
    fine_minor: int = 0
    would_be_fine_minor: int = 0
    reasons: tuple[tuple[Because, int], ...] = ()
    examples: tuple[Replayed, ...] = ()

    @property
    def loans(self) -> int:
        """How many were looked at."""
        return self.same + self.later + self.earlier + self.not_lent + self.no_open_day


def replay(past: Iterable[PastLoan], proposed: Rules, zone: tzinfo, before: Outcome | None = None) -> Outcome:
    """Count what would have become of the loans, on top of those counted before, with examples of each kind."""
    before = before or Outcome()
    kinds: Counter[str] = Counter({kind: getattr(before, kind) for kind in KINDS})
    reasons, examples = Counter(dict(before.reasons)), list(before.examples)
    shown = Counter(one.change for one in examples)
    fines, would_be = before.fine_minor, before.would_be_fine_minor
    for loan in past:
        told = replayed(loan, proposed, zone)
        kinds[told.change] += 1
        fines += told.fine_minor
        would_be += told.would_be_fine_minor
        if told.changed:
            reasons.update(told.because)
            if shown[told.change] < EXAMPLES // 4:
                shown[told.change] += 1
                examples.append(told)
    return Outcome(
        **{kind: kinds[kind] for kind in KINDS},
        fine_minor=fines,
        would_be_fine_minor=would_be,
        reasons=tuple(reasons.most_common()),
        examples=tuple(examples[:EXAMPLES]),
    )


def replayed(loan: PastLoan, proposed: Rules, zone: tzinfo) -> Replayed:
    """One loan under the proposed rules.

    What renewals, recalls and closures moved its due date by, they would have moved it by all the same.
    """
    conditions = proposed.conditions(loan.location, loan.group_code, loan.item_type, zone)
    fine = _fine(loan.policy, loan, loan.due_at, conditions.calendar)
    change, due_at, would_be = _becomes(loan, conditions)
    names = ("loanable",) if change == "not_lent" else () if change == "same" else _OF_DUE
    names = (*names, *(_OF_FINE if would_be != fine and change != "not_lent" else ()))
    because = _because(loan, proposed, names)
    return Replayed(loan.id, change, loan.due_at, due_at, fine, would_be, because, loan.title)


def _becomes(loan: PastLoan, conditions: Conditions) -> tuple[Change, datetime | None, int]:
    """What becomes of the loan, when it would have been due, and its fine."""
    if not conditions.policy.loanable:
        return "not_lent", None, 0
    try:
        due_at = _moved(loan, conditions.due(loan.loaned_at), conditions)
    except NoOpenDay:
        return "no_open_day", None, 0
    change: Change = "same" if due_at == loan.due_at else "later" if due_at > loan.due_at else "earlier"
    return change, due_at, _fine(conditions.policy, loan, due_at, conditions.calendar)


def _because(loan: PastLoan, proposed: Rules, names: tuple[str, ...]) -> tuple[Because, ...]:
    """Which of the values are others, and the rows that give them."""
    becomes = proposed.policy(loan.location, loan.group_code, loan.item_type)
    others = [name for name in names if getattr(becomes, name) != getattr(loan.policy, name)]
    if not others:
        return ()
    rows = proposed.resolve(loan.location, loan.group_code, loan.item_type)
    return tuple(Because(rows[name].id, name, getattr(loan.policy, name), getattr(becomes, name)) for name in others)


def _moved(loan: PastLoan, due_at: datetime, conditions: Conditions) -> datetime:
    """Move a due date as the loan's own was moved: by days where days are lent, else by the time itself."""
    if conditions.policy.loan_unit != "days":
        return due_at + (loan.due_at - loan.original_due_at)
    calendar = conditions.calendar
    days = calendar.day_of(loan.due_at) - calendar.day_of(loan.original_due_at)
    return calendar.end_of(calendar.day_of(due_at) + days) if days else due_at


def _fine(policy: Policy, loan: PastLoan, due_at: datetime, calendar: Calendar) -> int:
    if loan.ended_at <= due_at:
        return 0
    return overdue_fine(policy, due_at, loan.ended_at, calendar, price_minor=loan.price_minor)
