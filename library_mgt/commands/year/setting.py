"""What everybody in the simulated library shares: its database and rules, its people, its shelves, and the day."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from configuration.kit.database import Database, Transaction
from configuration.kit.days import instant
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.settings import LibrarySettings
from library_mgt.commands.year.agenda import Act, Agenda, Plan, nothing
from library_mgt.commands.year.readers import Reader
from library_mgt.commands.year.shelves import Shelves
from library_mgt.domain.calendar import Calendar, Hours
from library_mgt.domain.waiting import Wait
from library_mgt.repository import policies

DAY = timedelta(days=1)
PLACE = "main"


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a reader was told when they requested: on which day, and how long it would take."""

    request_id: int
    on: date
    wait: Wait


@dataclass
class Library:
    """The library on one of its days."""

    database: Database
    settings: LibrarySettings
    chance: random.Random
    readers: Sequence[Reader]
    shelves: Shelves
    librarian: Actor
    assistant: Actor
    agenda: Agenda
    day: date
    calendar: Calendar
    foretold: dict[int, Foretold] = field(default_factory=dict)
    ready: set[int] = field(default_factory=set)
    """Requests of which the readers know that a copy lies ready."""
    by_person: dict[str, Reader] = field(init=False)

    def __post_init__(self) -> None:
        self.by_person = {one.person: one for one in self.readers}

    def dawn(self, day: date) -> None:
        """Begin a day: look at the hours as they stand."""
        self.day = day
        self.calendar = self.database.read_sync(_hours, self.settings)

    @property
    def hours(self) -> Hours | None:
        """Today's hours, where it opens."""
        return self.calendar.hours(self.day)

    def clock(self) -> datetime:
        """The early morning of the day, when all of the night's tasks have come due."""
        return self.at(time(7, 5))

    def at(self, hour: time, minutes: float = 0) -> datetime:
        """A time of today."""
        return instant(datetime.combine(self.day, hour), self.settings.zone_info) + timedelta(minutes=minutes)

    def sometime(self) -> datetime:
        """Any moment while it is open today, the first half hour and the last minutes left out."""
        assert self.hours is not None
        opens, closes = self.at(self.hours.opens, 30), self.at(self.hours.closes, -10)
        return opens + (closes - opens) * self.chance.random()

    def whenever(self) -> datetime:
        """Any moment of today at which people sit at a screen."""
        return self.at(time(8), self.chance.uniform(0, 15 * 60))

    def happens(self, share: float) -> bool:
        """Draw whether something with that chance happens."""
        return self.chance.random() < share

    def in_days(self, least: float, most: float) -> date:
        """Some day between so many days from now; tomorrow at the earliest."""
        return self.day + max(1, round(self.chance.uniform(least, most))) * DAY

    def when_open(self, day: date, plan: Plan) -> None:
        """Mean to go there on a day, or else on the first open one after it."""
        self.agenda.on(max(self.day + DAY, day), partial(self._if_open, plan))

    def _if_open(self, plan: Plan) -> None:
        if self.hours is not None:
            plan()
        else:
            self.agenda.on(self.day + DAY, partial(self._if_open, plan))

    def act(
        self,
        at: datetime,
        what: str,
        about: str,
        by: Actor,
        use_case: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], None] = nothing,
        refused: Callable[[Refusal], None] = nothing,
        **options: Any,
    ) -> None:
        """Put a use case of the services on today's list; it is told who acts, and when."""

        def do(tx: Transaction) -> Any:
            return use_case(tx, *args, by=by, now=at, **options)

        self.agenda.add(Act(at, what, about, by, do, then, refused))

    @property
    def zone(self) -> dict[str, Any]:
        """The argument of use cases that reckon with days."""
        return {"zone": self.settings.zone_info}


def _hours(tx: Transaction, settings: LibrarySettings) -> Calendar:
    return policies.in_force(tx).calendar(PLACE, settings.zone_info)
