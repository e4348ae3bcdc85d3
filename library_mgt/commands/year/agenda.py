"""What is to be done on which day, and a day's acts: handed to the services in the order of their times."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from configuration.kit.database import Database, Transaction
from configuration.kit.errors import Refusal
from configuration.kit.features import audit
from configuration.kit.features.acts import AUDITED
from configuration.kit.security.actor import Actor

Plan = Callable[[], None]
"""Something that somebody means to do on a day; it puts acts on that day's list."""


def nothing(_: Any) -> None:
    """What follows from most acts."""


@dataclass(frozen=True, slots=True)
class Act:
    """One unit of work: `do(tx)` at a time, what follows from its value, and what from its refusal.

    `what` and `about` are how the record of acts names it when it is refused.
    """

    at: datetime
    what: str
    about: str
    by: Actor
    do: Callable[[Transaction], Any]
    then: Callable[[Any], None] = nothing
    refused: Callable[[Refusal], None] = nothing


class Agenda:
    """Plans by their day, and the acts of the present one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._plans: dict[date, list[Plan]] = defaultdict(list)
        self._today: list[Act] = []
        self.done: Counter[str] = Counter()

    def on(self, day: date, plan: Plan) -> None:
        """Mean to do something on a day that has not begun."""
        self._plans[day].append(plan)

    def add(self, act: Act) -> None:
        """Do something today."""
        self._today.append(act)

    def plans_of(self, day: date) -> list[Plan]:
        """What somebody meant to do on a day, which is now to be done."""
        return self._plans.pop(day, [])

    def live(self) -> None:
        """Do today's acts in the order of their times, each a unit of its own, as the desks and portals would.

        Refused ones leave their trace as they do in a server: in the record of acts, in a write of their own.
        """
        acts, self._today = sorted(self._today, key=lambda one: one.at), []
        traces = []
        for act, became in zip(acts, self._database.write_each_sync([act.do for act in acts]), strict=True):
            self.done[act.what] += 1
            if isinstance(became, Refusal):
                if became.status in AUDITED:
                    traces.append(partial(_trace, act=act, refusal=became))
                act.refused(became)
            else:
                act.then(became)
        self._database.write_each_sync(traces)


def _trace(tx: Transaction, act: Act, refusal: Refusal) -> None:
    codes = [refusal.code, *(one.code for one in refusal.blockers if one.code != refusal.code)]
    audit.record(tx, act.what, act.about, by=act.by, now=act.at, outcome="refused", facts={"codes": codes})
