"""Hours for librarians: weekly hours, days that differ, and closures with what they would move."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.pagination import CursorDep, decode_cursor, encode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.forms import given, read, version_of
from configuration.kit.web.urls import next_link
from library_mgt.controllers.closing import go_through
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.dependencies import DatabaseDep, Id, LibrarianDep, Now, Zone
from library_mgt.models.request.calendar import ClosureCreate, DayPut, WeekPut
from library_mgt.models.request.fields import Code
from library_mgt.models.response.calendar import CalendarRead, ClosureRead
from library_mgt.services import calendars, closures
from library_mgt.services.closures import Mark

MOST = 200
router = APIRouter(include_in_schema=False)
Location = Annotated[Code, Path()]
Day = Annotated[date, Path()]


def _location(tx: Transaction, location: str) -> Said:
    record = calendars.calendar_record(tx, location)
    return {
        "calendar": record,
        "hours": {one.weekday: one for one in record.hours},
        "days": calendars.days_listed(tx, location, limit=MOST),
        "closures": closures.closures_listed(tx, location, limit=MOST),
    }


@router.get("/calendar", name="pages:calendars")
async def locations(request: Request, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep) -> Response:
    """The locations; where there is one alone, its hours."""
    found = await db.read(calendars.calendars_listed, limit=MOST)
    if len(found) == 1:
        return pages.redirect(f"/calendar/{found[0].location}")
    return pages.render(request, "calendars.html", locations=found)


@router.get("/calendar/closures/{closure_id}", name="pages:closure")
async def closure_page(
    request: Request,
    closure_id: Id,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: LibrarianDep,
    now: Now,
    zone: Zone,
    cursor: CursorDep,
) -> Response:
    """What a closure would move, or moved."""
    mark = Mark(*decode_cursor(cursor, str, int)) if cursor else None
    found = await db.read(closures.closure, closure_id)
    shifts, ahead = await db.read(closures.shifts, closure_id, mark, limit=MOST, now=now, zone=zone)
    following = encode_cursor(ahead.kind, ahead.after) if ahead is not None else None
    return pages.render(request, "closure.html", closure=found, shifts=shifts, next_url=next_link(request, following))


@router.post("/calendar/closures/{closure_id}/apply", name="pages:closure:apply")
async def apply(closure_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Close the days, and move what lies on them."""
    back = f"/calendar/closures/{closure_id}"
    try:
        await _step(closures.apply, closure_id, actor, doing)
        await go_through(doing.db, closures.move_some, closure_id, by=actor, now=doing.now, zone=doing.zone)
    except Refusal as refusal:
        return doing.back(back, refusal.detail, "danger")
    return doing.back(back, doing.say("The days are closed, and what lay on them is moved."))


@router.post("/calendar/closures/{closure_id}/undo", name="pages:closure:undo")
async def undo(closure_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Open the days again, and move back what nothing changed since."""
    back = f"/calendar/closures/{closure_id}"
    try:
        await _step(closures.undo, closure_id, actor, doing)
        await go_through(doing.db, closures.restore_some, closure_id, by=actor, now=doing.now)
    except Refusal as refusal:
        return doing.back(back, refusal.detail, "danger")
    return doing.back(back, doing.say("The closure is undone."), "info")


async def _step(use_case: Any, closure_id: int, actor: Actor, doing: Doing) -> None:
    version = version_of(doing.fields)
    about = f"closure:{closure_id}"
    await doing.act(use_case, closure_id, version=version, about=about, by=actor, answer=ClosureRead)


@router.get("/calendar/{location}", name="pages:calendar")
async def location_page(
    request: Request, location: Location, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep
) -> Response:
    """Weekly hours, days that differ, and closures of a location."""
    shown = await db.read(_location, location)
    return pages.render(request, "calendar.html", values=Fields(), errors=[], **shown)


@router.post("/calendar/{location}/hours", name="pages:calendar:hours")
async def set_week(location: Location, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Save the weekly hours; a weekday with empty fields is closed."""
    fields = doing.fields
    hours = [
        {"weekday": weekday, "opens": fields[f"opens_{weekday}"], "closes": fields[f"closes_{weekday}"]}
        for weekday in range(7)
        if fields[f"opens_{weekday}"] or fields[f"closes_{weekday}"]
    ]
    both = doing.say("Give both times, or neither where it is closed.")
    errors = [
        FieldError(both, f"{name}_{day['weekday']}") for day in hours for name in ("opens", "closes") if not day[name]
    ]
    if errors:
        return await _again(location, doing, errors)
    week, errors = read(WeekPut, {"hours": hours})
    if week is not None:
        try:
            await _put(calendars.set_week, location, week, actor=actor, doing=doing)
            return doing.back(f"/calendar/{location}", doing.say("The weekly hours are saved."))
        except Refusal as refusal:
            errors = faults_of(refusal)
    return await _again(location, doing, errors)


@router.post("/calendar/{location}/days", name="pages:calendar:day")
async def set_day(location: Location, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Give a day other hours."""
    opening, errors = read(DayPut, given(doing.fields, "opens", "closes", "reason"))
    day = _day(doing.fields["day"])
    if day is None:
        errors.append(FieldError(doing.say("Choose a day."), "day"))
    elif opening is not None:
        try:
            await _put(calendars.set_day, location, day, opening, actor=actor, doing=doing)
            return doing.back(f"/calendar/{location}", doing.say("The day has its own hours."))
        except Refusal as refusal:
            errors = faults_of(refusal)
    return await _again(location, doing, errors)


@router.post("/calendar/{location}/days/{day}/clear", name="pages:calendar:clear")
async def clear_day(location: Location, day: Day, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Let a day be as its weekday is."""
    try:
        await _put(calendars.clear_day, location, day, actor=actor, doing=doing)
    except Refusal as refusal:
        return doing.back(f"/calendar/{location}", refusal.detail, "danger")
    return doing.back(f"/calendar/{location}", doing.say("The day is as its weekday is."), "info")


@router.post("/calendar/{location}/closures", name="pages:calendar:close")
async def plan(location: Location, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Plan a closure, and show what it would move."""
    named = {"first_day": doing.fields["first_day"] or None, "last_day": doing.fields["last_day"] or None}
    wish, errors = read(ClosureCreate, {"location": location, "reason": doing.fields["why"], **named})
    if wish is not None:
        try:
            made = await doing.act(
                closures.plan, wish, zone=doing.zone, about=f"calendar:{location}", by=actor, answer=ClosureRead
            )
            return doing.back(f"/calendar/closures/{made['id']}")
        except Refusal as refusal:
            errors = faults_of(refusal)
    named_here = [FieldError(e.text, {"reason": "why"}.get(e.field, e.field), e.code, e.override) for e in errors]
    return await _again(location, doing, named_here)


async def _put(use_case: Any, location: str, *args: Any, actor: Actor, doing: Doing) -> None:
    version = version_of(doing.fields)
    about = f"calendar:{location}"
    await doing.act(use_case, location, *args, version=version, about=about, by=actor, answer=CalendarRead)


async def _again(location: str, doing: Doing, errors: list[FieldError]) -> Response:
    shown = await doing.db.read(_location, location)
    return doing.pages.render(doing.request, "calendar.html", 422, values=doing.fields, errors=errors, **shown)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
