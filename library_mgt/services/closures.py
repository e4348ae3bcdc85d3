"""Closing days: planned, so that one sees what would move; applied; and undone, as far as nothing changed since.

Applying closes the days at once. What lies on them is moved in short units afterwards, each of which may be repeated:
whoever applies again after a crash goes on where it stopped. The library's clock does so by itself, and moves at the
same time what was lent while the days were being closed: such a loan read the hours before, and was written after.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day, start_of_day
from configuration.kit.errors import Blocker, VersionMismatch
from configuration.kit.features import audit
from configuration.kit.features.jobs import Advance, Effect, Job, Work, Workplace
from configuration.kit.security.actor import Actor
from library_mgt.domain.calendar import Calendar, NoOpenDay
from library_mgt.domain.closures import moved_due, moved_pickup, with_closed
from library_mgt.domain.rules import days_of
from library_mgt.errors import ClosureNotFound, DayHasHours, DayPassed, NoDayOpen, illegal
from library_mgt.models.data.calendars import ClosureView, Shift
from library_mgt.models.request.calendar import ClosureCreate
from library_mgt.repository import calendars, policies
from library_mgt.repository import closures as rows
from library_mgt.services.calendars import calendar_record, configured, seen
from library_mgt.services.trail import told

CHUNK = 100
"""Loans or requests moved in one unit of work, so that the desk waits little."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a list of shifts was gone through: `loan`, `request` or `shift`, and the last id seen."""

    kind: str
    after: int


def plan(tx: Transaction, wish: ClosureCreate, *, by: Actor, now: datetime, zone: tzinfo) -> ClosureView:
    """Note the days; nothing is closed yet, and `shifts` tells what would move."""
    seen(tx, wish.location)
    calendar = policies.in_force(tx).calendar(wish.location, zone)
    if wish.first_day < calendar.day_of(now):
        detail = "A closure begins today or later."
        raise DayPassed(detail, blockers=[Blocker(DayPassed.code, detail, "/first_day")])
    _free(tx, wish.location, wish)
    try:
        with_closed(calendar, days_of(wish.first_day, wish.last_day)).next_open(wish.last_day)
    except NoOpenDay as closed:
        raise NoDayOpen(str(closed), blockers=[Blocker(NoDayOpen.code, str(closed), "/last_day")]) from None
    closure_id = calendars.add_closure(tx, **wish.model_dump(), planned_at=now, planned_by=by.person)
    _record(tx, "planned", closure_id, wish.location, by=by, now=now)
    return closure(tx, closure_id)


def apply(tx: Transaction, closure_id: int, *, version: int, by: Actor, now: datetime) -> ClosureView:
    """Close the days. `move_some` follows, until everything is moved that lies on them."""
    present = _locked(tx, closure_id)
    if present.state == "APPLIED":
        return present
    _may_become(present, "APPLIED", ("PLANNED",), version)
    differing = _free(tx, present.location, present)
    configured(tx, seen(tx, present.location), by=by, now=now)
    closed = [day for day in days_of(present.first_day, present.last_day) if day not in differing]
    calendars.close_days(tx, present.location, closed, closure_id=closure_id, reason=present.reason)
    calendars.move_closure(tx, closure_id, "APPLIED", now=now)
    _record(tx, "applied", closure_id, present.location, by=by, now=now)
    return closure(tx, closure_id)


def undo(tx: Transaction, closure_id: int, *, version: int, by: Actor, now: datetime) -> ClosureView:
    """Open the days again. `restore_some` follows, until everything is moved back that nothing changed since."""
    present = _locked(tx, closure_id)
    if present.state == "UNDONE":
        return present
    _may_become(present, "UNDONE", ("PLANNED", "APPLIED"), version)
    configured(tx, seen(tx, present.location), by=by, now=now)
    calendars.reopen(tx, closure_id)
    calendars.move_closure(tx, closure_id, "UNDONE", now=now)
    _record(tx, "undone", closure_id, present.location, by=by, now=now)
    return closure(tx, closure_id)


def move_some(
    tx: Transaction, closure_id: int, mark: Mark | None = None, *, by: Actor, now: datetime, zone: tzinfo
) -> Mark | None:
    """Move the next due dates and ready-until that lie on the closed days; answers where to go on, if anywhere."""
    present = _locked(tx, closure_id)
    if present.state != "APPLIED":
        return None
    found, following = _touched(tx, present, mark or Mark("loan", 0), CHUNK, now=now, zone=zone)
    for one in found:
        if rows.shift(tx, closure_id, one):
            _tell(tx, "DUE_DATE_MOVED", "KEPT_LONGER", one, closure_id, by=by, now=now)
    return following


def restore_some(
    tx: Transaction, closure_id: int, mark: Mark | None = None, *, by: Actor, now: datetime
) -> Mark | None:
    """Move back the next of what the closure moved; answers where to go on, if anywhere."""
    if _locked(tx, closure_id).state != "UNDONE":
        return None
    found = rows.moved_by(tx, closure_id, after=mark.after if mark else 0, limit=CHUNK)
    for one in found:
        if one.undone is None and rows.unshift(tx, one, now=now):
            back = Shift(one.loan_id, one.request_id, None, None, one.becomes, one.was)
            _tell(tx, "DUE_DATE_MOVED_BACK", "KEPT_AS_BEFORE", back, closure_id, by=by, now=now)
    return Mark("shift", found[-1].id) if len(found) == CHUNK else None


def finishing(*, by: Actor, zone: tzinfo) -> Work:
    """Work that moves what closures still have to move, and moves back what those that were undone still hold."""

    def work(place: Workplace, job: Job) -> Generator[Effect, None, None]:
        for closure_id in place.read(calendars.unsettled, today=local_day(job.started_at or job.created_at, zone)):
            chunk: _Chunk | None = _Chunk(closure_id, None, by, zone)
            while chunk is not None:
                place.breathe()
                yield chunk
                chunk = chunk.following
        yield lambda _tx, _job, _now: Advance(state="done")

    return work


@dataclass
class _Chunk:
    """A unit of such work; `following` is the next of the same closure, known once this one was done."""

    closure_id: int
    mark: Mark | None
    by: Actor
    zone: tzinfo
    following: "_Chunk | None" = None

    def __call__(self, tx: Transaction, _: Job, now: datetime) -> Advance:
        """Go on where the mark says."""
        if closure(tx, self.closure_id).state == "UNDONE":
            mark = restore_some(tx, self.closure_id, self.mark, by=self.by, now=now)
        else:
            mark = move_some(tx, self.closure_id, self.mark, by=self.by, now=now, zone=self.zone)
        self.following = None if mark is None else replace(self, mark=mark, following=None)
        return Advance(done=1)


def shifts(
    tx: Transaction, closure_id: int, mark: Mark | None = None, *, limit: int = 50, now: datetime, zone: tzinfo
) -> tuple[list[Shift], Mark | None]:
    """What a closure would move, or moved, a page at a time. A page of a plan may be empty and yet have a next one."""
    present = closure(tx, closure_id)
    if present.state == "PLANNED":
        return _touched(tx, present, mark or Mark("loan", 0), limit, now=now, zone=zone)
    found = rows.shifts(tx, closure_id, after=mark.after if mark else 0, limit=limit)
    following = Mark("shift", found[-1][0]) if len(found) == limit else None
    return [shift for _, shift in found], following


def closure(tx: Transaction, closure_id: int) -> ClosureView:
    """A closure."""
    found = calendars.closure_by_id(tx, closure_id)
    if found is None:
        raise ClosureNotFound()
    return found


def closures_listed(tx: Transaction, location: str, *, before: int = 2**62, limit: int = 50) -> list[ClosureView]:
    """The closures of a location, the latest first."""
    calendar_record(tx, location)
    return calendars.closures(tx, location, before=before, limit=limit)


def _touched(
    tx: Transaction, present: ClosureView, mark: Mark, limit: int, *, now: datetime, zone: tzinfo
) -> tuple[list[Shift], Mark | None]:
    """The next due dates, then the next ready-until, that the closure moves."""
    before, after = _calendars(tx, present, zone)
    first = start_of_day(present.first_day, before.zone)
    if mark.kind == "loan":
        due = rows.loans_due(tx, present.location, first, after.end_of(present.last_day), after=mark.after, limit=limit)
        moves = [
            (loan_id, title, barcode, due_at, moved_due(policy, due_at, after))
            for loan_id, due_at, policy, title, barcode in due
            if before.is_open(before.day_of(due_at))
        ]
        found = [Shift(one, None, title, barcode, was, to) for one, title, barcode, was, to in moves if to is not None]
        return found, Mark("loan", due[-1][0]) if len(due) == limit else Mark("request", 0)
    today = local_day(now, before.zone)
    until = present.applied_at or now
    kept = rows.requests_ready(tx, present.id, present.location, first, until=until, after=mark.after, limit=limit)
    longer = [(row, moved_pickup(row.ready_until, today, before, after)) for row in kept]
    found = [Shift(None, row.id, row.title, row.barcode, row.ready_until, to) for row, to in longer if to is not None]
    return found, Mark("request", kept[-1].id) if len(kept) == limit else None


def _calendars(tx: Transaction, present: ClosureView, zone: tzinfo) -> tuple[Calendar, Calendar]:
    """The hours without the closure and with it."""
    now = policies.in_force(tx).calendar(present.location, zone)
    days = days_of(present.first_day, present.last_day)
    if present.state == "PLANNED":
        return now, with_closed(now, days)
    differing = calendars.days_between(tx, present.location, present.first_day, present.last_day)
    own = {one.day for one in differing if one.closure_id == present.id}
    others = {day: hours for day, hours in now.exceptions.items() if day not in own}
    return Calendar(now.zone, now.weekly, others), now


def _free(tx: Transaction, location: str, days: ClosureCreate | ClosureView) -> set[object]:
    """The days that are closed by something else; refused when one of them has hours of its own."""
    differing = calendars.days_between(tx, location, days.first_day, days.last_day)
    blockers = [
        Blocker(DayHasHours.code, f"{one.day.isoformat()} has hours of its own: {one.reason}.", "/first_day")
        for one in differing
        if one.opens is not None
    ]
    if blockers:
        raise DayHasHours(" ".join(blocker.detail for blocker in blockers), blockers=blockers)
    return {one.day for one in differing}


def _locked(tx: Transaction, closure_id: int) -> ClosureView:
    present = calendars.locked_closure(tx, closure_id)
    if present is None:
        raise ClosureNotFound()
    return present


def _may_become(present: ClosureView, target: str, from_any: tuple[str, ...], version: int) -> None:
    if present.version != version:
        raise VersionMismatch(f"The closure is at version {present.version} now; look at it again.")
    if present.state not in from_any:
        raise illegal("closure", present.state, target, {"PLANNED": ("APPLIED", "UNDONE")}.get(present.state, ()))


def _tell(
    tx: Transaction, of_loan: str, of_request: str, moved: Shift, closure_id: int, *, by: Actor, now: datetime
) -> None:
    kind = of_loan if moved.loan_id is not None else of_request
    times = {"was": moved.was.isoformat(), "becomes": moved.becomes.isoformat()}
    told(tx, kind, by=by, now=now, loan_id=moved.loan_id, request_id=moved.request_id, closure_id=closure_id, **times)


def _record(tx: Transaction, what: str, closure_id: int, location: str, *, by: Actor, now: datetime) -> None:
    audit.record(tx, f"closure.{what}", f"closure:{closure_id}", by=by, now=now, facts={"location": location})
