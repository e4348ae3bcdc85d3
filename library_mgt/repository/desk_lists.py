"""SQL of the lists that a desk works through: along the shelves, or the oldest first."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Text, and_, bindparam, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from configuration.kit.database import Instant, Transaction
from configuration.kit.database.rows import Pages
from library_mgt.models.data.base import word
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import AwayCopy, copy, copy_barcode, copy_claim
from library_mgt.models.data.loans import LoanView, LongOverdue, loan
from library_mgt.models.data.reference import location
from library_mgt.models.data.requests import RequestView, request
from library_mgt.models.data.shelf import Leftover, shelf_leftover
from library_mgt.repository import loans, requests
from library_mgt.repository.kept import KeptNumber

_pickup = location.alias("pickup")
_current = copy_barcode.alias("current")


class _ByBytes(FunctionElement[str]):
    """A text compared byte by byte: pages by key then hold on both databases, whatever the database's language."""

    inherit_cache = True
    type = Text()


@compiles(_ByBytes)
def _as_it_is(element: _ByBytes, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(_ByBytes, "postgresql")
def _with_collation(element: _ByBytes, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)}) COLLATE "C"'


class _DaysBetween(FunctionElement[float]):
    """How many times 24 hours one instant is before another."""

    inherit_cache = True
    type = Float()


@compiles(_DaysBetween, "sqlite")
def _by_julian_days(element: _DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


@compiles(_DaysBetween, "postgresql")
def _by_seconds(element: _DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(EXTRACT(EPOCH FROM ({later} - {earlier})) / 86400)"


def _mark(column: ColumnElement[Any]) -> Any:
    return _ByBytes(func.coalesce(column, ""))


_PULL = Pages(
    requests.VIEW.where(request.c.state == word("ALLOCATED")),
    [_mark(requests.ASSIGNED_COPY.c.location), _mark(requests.ASSIGNED_COPY.c.call_number), request.c.id],
    RequestView,
)
_SHELF = Pages(
    requests.VIEW.where(request.c.state == word("READY")), [request.c.ready_until, request.c.id], RequestView
)
_OVERDUE = Pages(
    loans.VIEW.where(loan.c.state == word("ON_LOAN"), loan.c.due_at < bindparam("before", type_=Instant)),
    [loan.c.due_at, loan.c.id],
    LoanView,
)
_LONG_OVERDUE = Pages(
    loans.VIEW.add_columns(
        loan.c.policy,
        select(copy.c.price_minor).where(copy.c.id == loan.c.copy_id).scalar_subquery().label("price_minor"),
    ).where(
        loan.c.state == word("ON_LOAN"),
        loan.c.due_at < bindparam("by", type_=Instant),
        KeptNumber(loan.c.policy, literal_column("'lost_after_days'"))
        <= _DaysBetween(loan.c.due_at, bindparam("by", type_=Instant)),
    ),
    [loan.c.due_at, loan.c.id],
    LongOverdue,
)
_AWAY = Pages(
    select(
        copy.c.id,
        copy.c.title_id,
        title.c.title,
        copy.c.part,
        _current.c.barcode,
        copy.c.call_number,
        copy.c.location,
        location.c.name.label("location_name"),
        copy.c.status,
        copy.c.changed_at,
    )
    .select_from(
        copy.join(title, title.c.id == copy.c.title_id)
        .join(location, location.c.code == copy.c.location)
        .outerjoin(_current, and_(_current.c.copy_id == copy.c.id, _current.c.in_use))
    )
    .where(copy.c.status == bindparam("status")),
    [_mark(copy.c.location), _mark(copy.c.call_number), copy.c.id],
    AwayCopy,
)
# Who is set aside for the copy by now waits for it: then it is to be pulled, or sent, and not to be put back.
_LEFTOVERS = Pages(
    select(
        shelf_leftover.c.copy_id,
        copy.c.title_id,
        title.c.title,
        _current.c.barcode,
        copy.c.call_number,
        location.c.name.label("location_name"),
        _pickup.c.name.label("pickup_name"),
        request.c.state,
        request.c.ended_at,
    )
    .select_from(
        shelf_leftover.join(copy, copy.c.id == shelf_leftover.c.copy_id)
        .join(title, title.c.id == copy.c.title_id)
        .join(location, location.c.code == copy.c.location)
        .join(request, request.c.id == shelf_leftover.c.request_id)
        .join(_pickup, _pickup.c.code == request.c.pickup_location)
        .outerjoin(_current, and_(_current.c.copy_id == copy.c.id, _current.c.in_use))
    )
    .where(~select(copy_claim.c.copy_id).where(copy_claim.c.copy_id == copy.c.id).correlate(copy).exists()),
    shelf_leftover.c.copy_id,
    Leftover,
)


def to_pull(tx: Transaction, *, after: tuple[str, str, int], limit: int) -> list[RequestView]:
    """Requests whose copies stand on their shelves, by location and call number."""
    return _PULL.page(tx, after=after, limit=limit)


def on_hold_shelf(tx: Transaction, *, after: tuple[datetime, int], limit: int) -> list[RequestView]:
    """Requests whose copies are kept for their readers, those that end first before the others."""
    return _SHELF.page(tx, after=after, limit=limit)


def overdue(tx: Transaction, *, before: datetime, after: tuple[datetime, int], limit: int) -> list[LoanView]:
    """Loans that were due before the instant, the longest overdue first."""
    return _OVERDUE.page(tx, after=after, limit=limit, before=before)


def long_overdue(tx: Transaction, *, by: datetime, after: tuple[datetime, int], limit: int) -> list[LongOverdue]:
    """Loans that are late at `by` for so many times 24 hours that their copies count as lost, the longest first."""
    return _LONG_OVERDUE.page(tx, after=after, limit=limit, by=by)


def away(tx: Transaction, status: str, *, after: tuple[str, str, int], limit: int) -> list[AwayCopy]:
    """Copies of a service status, by location and call number."""
    return _AWAY.page(tx, after=after, limit=limit, status=status)


def left_on_shelf(tx: Transaction, *, after: int, limit: int) -> list[Leftover]:
    """Copies that lie on the hold shelf for nobody."""
    return _LEFTOVERS.page(tx, after=after, limit=limit)
