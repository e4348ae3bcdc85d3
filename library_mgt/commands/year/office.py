"""The office: the rules that the year begins with, the change in its middle, and the days on which all is closed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from configuration.kit.database import Transaction
from library_mgt.commands.year import seasons
from library_mgt.commands.year.seasons import Stretch
from library_mgt.commands.year.setting import DAY, PLACE, Library
from library_mgt.models.request.calendar import ClosureCreate
from library_mgt.models.request.policy import PolicyChange, PolicyCreate, PolicyValues
from library_mgt.services import calendars, closures, policies, waiting

LOST_AFTER = 42
FIRST_RULES = PolicyValues(
    auto_approve=True,
    closed_days="NEXT_OPEN",
    recall_allowed=True,
    recall_guarantee_days=14,
    recall_interval_days=7,
    max_loans=20,
    fine_minor=20,
    fine_cap_minor=1000,
    lost_after_days=LOST_AFTER,
    lost_fee_minor=1500,
    block_debt_minor=2000,
    block_overdue=4,
)
FACULTY = PolicyCreate(group_code="faculty", values=PolicyValues(loan_period=56, renewals=4, renewal_period=56))
CHANGED_RULES = PolicyCreate(
    group_code="student", values=PolicyValues(loan_period=21, renewals=3, renewal_period=21, fine_minor=30)
)
"""From the middle of the year on students have their books for three weeks, may renew once more, and pay more."""
BUDGET = 0.004
"""So many copies for each title of the library can be bought each month."""
NOTICE = timedelta(days=21)
"""How long before it a planned closure is announced."""
UNPLANNED = Stretch(date.min, date.min + 2 * DAY, "A pipe has burst above the reading room")


def furnish_rules(library: Library) -> None:
    """Before the first day: rules, weekly hours, and the days on which the law closes the library."""
    database, by, now = library.database, library.librarian, library.clock()
    first = database.read_sync(policies.policies_listed, limit=1)[0]
    change = PolicyChange(values=FIRST_RULES)
    database.write_sync(policies.change_policy, first.id, change, version=first.version, by=by, now=now)
    database.write_sync(policies.add_policy, FACULTY, by=by, now=now)
    hours = database.read_sync(calendars.calendar_record, PLACE)
    database.write_sync(calendars.set_week, PLACE, seasons.HOURS, version=hours.version, by=by, now=now)


def announce(library: Library, last: date) -> dict[date, list[Callable[[], None]]]:
    """What the office does on which day of the year."""
    first = library.day
    middle = first + (last - first) / 2
    doing: dict[date, list[Callable[[], None]]] = {middle: [partial(change_rules, library)]}
    for one in (*seasons.holidays(first, last), seasons.winter_break(first, last)):
        if one is not None:
            doing.setdefault(max(first, one.first - NOTICE), []).append(partial(close, library, one))
    for day in seasons.days_of(first, last):
        if day.day == 1 and day > first:
            doing.setdefault(day, []).append(partial(buy, library))
    burst = _weekday(middle + (last - middle) / 4)
    flood = Stretch(burst, burst + (UNPLANNED.last - UNPLANNED.first), UNPLANNED.what)
    doing.setdefault(burst, []).append(partial(close, library, flood))
    strike = _weekday(first + (middle - first) / 3)
    doing.setdefault(strike - 5 * DAY, []).append(partial(close, library, Stretch(strike, strike, "Strike"), undo=True))
    return doing


def change_rules(library: Library) -> None:
    """Another rule for students; what is out keeps the rule it was lent under."""
    library.database.write_sync(policies.add_policy, CHANGED_RULES, by=library.librarian, now=library.clock())


def buy(library: Library) -> None:
    """Buy copies of what readers wait for too long, as the library itself suggests, as far as the money goes."""
    database, days = library.database, library.settings.purchase_wait_days
    asked: dict[str, Any] = {"days": days, "now": library.clock(), "zone": library.settings.zone_info}
    after: tuple[int, str] | None = (0, "")
    found: list[waiting.Suggestion] = []
    while after is not None:
        some, after = database.read_sync(waiting.suggestions, after=after, limit=200, **asked)
        found += some
    left = round(len(library.shelves.titles) * BUDGET)
    for one in sorted(found, key=lambda one: (-one.waiting, one.title_id)):
        more = min(one.copies_needed, left)
        library.shelves.buy(database, one.title_id, more, by=library.librarian, now=library.clock())
        left -= more


def close(library: Library, days: Stretch, *, undo: bool = False) -> None:
    """Plan a closure, apply it, and move what lies on its days; one that is called off is undone two days later."""
    database, by, now, zone = library.database, library.librarian, library.clock(), library.settings.zone_info
    wish = ClosureCreate(location=PLACE, first_day=days.first, last_day=days.last, reason=days.what)
    planned = database.write_sync(closures.plan, wish, by=by, now=now, zone=zone)
    applied = database.write_sync(closures.apply, planned.id, version=planned.version, by=by, now=now)
    _all(library, closures.move_some, applied.id, now, zone=zone)
    if undo:
        library.agenda.on(library.day + 2 * DAY, partial(call_off, library, applied.id, applied.version))


def call_off(library: Library, closure_id: int, version: int) -> None:
    """Open the days again, and move back what nothing changed since."""
    now = library.clock()
    library.database.write_sync(closures.undo, closure_id, version=version, by=library.librarian, now=now)
    _all(library, closures.restore_some, closure_id, now)


def _all(library: Library, move: Callable[..., Any], closure_id: int, now: datetime, **zone: Any) -> None:
    """Move everything, unit by unit."""

    def some(tx: Transaction, mark: Any) -> Any:
        return move(tx, closure_id, mark, by=library.librarian, now=now, **zone)

    mark = library.database.write_sync(some, None)
    while mark is not None:
        mark = library.database.write_sync(some, mark)


def _weekday(day: date) -> date:
    """The first Tuesday from a day on."""
    return day + ((1 - day.weekday()) % 7) * DAY
