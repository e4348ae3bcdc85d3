"""Hours of locations over HTTP, and closures with what they move."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import CursorDep, Page, cut, decode_cursor, encode_cursor, set_next_link
from configuration.kit.versions import etag
from library_mgt.controllers.closing import go_through
from library_mgt.dependencies import DatabaseDep, Id, KeyDep, LibrarianDep, LimitDep, Now, Version, Zone
from library_mgt.models.data.calendars import CalendarView, ClosureView, DayView, Shift
from library_mgt.models.request.calendar import ClosureCreate, DayPut, WeekPut
from library_mgt.models.request.fields import Code
from library_mgt.models.response.calendar import CalendarRead, CalendarSummaryRead, ClosureRead, DayRead, ShiftRead
from library_mgt.services import calendars, closures
from library_mgt.services.closures import Mark

router = APIRouter(prefix="/calendars", tags=["calendars"])
Location = Annotated[Code, Path(description="The location's code.")]
Day = Annotated[date, Path(description="A day of the location.")]


@router.get("", name="library:calendars", response_model=Page[CalendarSummaryRead])
async def calendars_listed(
    request: Request, response: Response, db: DatabaseDep, _librarian: LibrarianDep, cursor: CursorDep, limit: LimitDep
) -> dict[str, list[CalendarView] | str | None]:
    """Locations by their code, and which version their hours are at."""
    (after,) = decode_cursor(cursor, str) if cursor else ("",)
    found = await db.read(calendars.calendars_listed, after=after, limit=limit + 1)
    items, following = cut(found, limit, lambda one: (one.location,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("/closures", name="library:plan_closure", status_code=201, response_model=ClosureRead)
async def plan_closure(
    closure: ClosureCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Plan to close a location on some days. Nothing is closed yet; its shifts tell what would move."""
    return await act(
        db, key, closures.plan, closure, zone=zone, about=f"calendar:{closure.location}", by=librarian, now=now,
        answer=ClosureRead, etag=etag,
    )  # fmt: skip


@router.get("/closures/{closure_id}", name="library:closure", response_model=ClosureRead)
async def closure_for(closure_id: Id, response: Response, db: DatabaseDep, _librarian: LibrarianDep) -> ClosureView:
    """A closure."""
    found = await db.read(closures.closure, closure_id)
    response.headers["ETag"] = etag(found)
    return found


@router.get("/closures/{closure_id}/shifts", name="library:closure_shifts", response_model=Page[ShiftRead])
async def shifts(
    closure_id: Id,
    request: Request,
    response: Response,
    db: DatabaseDep,
    _librarian: LibrarianDep,
    now: Now,
    zone: Zone,
    cursor: CursorDep,
    limit: LimitDep,
) -> dict[str, list[Shift] | str | None]:
    """The due dates and ready-until that a plan would move, or that a closure moved.

    A page of a plan may be empty and yet have a next one.
    """
    mark = Mark(*decode_cursor(cursor, str, int)) if cursor else None
    items, ahead = await db.read(closures.shifts, closure_id, mark, limit=limit, now=now, zone=zone)
    following = encode_cursor(ahead.kind, ahead.after) if ahead is not None else None
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.post("/closures/{closure_id}/apply", name="library:apply_closure", response_model=ClosureRead)
async def apply_closure(
    closure_id: Id, db: DatabaseDep, librarian: LibrarianDep, now: Now, zone: Zone, version: Version
) -> Answer:
    """Close the days, and move what lies on them. Asking again goes on where it was interrupted."""
    answer = await act(
        db, None, closures.apply, closure_id, version=version, about=f"closure:{closure_id}", by=librarian, now=now,
        answer=ClosureRead, status=200, etag=etag,
    )  # fmt: skip
    await go_through(db, closures.move_some, closure_id, by=librarian, now=now, zone=zone)
    return answer


@router.post("/closures/{closure_id}/undo", name="library:undo_closure", response_model=ClosureRead)
async def undo_closure(closure_id: Id, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: Version) -> Answer:
    """Open the days again, and move back what nothing changed since. A plan is given up by it."""
    answer = await act(
        db, None, closures.undo, closure_id, version=version, about=f"closure:{closure_id}", by=librarian, now=now,
        answer=ClosureRead, status=200, etag=etag,
    )  # fmt: skip
    await go_through(db, closures.restore_some, closure_id, by=librarian, now=now)
    return answer


@router.get("/{location}", name="library:calendar", response_model=CalendarRead)
async def calendar_for(
    location: Location, response: Response, db: DatabaseDep, _librarian: LibrarianDep
) -> calendars.CalendarRecord:
    """The weekly hours of a location."""
    found = await db.read(calendars.calendar_record, location)
    response.headers["ETag"] = etag(found)
    return found


@router.put("/{location}/hours", name="library:set_week", response_model=CalendarRead)
async def set_week(
    location: Location, week: WeekPut, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: Version
) -> Answer:
    """Write the weekly hours. They count for what is lent from now on; due dates that stand are not moved by them."""
    return await act(
        db, None, calendars.set_week, location, week, version=version, about=f"calendar:{location}", by=librarian,
        now=now, answer=CalendarRead, status=200, etag=etag,
    )  # fmt: skip


@router.get("/{location}/days", name="library:calendar_days", response_model=Page[DayRead])
async def days_listed(
    location: Location,
    request: Request,
    response: Response,
    db: DatabaseDep,
    _librarian: LibrarianDep,
    cursor: CursorDep,
    limit: LimitDep,
) -> dict[str, list[DayView] | str | None]:
    """The days that differ from their weekdays, the earliest first."""
    (after,) = decode_cursor(cursor, int) if cursor else (1,)
    day = date.fromordinal(min(max(after, 1), date.max.toordinal()))
    found = await db.read(calendars.days_listed, location, after=day, limit=limit + 1)
    items, following = cut(found, limit, lambda one: (one.day.toordinal(),))
    set_next_link(request, response, following)
    return {"items": items, "next": following}


@router.put("/{location}/days/{day}", name="library:set_day", response_model=CalendarRead)
async def set_day(
    location: Location,
    day: Day,
    opening: DayPut,
    db: DatabaseDep,
    librarian: LibrarianDep,
    now: Now,
    version: Version,
) -> Answer:
    """Give a day other hours. To close it, plan a closure: that tells what would move."""
    return await act(
        db, None, calendars.set_day, location, day, opening, version=version, about=f"calendar:{location}",
        by=librarian, now=now, answer=CalendarRead, status=200, etag=etag,
    )  # fmt: skip


@router.delete("/{location}/days/{day}", name="library:clear_day", response_model=CalendarRead)
async def clear_day(
    location: Location, day: Day, db: DatabaseDep, librarian: LibrarianDep, now: Now, version: Version
) -> Answer:
    """Let a day be as its weekday is. Asking twice is harmless."""
    return await act(
        db, None, calendars.clear_day, location, day, version=version, about=f"calendar:{location}", by=librarian,
        now=now, answer=CalendarRead, status=200, etag=etag,
    )  # fmt: skip


@router.get("/{location}/closures", name="library:closures", response_model=Page[ClosureRead])
async def closures_listed(
    location: Location,
    request: Request,
    response: Response,
    db: DatabaseDep,
    _librarian: LibrarianDep,
    cursor: CursorDep,
    limit: LimitDep,
) -> dict[str, list[ClosureView] | str | None]:
    """The closures of a location, planned, applied and undone, the latest first."""
    (before,) = decode_cursor(cursor, int) if cursor else (2**62,)
    found = await db.read(closures.closures_listed, location, before=before, limit=limit + 1)
    items, following = cut(found, limit, lambda one: (one.id,))
    set_next_link(request, response, following)
    return {"items": items, "next": following}
