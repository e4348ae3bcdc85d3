"""What the first pages tell: what a lecturer has to grade, and how a student's assignments stand."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from faculty_mgt.domain.assigning import Leeway, State, Window, effective

Standing = Literal["overdue", "to_do", "to_come", "handed_in", "marked", "missed"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
OPEN: frozenset[Standing] = frozenset({"overdue", "to_do", "to_come"})
"""What still asks for something to be done."""


@dataclass(frozen=True, slots=True)
class ToGrade:
    """An assignment with work that waits for a mark."""

    id: int
    title: str
    space_id: int
    space: str
    waiting: int
    oldest: datetime
    first_id: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """A published assignment that is still to be handed in."""

    id: int
    title: str
    space_id: int
    space: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """An assignment as it stands for one student. `granted_*` is the most generous that was granted to them."""

    id: int
    title: str
    space_id: int
    space: str
    points: Decimal
    state: State
    opens_at: datetime
    due_as_set: datetime
    locks_as_set: datetime
    attempts: int
    granted_due: datetime | None
    granted_locks: datetime | None
    granted_attempts: int | None
    handed_in: int | None
    received_at: datetime | None
    marked_at: datetime | None
    final: Decimal | None
    excused: bool | None
    missing: bool | None

    @property
    def window(self) -> Window:
        """The student's own dates and attempts."""
        granted = Leeway(self.granted_due, self.granted_locks, self.granted_attempts)
        return effective(Window(self.due_as_set, self.locks_as_set, self.attempts), [granted])

    @property
    def due_at(self) -> datetime:
        """Until when it is on time, for this student."""
        return self.window.due_at

    def standing(self, now: datetime) -> Standing:
        """How it stands: `overdue` still takes work, `missed` no more."""
        if self.marked_at is not None:
            return "marked"
        if self.handed_in:
            return "handed_in"
        if self.state == "closed" or now > self.window.locks_at:
            return "missed"
        if now > self.due_at:
            return "overdue"
        return "to_come" if now < self.opens_at else "to_do"


def by_urgency(tasks: list[Task], now: datetime) -> list[Task]:
    """What is overdue first, then what is due soonest; what asks for nothing any more comes last, the latest first."""
    urgent = sorted((one for one in tasks if one.standing(now) in OPEN), key=lambda one: (one.due_at, one.id))
    urgent.sort(key=lambda one: one.standing(now) != "overdue")
    done = [one for one in tasks if one.standing(now) not in OPEN]
    return [*urgent, *sorted(done, key=lambda one: (one.due_at, one.id), reverse=True)]
