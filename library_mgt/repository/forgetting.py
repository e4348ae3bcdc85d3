"""SQL about what is to be forgotten, and the forgetting of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, literal_column, or_, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.audit.tables import audit, audit_actor
from library_mgt.domain.states import ENDED_LOAN, ENDED_REQUEST
from library_mgt.models.data.base import word, words
from library_mgt.models.data.loans import circulation_event, loan
from library_mgt.models.data.notices import kept_history
from library_mgt.models.data.requests import request

_BEFORE: ColumnElement[Any] = bindparam("before", type_=Instant)
_LAST_BEFORE: ColumnElement[Any] = bindparam("last_before", type_=Instant)
_later = loan.alias("later")
_settled = select(func.max(circulation_event.c.at)).where(circulation_event.c.loan_id == loan.c.id).scalar_subquery()
_ended = func.coalesce(loan.c.returned_at, _settled)

# Whatever is still open about a loan keeps its reader known. Claims are states of a live loan; open debts belong here.
_OPEN_ABOUT_LOAN: tuple[ColumnElement[bool], ...] = ()

_LOAN_TO_FORGET = (
    loan.c.patron_id.is_not(None),
    loan.c.state.in_(words(ENDED_LOAN)),
    _ended < _BEFORE,
    or_(
        _ended < _LAST_BEFORE,
        loan.c.copy_id.is_(None),
        exists().where(_later.c.copy_id == loan.c.copy_id, _later.c.id > loan.c.id),
    ),
    ~exists().where(kept_history.c.patron_id == loan.c.patron_id),
    *(~open_about for open_about in _OPEN_ABOUT_LOAN),
)
_REQUEST_TO_FORGET = (
    request.c.patron_id.is_not(None),
    request.c.state.in_(words(ENDED_REQUEST)),
    request.c.ended_at < _BEFORE,
    ~exists().where(loan.c.request_id == request.c.id),
    ~exists().where(kept_history.c.patron_id == request.c.patron_id),
)
_LOANS = Statement(
    select(loan.c.id)
    .where(loan.c.id > bindparam("after"), *_LOAN_TO_FORGET)
    .order_by(loan.c.id)
    .limit(bindparam("limit"))
)
_LOAN = Statement(
    select(loan.c.id, loan.c.patron_id, loan.c.request_id, loan.c.title_id, loan.c.overrides)
    .where(loan.c.id == bindparam("id"), *_LOAN_TO_FORGET)
    .with_for_update()
)
_REQUESTS = Statement(
    select(request.c.id)
    .where(request.c.id > bindparam("after"), *_REQUEST_TO_FORGET)
    .order_by(request.c.id)
    .limit(bindparam("limit"))
)
_REQUEST = Statement(
    select(request.c.id, request.c.patron_id, request.c.title_id)
    .where(request.c.id == bindparam("id"), *_REQUEST_TO_FORGET)
    .with_for_update()
)
_FORGET_LOAN: Statement[Any] = Statement(
    update(loan)
    .values(patron_id=None, overrides=bindparam("new_overrides", type_=loan.c.overrides.type))
    .where(loan.c.id == bindparam("id"))
)
_FORGET_REQUEST: Statement[Any] = Statement(
    update(request)
    .values(patron_id=None, reason=None, behalf_by=None, behalf_reason=None)
    .where(request.c.id == bindparam("id"))
)
_REFUSED_WISHES = Statement(
    select(audit.c.id)
    .where(
        audit.c.id > bindparam("after"),
        audit.c.outcome == word("refused"),
        audit.c.action == literal_column("'requests.request_title'"),
        audit.c.at < _BEFORE,
        exists().where(audit_actor.c.audit_id == audit.c.id),
    )
    .order_by(audit.c.id)
    .limit(bindparam("limit"))
)
_FORGET_ACTOR: Statement[Any] = Statement(delete(audit_actor).where(audit_actor.c.audit_id == bindparam("id")))
_KEEPS = Statement(select(kept_history.c.patron_id).where(kept_history.c.patron_id == bindparam("patron_id")))
_KEEP: Statement[Any] = Statement(insert_into(kept_history, omit=()))
_KEEP_NO_MORE: Statement[Any] = Statement(
    delete(kept_history).where(kept_history.c.patron_id == bindparam("patron_id"))
)


def loans_to_forget(tx: Transaction, *, after: int, limit: int, before: datetime, last_before: datetime) -> list[int]:
    """Ended loans whose reader is to be forgotten, in the order of their ids."""
    found = tx.all(_LOANS, after=after, limit=limit, before=before, last_before=last_before)
    return [row.id for row in found]


def loan_to_forget(tx: Transaction, loan_id: int, *, before: datetime, last_before: datetime) -> Any:
    """The loan, locked, if its reader is still known and to be forgotten."""
    return tx.first(_LOAN, id=loan_id, before=before, last_before=last_before)


def requests_to_forget(tx: Transaction, *, after: int, limit: int, before: datetime) -> list[int]:
    """Requests that ended without a loan whose reader is to be forgotten, in the order of their ids."""
    return [row.id for row in tx.all(_REQUESTS, after=after, limit=limit, before=before)]


def request_to_forget(tx: Transaction, request_id: int, *, before: datetime) -> Any:
    """The request, locked, if its reader is still known and to be forgotten."""
    return tx.first(_REQUEST, id=request_id, before=before)


def forget_loan(tx: Transaction, loan_id: int, overrides: dict[str, Any] | None) -> None:
    """Let a loan name nobody. Its state does not change, so neither does its version."""
    tx.run(_FORGET_LOAN, id=loan_id, new_overrides=overrides)


def forget_request(tx: Transaction, request_id: int) -> None:
    """Let a request name nobody, and say nothing in free words."""
    tx.run(_FORGET_REQUEST, id=request_id)


def refused_wishes(tx: Transaction, *, after: int, limit: int, before: datetime) -> list[int]:
    """Audit rows of refused requests that still know who wished for the title."""
    return [row.id for row in tx.all(_REFUSED_WISHES, after=after, limit=limit, before=before)]


def forget_actor(tx: Transaction, audit_id: int) -> bool:
    """Forget who acted in an audit row; whether that was known."""
    return bool(tx.run(_FORGET_ACTOR, id=audit_id))


def keeps_history(tx: Transaction, patron_id: int) -> bool:
    """Whether the reader wants loans and requests remembered."""
    return tx.first(_KEEPS, patron_id=patron_id) is not None


def keep_history(tx: Transaction, patron_id: int, *, now: datetime) -> None:
    """Remember from now on."""
    tx.run(_KEEP, patron_id=patron_id, since=now)


def keep_history_no_more(tx: Transaction, patron_id: int) -> None:
    """Forget as the rule says."""
    tx.run(_KEEP_NO_MORE, patron_id=patron_id)
