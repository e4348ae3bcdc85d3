"""SQL about notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)

from configuration.kit.database import Instant, Statement, Transaction
from library_mgt.models.data.base import labelled, word
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.loans import loan
from library_mgt.models.data.notices import NoticeView, notice
from library_mgt.models.data.patrons import patron_person
from library_mgt.models.data.reference import location
from library_mgt.models.data.requests import request
from library_mgt.repository.patrons import first_hat

_NOW: ColumnElement[Any] = bindparam("now", type_=Instant)
_KEY: ColumnElement[Any] = bindparam("key", type_=Text)
_earlier = notice.alias("earlier")
_FILLED = (
    "key", "patron_id", "kind", "days", "loan_id", "request_id", "made_at", "state", "channel", "attempts", "next_at",
)  # fmt: skip


def _insert(about: Any, loan_id: ColumnElement[Any], request_id: ColumnElement[Any]) -> Select[Any]:
    """The row of a notice about a loan or a request that names its reader, unless there is one with this key."""
    return (
        select(
            _KEY,
            about.c.patron_id,
            bindparam("kind", type_=Text),
            bindparam("days", type_=Integer),
            loan_id,
            request_id,
            _NOW,
            word("WAITING"),
            word("mail"),
            literal_column("0", Integer),
            _NOW,
        )
        .where(about.c.id == bindparam("about_id"), about.c.patron_id.is_not(None))
        .where(~select(_earlier.c.id).where(_earlier.c.key == _KEY).exists())
    )


_nothing = null().cast(BigInteger)
_ABOUT_LOAN: Statement[Any] = Statement(insert(notice).from_select(_FILLED, _insert(loan, loan.c.id, _nothing)))
_ABOUT_DUE: Statement[Any] = Statement(
    insert(notice).from_select(
        _FILLED,
        _insert(loan, loan.c.id, _nothing).where(
            loan.c.state == word("ON_LOAN"), loan.c.due_at == bindparam("due_at", type_=Instant)
        ),
    )
)
_ABOUT_REQUEST: Statement[Any] = Statement(
    insert(notice).from_select(_FILLED, _insert(request, _nothing, request.c.id))
)
_DUE_BY = Statement(
    select(loan.c.id)
    .where(loan.c.id > bindparam("after"), loan.c.state == word("ON_LOAN"))
    .where(loan.c.due_at < bindparam("before", type_=Instant))
    .order_by(loan.c.id)
    .limit(bindparam("limit"))
)
_DUE_FACTS = Statement(
    select(loan.c.due_at, func.coalesce(loan.c.recalled_at, loan.c.loaned_at).label("since")).where(
        loan.c.id == bindparam("id"), loan.c.state == word("ON_LOAN")
    )
)
_DERIVED: dict[str, ColumnElement[Any]] = {
    "person": patron_person.c.person,
    "display_name": patron_person.c.display_name,
    "title": title.c.title,
    "part": func.coalesce(loan.c.part, request.c.part),
    "loan_state": loan.c.state,
    "due_at": loan.c.due_at,
    "request_state": request.c.state,
    "ready_until": request.c.ready_until,
    "pickup_name": location.c.name,
    "reason": request.c.reason,
}
_VIEW = select(*labelled(NoticeView.__dataclass_fields__, notice, _DERIVED)).select_from(
    notice.outerjoin(loan, loan.c.id == notice.c.loan_id)
    .outerjoin(request, request.c.id == notice.c.request_id)
    .outerjoin(title, or_(title.c.id == loan.c.title_id, title.c.id == request.c.title_id))
    .outerjoin(location, location.c.code == request.c.pickup_location)
    .outerjoin(patron_person, first_hat(notice.c.patron_id))
)
_OWN = Statement(
    _VIEW.where(notice.c.patron_id == bindparam("patron_id"), notice.c.state != word("DROPPED"))
    .where(notice.c.id < bindparam("before", type_=notice.c.id.type))
    .order_by(notice.c.id.desc())
    .limit(bindparam("limit")),
    NoticeView,
)
_TO_SEND = Statement(
    _VIEW.where(notice.c.state == word("WAITING"), notice.c.next_at <= _NOW, notice.c.id > bindparam("after"))
    .order_by(notice.c.id)
    .limit(literal_column("100")),
    NoticeView,
)
_BY_ID = Statement(_VIEW.where(notice.c.id == bindparam("id")), NoticeView)
_TRIED: Statement[Any] = Statement(
    update(notice)
    .values(attempts=notice.c.attempts + 1, next_at=bindparam("again_at", type_=Instant))
    .where(notice.c.id == bindparam("of_id"), notice.c.state == word("WAITING"), notice.c.next_at <= _NOW)
)
_LEFT: Statement[Any] = Statement(
    update(notice)
    .values(
        state=bindparam("new_state", type_=Text),
        channel=bindparam("new_channel", type_=Text),
        sent_at=bindparam("new_sent_at", type_=Instant),
        problem=bindparam("new_problem", type_=Text),
    )
    .where(notice.c.id == bindparam("of_id"))
)
_ABOUT = Statement(
    select(notice.c.id).where(
        or_(
            notice.c.loan_id == bindparam("loan_id", type_=notice.c.loan_id.type),
            notice.c.request_id == bindparam("request_id", type_=notice.c.request_id.type),
            notice.c.request_id.in_(select(loan.c.request_id).where(loan.c.id == bindparam("loan_id"))),
        )
    )
)
_FORGET: Statement[Any] = Statement(
    delete(notice).where(
        or_(
            notice.c.loan_id == bindparam("loan_id", type_=notice.c.loan_id.type),
            notice.c.request_id == bindparam("request_id", type_=notice.c.request_id.type),
        )
    )
)


def about_loan(tx: Transaction, key: str, kind: str, loan_id: int, *, now: datetime) -> None:
    """Tell the reader of a loan what happened to it; nobody, where the loan names nobody any more."""
    tx.run(_ABOUT_LOAN, key=key, kind=kind, days=0, about_id=loan_id, now=now)


def about_request(tx: Transaction, key: str, kind: str, request_id: int, *, now: datetime) -> None:
    """Tell the reader of a request what happened to it."""
    tx.run(_ABOUT_REQUEST, key=key, kind=kind, days=0, about_id=request_id, now=now)


def about_due(
    tx: Transaction, key: str, kind: str, loan_id: int, *, days: int, due_at: datetime, now: datetime
) -> bool:
    """Tell the reader of a loan that it is due, if it still is, then; whether this is new."""
    return bool(tx.run(_ABOUT_DUE, key=key, kind=kind, days=days, about_id=loan_id, due_at=due_at, now=now))


def due_by(tx: Transaction, before: datetime, *, after: int, limit: int) -> list[int]:
    """Loans that are out and due before the instant, in the order of their ids."""
    return [row.id for row in tx.all(_DUE_BY, before=before, after=after, limit=limit)]


def due_facts(tx: Transaction, loan_id: int) -> Any:
    """When a loan that is out is due, and since when that holds at the earliest."""
    return tx.first(_DUE_FACTS, id=loan_id)


def own(tx: Transaction, patron_id: int, *, before: int, limit: int) -> list[NoticeView]:
    """What a reader was told, the latest first; not what had no longer to be said."""
    return tx.all(_OWN, patron_id=patron_id, before=before, limit=limit)


def to_send(tx: Transaction, *, after: int, now: datetime) -> list[NoticeView]:
    """Notices that wait and whose time has come, a page in the order of their ids."""
    return tx.all(_TO_SEND, after=after, now=now)


def by_id(tx: Transaction, notice_id: int) -> NoticeView | None:
    """A notice with what its words need."""
    return tx.first(_BY_ID, id=notice_id)


def tried(tx: Transaction, notice_id: int, *, now: datetime, again_at: datetime) -> bool:
    """Take a notice to send it; others leave it alone until `again_at`. Whether it was still to be sent."""
    return bool(tx.run(_TRIED, of_id=notice_id, now=now, again_at=again_at))


def left(
    tx: Transaction,
    notice_id: int,
    *,
    state: str,
    channel: str = "mail",
    sent_at: datetime | None = None,
    problem: str | None = None,
) -> None:
    """Write down what became of a notice."""
    tx.run(_LEFT, of_id=notice_id, new_state=state, new_channel=channel, new_sent_at=sent_at, new_problem=problem)


def ids_about(tx: Transaction, *, loan_id: int | None, request_id: int | None) -> list[int]:
    """All notices about a loan and the request it came of, or about a request."""
    return [row.id for row in tx.all(_ABOUT, loan_id=loan_id, request_id=request_id)]


def forget(tx: Transaction, *, loan_id: int | None, request_id: int | None) -> None:
    """Delete the notices about a loan, or a request, or both."""
    tx.run(_FORGET, loan_id=loan_id, request_id=request_id)
