"""SQL about requests and their queues."""

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.domain.states import ASSIGNED, ENDED_REQUEST, OPEN_REQUEST, UNFILLED_REQUEST, RequestState
from library_mgt.models.data.base import labelled, word, words
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy, copy_barcode
from library_mgt.models.data.loans import loan
from library_mgt.models.data.patrons import patron_person
from library_mgt.models.data.reference import location
from library_mgt.models.data.requests import RequestView, request
from library_mgt.repository.patrons import first_hat

_ahead = request.alias("ahead")
ASSIGNED_COPY = copy.alias("assigned_copy")
_current = copy_barcode.alias("current")
_loan = loan.alias("made_loan")
_POSITION = case(
    (
        request.c.state == word("QUEUED"),
        select(func.count())
        .select_from(_ahead)
        .where(
            _ahead.c.title_id == request.c.title_id,
            _ahead.c.part == request.c.part,
            _ahead.c.state == word("QUEUED"),
            tuple_(_ahead.c.band, _ahead.c.seq, _ahead.c.id) <= tuple_(request.c.band, request.c.seq, request.c.id),
        )
        .correlate(request)
        .scalar_subquery(),
    ),
    else_=None,
)
_DERIVED: dict[str, ColumnElement[Any]] = {
    "number": title.c.number,
    "title": title.c.title,
    "pickup_name": location.c.name,
    "person": patron_person.c.person,
    "display_name": patron_person.c.display_name,
    "barcode": _current.c.barcode,
    "call_number": ASSIGNED_COPY.c.call_number,
    "copy_location": ASSIGNED_COPY.c.location,
    "loan_id": _loan.c.id,
    "position": _POSITION,
}
VIEW = select(*labelled(RequestView.__dataclass_fields__, request, _DERIVED)).select_from(
    request.join(location, location.c.code == request.c.pickup_location)
    .outerjoin(title, title.c.id == request.c.title_id)
    .outerjoin(ASSIGNED_COPY, ASSIGNED_COPY.c.id == request.c.copy_id)
    .outerjoin(_current, and_(_current.c.copy_id == request.c.copy_id, _current.c.in_use))
    .outerjoin(patron_person, first_hat(request.c.patron_id))
    .outerjoin(_loan, _loan.c.request_id == request.c.id)
)
_BY_ID = Statement(VIEW.where(request.c.id == bindparam("id")), RequestView)
_AFTER: BindParameter[int] = bindparam("after")
_WHERE = {
    "mine": request.c.patron_id == bindparam("patron_id"),
    "title": request.c.title_id == bindparam("title_id"),
    "open": request.c.state.in_(words(OPEN_REQUEST)),
    "state": request.c.state == bindparam("state"),
}


@cache
def _page(limit: int, names: tuple[str, ...]) -> Statement[RequestView]:
    conditions = [_WHERE[name] for name in names]
    return Statement(
        VIEW.where(request.c.id > _AFTER, *conditions).order_by(request.c.id).limit(literal_column(str(limit))),
        RequestView,
    )


_QUEUE_OF = Statement(
    VIEW.where(request.c.title_id == bindparam("title_id"), request.c.state.in_(words(OPEN_REQUEST)))
    .order_by(request.c.part, request.c.band, request.c.seq, request.c.id)
    .limit(200),
    RequestView,
)
_ENDED_UNFILLED = Statement(
    VIEW.where(
        request.c.patron_id == bindparam("patron_id"),
        request.c.state.in_(words(UNFILLED_REQUEST)),
        request.c.ended_at >= bindparam("since", type_=Instant),
    )
    .order_by(request.c.ended_at.desc(), request.c.id.desc())
    .limit(20),
    RequestView,
)
_PLACE = Statement(select(request.c.patron_id, request.c.title_id).where(request.c.id == bindparam("id")))
_LOCK_TITLE = Statement(select(title.c.id).where(title.c.id == bindparam("id")).with_for_update())
_LOCK = Statement(
    select(
        request.c.id,
        request.c.state,
        request.c.title_id,
        request.c.part,
        request.c.patron_id,
        request.c.copy_id,
        request.c.wished_copy_id,
        request.c.pickup_location,
        request.c.ready_until,
        request.c.not_needed_after,
    )
    .where(request.c.id == bindparam("id"))
    .with_for_update()
)
# seq counts on over all titles, so that the queues of merged titles still know who came first.
_INSERT = Statement(
    insert_into(request, returning=("id",), omit=("id", "seq")).values(
        seq=select(func.coalesce(func.max(_ahead.c.seq), 0) + 1).scalar_subquery()
    )
)
_MOVE = Statement(
    update(request)
    .values(
        {
            "state": bindparam("new_state", type_=request.c.state.type),
            "version": request.c.version + 1,
            "copy_id": bindparam("new_copy_id", type_=request.c.copy_id.type),
            "ready_until": bindparam("new_ready_until", type_=Instant),
            "queued_at": func.coalesce(bindparam("new_queued_at", type_=Instant), request.c.queued_at),
            "allocated_at": case(
                (bindparam("requeued", type_=Boolean), None),
                else_=func.coalesce(request.c.allocated_at, bindparam("new_allocated_at", type_=Instant)),
            ),
            "ended_at": bindparam("new_ended_at", type_=Instant),
            "decided_at": func.coalesce(bindparam("new_decided_at", type_=Instant), request.c.decided_at),
            "decided_by": func.coalesce(bindparam("new_decided_by", type_=Text), request.c.decided_by),
            "reason": func.coalesce(bindparam("new_reason", type_=Text), request.c.reason),
        }
    )
    .where(request.c.id == bindparam("id"))
)
_EXPIRING = Statement(
    select(request.c.id)
    .where(
        request.c.id > _AFTER,
        or_(
            and_(request.c.state == word("READY"), request.c.ready_until < bindparam("now", type_=Instant)),
            and_(
                request.c.state.in_(words(("PENDING_APPROVAL", "QUEUED"))),
                request.c.not_needed_after < bindparam("today", type_=request.c.not_needed_after.type),
            ),
        ),
    )
    .order_by(request.c.id)
    .limit(bindparam("limit"))
)


def by_id(tx: Transaction, request_id: int) -> RequestView | None:
    """A request with the words a person needs to recognise it."""
    return tx.first(_BY_ID, id=request_id)


def page(
    tx: Transaction,
    *,
    after: int,
    limit: int,
    patron_id: int | None = None,
    title_id: int | None = None,
    state: str | None = None,
) -> list[RequestView]:
    """Requests in the order they were made; `state` is one of the states, or `open` for those not yet ended."""
    params: dict[str, Any] = {"after": after}
    names = []
    if patron_id is not None:
        names.append("mine")
        params["patron_id"] = patron_id
    if title_id is not None:
        names.append("title")
        params["title_id"] = title_id
    if state == "open":
        names.append("open")
    elif state is not None:
        names.append("state")
        params["state"] = state
    return tx.all(_page(limit, tuple(names)), **params)


def queue_of(tx: Transaction, title_id: int) -> list[RequestView]:
    """The open requests of a title in the order of its queues, at most 200."""
    return tx.all(_QUEUE_OF, title_id=title_id)


def ended_unfilled(tx: Transaction, patron_id: int, *, since: datetime) -> list[RequestView]:
    """A patron's requests that ended without a loan since the instant, latest first, at most 20."""
    return tx.all(_ENDED_UNFILLED, patron_id=patron_id, since=since)


def place(tx: Transaction, request_id: int) -> Any:
    """Patron and title of a request, which have to be locked before it; `None` when there is no such request."""
    return tx.first(_PLACE, id=request_id)


def locked(tx: Transaction, request_id: int) -> Any:
    """The request's own row, locked; title and patron come before it."""
    return tx.first(_LOCK, id=request_id)


def lock_title(tx: Transaction, title_id: int) -> None:
    """Lock the title whose queue is touched."""
    tx.run(_LOCK_TITLE, id=title_id)


def add(tx: Transaction, **values: Any) -> int:
    """Insert a request at the end of its band; answers its id."""
    new_id: int = tx.scalar(_INSERT, **values)
    return new_id


def move(
    tx: Transaction,
    request_id: int,
    state: RequestState,
    *,
    now: datetime,
    copy_id: int | None = None,
    ready_until: datetime | None = None,
    decided_by: str | None = None,
    reason: str | None = None,
) -> None:
    """Write a new state and the instants that belong to it; who decided and why stay unless given anew."""
    tx.run(
        _MOVE,
        id=request_id,
        new_state=state,
        new_copy_id=copy_id,
        new_ready_until=ready_until,
        requeued=state == "QUEUED",
        new_queued_at=now if state == "QUEUED" else None,
        new_allocated_at=now if state in ASSIGNED else None,
        new_ended_at=now if state in ENDED_REQUEST else None,
        new_decided_at=now if decided_by is not None else None,
        new_decided_by=decided_by,
        new_reason=reason,
    )


def expiring(tx: Transaction, *, now: datetime, today: date, after: int, limit: int) -> list[int]:
    """Requests whose time is over, in the order of their ids."""
    return [row.id for row in tx.all(_EXPIRING, now=now, today=today, after=after, limit=limit)]
