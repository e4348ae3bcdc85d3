"""The lists a desk works through, each the same on the page, on paper and as CSV."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from configuration.kit.database import Database, Transaction
from configuration.kit.days import local_day
from configuration.kit.pagination import BadCursor, decode_cursor
from configuration.kit.spreadsheets import MARK, csv_lines
from configuration.kit.web.home import MOST_COUNTED, counted
from configuration.kit.web.site import marked
from library_mgt.dependencies import DatabaseDep, DeskDep, Now, Zone
from library_mgt.services import desk_lists, waiting

View = Literal["approve", "pull", "shelf", "clear", "waiting", "overdue", "lost", "missing", "repair"]
Days = Annotated[int, Query(ge=0, le=3650, description="Overdue by at least that many days.")]
CHUNK = 500
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for."""

    now: datetime
    zone: ZoneInfo
    days: int = 0


Key = tuple[Any, ...]
Rows = Callable[[Transaction, Asked, Key, int], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its rows beyond a key, a row's key, and what stands in the columns of its CSV."""

    title: str
    rows: Rows
    key: Callable[[Any], Key]
    first: Key
    columns: Sequence[tuple[str, Callable[[Any, Asked], object]]] = field(default=())

    def after(self, cursor: str | None) -> Key:
        """The key that a cursor names; an instant in it is written out."""
        if not cursor:
            return self.first
        found = decode_cursor(cursor, *(str if isinstance(one, datetime) else type(one) for one in self.first))
        try:
            return tuple(
                _instant(value) if isinstance(one, datetime) else value
                for one, value in zip(self.first, found, strict=True)
            )
        except (ValueError, OverflowError):
            raise BadCursor("The cursor does not belong to this list; start again from the first page.") from None

    def cursor_key(self, row: Any) -> tuple[int | str | None, ...]:
        """A row's key as a cursor writes it."""
        return tuple(one.isoformat() if isinstance(one, datetime) else one for one in self.key(row))


def _instant(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        raise ValueError("An instant has a zone")
    return moment.astimezone(UTC)


def _in_state(state: str) -> Rows:
    return lambda tx, asked, after, limit: waiting.requests_waiting(
        tx, state=state, after=after[0], limit=limit, now=asked.now, zone=asked.zone
    )


def _day(moment: datetime | None, asked: Asked) -> str:
    return "" if moment is None else local_day(moment, asked.zone).isoformat()


def days_late(due_at: datetime, asked: Asked) -> int:
    """Days of the calendar since a loan was due."""
    return (local_day(asked.now, asked.zone) - local_day(due_at, asked.zone)).days


_TITLE = ("title", lambda row, _: row.title)
_BARCODE = ("barcode", lambda row, _: row.barcode)
_CALL_NUMBER = ("call number", lambda row, _: row.call_number)
_READER = ("reader", lambda row, _: row.display_name)
_NUMBER = ("reader number", lambda row, _: row.person)
_HOME = ("location", lambda row, _: row.location_name)
_REQUESTED = ("requested", lambda row, asked: _day(row.requested_at, asked))
_PICKUP = ("pickup", lambda row, _: row.pickup_name)
_AWAY = (_HOME, _CALL_NUMBER, _BARCODE, _TITLE, ("since", lambda row, asked: _day(row.changed_at, asked)))
_LATE = (
    ("days", lambda row, asked: days_late(row.due_at, asked)),
    ("due", lambda row, asked: _day(row.due_at, asked)),
    _BARCODE,
    _TITLE,
    _READER,
    _NUMBER,
)

LISTS: dict[View, Listing] = {
    "approve": Listing(
        marked("Requests to decide"),
        _in_state("PENDING_APPROVAL"),
        lambda row: (row.id,),
        (0,),
        (_REQUESTED, _TITLE, _READER, _NUMBER),
    ),
    "pull": Listing(
        marked("To pull from the shelves"),
        lambda tx, _, after, limit: desk_lists.to_pull(tx, after=after, limit=limit),
        lambda row: (row.copy_location or "", row.call_number or "", row.id),
        desk_lists.FIRST_MARK,
        (("location", lambda row, _: row.copy_location), _CALL_NUMBER, _BARCODE, _TITLE, _PICKUP, _REQUESTED),
    ),
    "shelf": Listing(
        marked("Hold shelf"),
        lambda tx, _, after, limit: desk_lists.on_hold_shelf(tx, after=after, limit=limit),
        lambda row: (row.ready_until, row.id),
        desk_lists.FIRST_TIME,
        (("kept until", lambda row, asked: _day(row.ready_until, asked)), _PICKUP, _BARCODE, _TITLE, _READER, _NUMBER),
    ),
    "clear": Listing(
        marked("Clear the hold shelf"),
        lambda tx, _, after, limit: desk_lists.left_on_shelf(tx, after=after[0], limit=limit),
        lambda row: (row.copy_id,),
        (0,),
        (_PICKUP, _BARCODE, _TITLE, _HOME, _CALL_NUMBER, ("since", lambda row, asked: _day(row.ended_at, asked))),
    ),
    "waiting": Listing(
        marked("Waiting for a copy"),
        _in_state("QUEUED"),
        lambda row: (row.id,),
        (0,),
        (_REQUESTED, ("place", lambda row, _: row.position), _TITLE, _READER, _NUMBER),
    ),
    "overdue": Listing(
        marked("Overdue"),
        lambda tx, asked, after, limit: desk_lists.overdue(
            tx, days=asked.days, after=after, limit=limit, now=asked.now, zone=asked.zone
        ),
        lambda row: (row.due_at, row.id),
        desk_lists.FIRST_TIME,
        (*_LATE, ("renewals", lambda row, _: row.renewals)),
    ),
    "lost": Listing(
        marked("Overdue so long that they count as lost"),
        lambda tx, asked, after, limit: desk_lists.counting_as_lost(
            tx, after=after, limit=limit, now=asked.now, zone=asked.zone
        ),
        lambda row: (row.due_at, row.id),
        desk_lists.FIRST_TIME,
        (*_LATE, ("lost after", lambda row, _: row.lost_after_days)),
    ),
    "missing": Listing(
        marked("Missing"),
        lambda tx, _, after, limit: desk_lists.missing(tx, after=after, limit=limit),
        lambda row: (row.location, row.call_number or "", row.id),
        desk_lists.FIRST_MARK,
        _AWAY,
    ),
    "repair": Listing(
        marked("In repair"),
        lambda tx, _, after, limit: desk_lists.in_repair(tx, after=after, limit=limit),
        lambda row: (row.location, row.call_number or "", row.id),
        desk_lists.FIRST_MARK,
        _AWAY,
    ),
}  # fmt: skip
"""In the order of the tabs."""


def counts_of(tx: Transaction, asked: Asked) -> dict[str, str]:
    """How many rows are in each list, up to where nobody counts on."""
    most = MOST_COUNTED + 1
    return {view: counted(len(listing.rows(tx, asked, listing.first, most))) for view, listing in LISTS.items()}


@router.get("/queue/list.csv", name="pages:queue:csv")
async def as_csv(
    db: DatabaseDep, _actor: DeskDep, now: Now, zone: Zone, view: View = "pull", days: Days = 0
) -> Response:
    """The whole list with the same filter, for a spreadsheet."""
    listing, asked = LISTS[view], Asked(now, zone, days)
    name = f"{view}-{local_day(now, zone).isoformat()}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_written(db, listing, asked), media_type="text/csv; charset=utf-8", headers=headers)


async def _written(db: Database, listing: Listing, asked: Asked) -> AsyncIterator[str]:
    """The list in pieces: however long it is, no piece of it waits in memory for the next."""
    yield MARK + csv_lines([[name for name, _ in listing.columns]])
    after = listing.first
    while rows := await db.read(listing.rows, asked, after, CHUNK):
        yield csv_lines([[cell(row, asked) for _, cell in listing.columns] for row in rows])
        after = listing.key(rows[-1])
        if len(rows) < CHUNK:
            return
