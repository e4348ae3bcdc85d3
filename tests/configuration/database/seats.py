"""The tables, statements and use cases of the shop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    select,
    text,
    update,
)

from configuration.kit.database import NAMING, Instant, JsonText, Statement, Transaction, id_column, insert_into
from configuration.kit.errors import Conflict

metadata = MetaData(naming_convention=NAMING)

seat = Table(
    "seat",
    metadata,
    id_column(),
    Column("name", String(50), nullable=False),
    Column("line", String(5)),
    Column("taken", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("name"),
    CheckConstraint("taken >= 0", name="taken"),
    Index("uq_seat_line_lower", func.lower(text("line")), unique=True),
)

booking = Table(
    "booking",
    metadata,
    id_column(),
    Column("seat_id", BigInteger, ForeignKey("seat.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", Instant),
    Column("note", JsonText),
    Index(
        "uq_booking_live",
        "seat_id",
        unique=True,
        sqlite_where=text("state = 'live'"),
        postgresql_where=text("state = 'live'"),
    ),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat as the shop shows it."""

    id: int
    name: str
    taken: int


class SeatTaken(Conflict):
    """Somebody sits there."""

    code = "SEAT_TAKEN"


ADD = Statement(insert_into(seat, returning=("id",), omit=("id", "line", "taken")))
BOOK = Statement(insert_into(booking, returning=("id",)))
SEATS = Statement(select(seat.c.id, seat.c.name, seat.c.taken).order_by(seat.c.id), into=Seat)
ONE = Statement(select(seat.c.id, seat.c.name, seat.c.taken).where(seat.c.id == bindparam("id")), into=Seat)
LOCK = Statement(select(seat.c.id).where(seat.c.id == bindparam("id")).with_for_update())
SET_TAKEN = Statement(update(seat).values(taken=bindparam("count")).where(seat.c.id == bindparam("seat")))
LIVE = Statement(
    select(func.count()).select_from(booking).where(booking.c.seat_id == bindparam("id"), booking.c.state == "live")
)
BOOKINGS = Statement(select(func.count()).select_from(booking).where(booking.c.seat_id == bindparam("id")))


def add(tx: Transaction, name: str) -> int:
    """Add a seat; answers its id."""
    made: int = tx.scalar(ADD, name=name)
    return made


def add_and_refuse(tx: Transaction, name: str) -> int:
    """Add a seat, then find that a rule forbids it."""
    add(tx, name)
    raise SeatTaken


def names(tx: Transaction) -> list[str]:
    """The names of all seats, oldest first."""
    return [each.name for each in tx.all(SEATS)]


def book(tx: Transaction, seat_id: int, state: str = "live", at: datetime | None = None) -> int:
    """Book a seat; answers the booking's id."""
    made: int = tx.scalar(BOOK, seat_id=seat_id, state=state, at=at, note=None)
    return made


def take(tx: Transaction, seat_id: int, *, between: Callable[[], object] = lambda: None, lock: bool = True) -> int:
    """Read how often a seat was taken, and write one more: a read that a write depends on."""
    if lock:
        tx.one(LOCK, id=seat_id)
    taken = tx.one(ONE, id=seat_id).taken
    between()
    tx.run(SET_TAKEN, seat=seat_id, count=taken + 1)
    return taken + 1
