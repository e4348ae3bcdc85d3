"""The states of an assignment, and what it asks of one student once everything granted to them is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

State = Literal["draft", "published", "closed"]
STATES: tuple[State, ...] = get_args(State)
SHOWN: frozenset[State] = frozenset({"published", "closed"})
"""The states in which students see an assignment."""
FOLLOWING: Mapping[State, frozenset[State]] = {
    "draft": frozenset({"published"}),
    "published": frozenset({"closed"}),
    "closed": frozenset({"published"}),
}
"""Which states may follow which: what students have seen is never a draft again."""


@dataclass(frozen=True, slots=True)
class Window:
    """Until when, and how often, work is taken."""

    due_at: datetime
    locks_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Leeway:
    """What one override grants; what is empty stays as it is."""

    due_at: datetime | None
    locks_at: datetime | None
    attempts: int | None


def effective(window: Window, granted: Iterable[Leeway]) -> Window:
    """The window with all that was granted: the most generous value of each wins, and a later due time moves the lock.

    Nothing granted ever takes something away: an override that asks for less than the assignment changes nothing.
    """
    leeways = list(granted)
    due = max([window.due_at, *(each.due_at for each in leeways if each.due_at is not None)])
    locks = max([window.locks_at, due, *(each.locks_at for each in leeways if each.locks_at is not None)])
    attempts = max([window.attempts, *(each.attempts for each in leeways if each.attempts is not None)])
    return Window(due, locks, attempts)
