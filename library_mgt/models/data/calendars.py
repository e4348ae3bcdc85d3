"""When locations are open, when terms end, and closures with what they moved."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, Time

from configuration.kit.database import Instant, id_column
from library_mgt.models.data.base import metadata, one_of

# A location without a row here is always open. The row's version stands for its weekly hours and its exceptions.
calendar = Table(
    "calendar",
    metadata,
    Column("location", Text, ForeignKey("location.code"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", Text, nullable=False),
)

# A weekday (0 is Monday) without a row is closed.
calendar_hours = Table(
    "calendar_hours",
    metadata,
    Column("location", Text, ForeignKey("calendar.location", ondelete="CASCADE"), primary_key=True),
    Column("weekday", Integer, primary_key=True, autoincrement=False),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_of_seven"),
    CheckConstraint("closes > opens", name="closes_after_opens"),
)

# `location` is open from `first_day` to `last_day` no more, once it is applied.
closure = Table(
    "closure",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("location", Text, ForeignKey("location.code"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("planned_by", Text, nullable=False),
    Column("applied_at", Instant),
    Column("undone_at", Instant),
    one_of("state", ("PLANNED", "APPLIED", "UNDONE")),
    CheckConstraint("last_day >= first_day", name="ends_after_beginning"),
    Index("ix_closure_location", "location", "id"),
)

# A day that differs from its weekday: other hours, or closed, which has none. Which closure made it so, if one did.
calendar_exception = Table(
    "calendar_exception",
    metadata,
    Column("location", Text, ForeignKey("calendar.location", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("opens", Time),
    Column("closes", Time),
    Column("reason", Text, nullable=False),
    Column("closure_id", BigInteger, ForeignKey("closure.id")),
    CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="opens_and_closes"),
    CheckConstraint("closes > opens", name="closes_after_opens"),
    CheckConstraint("closure_id IS NULL OR opens IS NULL", name="closure_closes"),
    Index("ix_calendar_exception_closure_id", "closure_id"),
)

# What an applied closure moved: the due date of a loan, or until when a copy is kept for a request. `made_version` is
# the version that the loan or request got by it: undoing moves back what has it still.
closure_shift = Table(
    "closure_shift",
    metadata,
    id_column(),
    Column("closure_id", BigInteger, ForeignKey("closure.id"), nullable=False),
    Column("loan_id", BigInteger, ForeignKey("loan.id")),
    Column("request_id", BigInteger, ForeignKey("request.id")),
    Column("was", Instant, nullable=False),
    Column("becomes", Instant, nullable=False),
    Column("made_version", Integer, nullable=False),
    Column("undone", Text),
    one_of("undone", ("restored", "kept")),
    CheckConstraint("(loan_id IS NULL) <> (request_id IS NULL)", name="one_thing"),
    Index("ix_closure_shift_closure_id", "closure_id", "id"),
    Index("ix_closure_shift_loan_id", "loan_id"),
    Index("ix_closure_shift_request_id", "request_id"),
)

# `none` is the schedule without an end.
term_schedule = Table(
    "term_schedule",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
term = Table(
    "term",
    metadata,
    Column("schedule", Text, ForeignKey("term_schedule.code"), primary_key=True),
    Column("last_day", Date, primary_key=True),
)

NO_SCHEDULE = "none"


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A location, and whether hours are configured for it; `version` is 0 when they are not."""

    location: str
    name: str
    zone: str | None
    version: int


@dataclass(frozen=True, slots=True)
class DayView:
    """A day that differs."""

    day: date
    opens: time | None
    closes: time | None
    reason: str
    closure_id: int | None


@dataclass(frozen=True, slots=True)
class ClosureView:
    """Days on which a location is, or was to be, closed."""

    id: int
    version: int
    location: str
    first_day: date
    last_day: date
    reason: str
    state: str
    planned_at: datetime
    planned_by: str
    applied_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shift:
    """What a closure moves, or moved: a loan's due date or a request's ready-until. Readers are not named."""

    loan_id: int | None
    request_id: int | None
    title: str | None
    barcode: str | None
    was: datetime
    becomes: datetime
    undone: str | None = None


@dataclass(frozen=True, slots=True)
class TermSchedule:
    """Days on which terms end, one after the other."""

    code: str
    name: str
    version: int
