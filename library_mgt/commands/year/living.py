"""Living the year, day by day."""

import random
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from configuration.commands import Demo
from configuration.kit.database import Transaction
from configuration.kit.days import instant
from library_mgt.commands.furnishing import bring_in, sample_books
from library_mgt.commands.year import office, visits
from library_mgt.commands.year.agenda import Agenda
from library_mgt.commands.year.counter import Counter
from library_mgt.commands.year.nights import Nights
from library_mgt.commands.year.readers import Reader, readers
from library_mgt.commands.year.records import Mark, Week, counted
from library_mgt.commands.year.seasons import WEEK
from library_mgt.commands.year.setting import DAY, Library
from library_mgt.commands.year.shelves import Shelves
from library_mgt.domain.calendar import always_open
from library_mgt.models.request.patrons import PatronCreate
from library_mgt.services import catalogue, forgetting, patrons


@dataclass(frozen=True, slots=True)
class Year:
    """How long the year is and what drives it: `first` is its first day, a Monday."""

    titles: int
    patrons: int
    seed: int
    first: date
    weeks: int

    @property
    def last(self) -> date:
        """The last day, a Sunday."""
        return self.first + self.weeks * WEEK - DAY


@dataclass
class Lived:
    """What has been lived so far."""

    year: Year
    library: Library
    weeks: list[Week] = field(default_factory=list)
    mark: Mark = field(default_factory=Mark)

    @property
    def acts(self) -> "Tally[str]":
        """How often each use case was called by somebody."""
        return self.library.agenda.done


def furnish(demo: Demo, year: Year) -> Lived:
    """The library before its doors open: books, copies, rules, readers."""
    settings, chance = demo.settings.library, random.Random(year.seed)  # noqa: S311 - a simulation, not a secret
    eve = instant(datetime.combine(year.first - DAY, time(12)), settings.zone_info)
    before = Demo(demo.database, demo.settings, demo.people, demo.by, lambda: eve, demo.say)
    bring_in(before, *sample_books(demo.say, year.titles))
    demo.database.write_sync(catalogue.give_numbers)
    shelves = demo.database.read_sync(Shelves, chance, settings.zone_info)
    desk = {one.roles[0]: one.actor for one in demo.people if one.service == "library"}
    librarian, assistant = desk["librarian"], desk["library_assistant"]
    shelves.stock(demo.database, by=librarian, now=eve)
    library = Library(
        demo.database,
        settings,
        chance,
        readers(demo.people, year.patrons, chance),
        shelves,
        librarian,
        assistant,
        Agenda(demo.database),
        year.first - DAY,
        always_open(settings.zone_info),
    )
    office.furnish_rules(library)
    welcome(library, year.last)
    return Lived(year, library)


def welcome(library: Library, last: date) -> None:
    """Register guests, and let those who want to be remembered say so."""
    now, until = library.clock(), last + timedelta(days=90)

    def register(tx: Transaction, reader: Reader) -> None:
        new = PatronCreate(number=str(reader.number), display_name=reader.name, group="guest", until=until)
        patrons.add_local_patron(tx, new, by=library.librarian, now=now, **library.zone)

    def remember(tx: Transaction, some: Sequence[Reader]) -> None:
        for one in some:
            forgetting.choose_history(tx, kept=True, days=library.settings.forget_after_days, by=one.actor, now=now)

    for one in library.readers:
        if one.local:
            library.database.write_sync(register, one)
    library.database.write_sync(remember, [one for one in library.readers if one.remembers])


def live(lived: Lived) -> Iterator[date]:
    """Live the year; answers each day when it is over."""
    library, year = lived.library, lived.year
    nights, counter = Nights(library), Counter(library)
    library.day = year.first
    announced = office.announce(library, year.last)
    for place in range(year.weeks * 7):
        day = year.first + place * DAY
        library.dawn(day)
        nights.run()
        for doing in announced.get(day, ()):
            doing()
        library.dawn(day)
        library.database.read_sync(library.shelves.look)
        if library.hours is not None:
            counter.open()
        counter.tell()
        for plan in library.agenda.plans_of(day):
            plan()
        visits.people_come(library)
        library.agenda.live()
        if day.weekday() == 6:
            close_week(lived)
        yield day


def close_week(lived: Lived) -> None:
    """Count what the week came to."""
    now = lived.library.at(time(23, 59))
    week, lived.mark = lived.library.database.read_sync(counted, lived.mark, now=now)
    lived.weeks.append(week)
