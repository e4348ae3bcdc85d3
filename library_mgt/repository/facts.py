"""All that decides a checkout, a request or a renewal, each in one query, asked after the rows were locked.

A second statement sees what others committed while the lock was waited for; locking and asking in one would not. The
order of the names after FOR NO KEY UPDATE OF is the order in which PostgreSQL takes the locks: patron, title, copy,
request. A row that refers to a locked one, such as a notice to its patron, has not to wait for it: so a notice may be
written by who has the title already.
"""

from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, or_, select

from configuration.kit.database import Instant, Statement, Transaction
from library_mgt.domain.lending import CheckoutFacts
from library_mgt.domain.policy import Policy
from library_mgt.domain.renewing import LoanFacts
from library_mgt.domain.requesting import RequestFacts
from library_mgt.domain.rules import Conditions
from library_mgt.domain.states import ASSIGNED, LIVE_LOAN, OPEN_REQUEST, REQUESTABLE, RequestState
from library_mgt.models.data.base import labelled, word, words
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy, copy_barcode
from library_mgt.models.data.loans import loan
from library_mgt.models.data.patrons import patron, patron_person
from library_mgt.models.data.reference import item_type
from library_mgt.models.data.requests import request
from library_mgt.repository.fees import balance_of
from library_mgt.repository.patrons import BLOCKED_UNTIL, first_hat, typed
from library_mgt.repository.policies import STAMP, in_force
from library_mgt.repository.queue import free

_live = loan.alias("live")
_theirs = loan.alias("theirs")
_own = request.alias("own")
_waiting = request.alias("waiting")
_assigned = request.alias("assigned")
_current = copy_barcode.alias("current")
_any = copy.alias("any_copy")
_PART = bindparam("part", type_=copy.c.part.type)
_WISHED = bindparam("wished_copy_id", type_=copy.c.id.type)
_LENT_AT_ALL = select(item_type.c.code).where(item_type.c.loanable)
_NOW = bindparam("now", type_=Instant)
_TODAY = bindparam("today", type_=request.c.suspended_until.type)

_FOUND = (
    select(patron.c.id.label("patron_id"), title.c.id.label("title_id"), copy.c.id.label("copy_id"))
    .select_from(
        patron.join(copy_barcode, copy_barcode.c.barcode == bindparam("barcode"))
        .join(copy, copy.c.id == copy_barcode.c.copy_id)
        .join(title, title.c.id == copy.c.title_id)
    )
    .where(patron.c.id.in_(typed(bindparam("text", type_=patron_person.c.person.type))))
)
_FIND_COPY = Statement(_FOUND)
_LOCK_COPY = Statement(_FOUND.with_for_update(of=[patron, title, copy], key_share=True))
_LOCK_TITLE = Statement(
    select(patron.c.id.label("patron_id"), title.c.id.label("title_id"))
    .select_from(patron.join(title, title.c.id == bindparam("title_id")))
    .where(patron.c.id == bindparam("patron_id"))
    .with_for_update(of=[patron, title], key_share=True)
)


def _loans(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(_theirs)
        .where(_theirs.c.patron_id == patron.c.id, _theirs.c.state.in_(words(LIVE_LOAN)), *conditions)
        .correlate(patron)
        .scalar_subquery()
    )


# What was given up, or is said to be back, is late no more: its reader answers for it in money.
_OVERDUE = _loans(_theirs.c.due_at < _NOW, _theirs.c.state == word("ON_LOAN"))
_HAS_TITLE = (
    select(literal_column("1"))
    .select_from(_theirs)
    .where(
        _theirs.c.patron_id == patron.c.id,
        _theirs.c.state.in_(words(LIVE_LOAN)),
        _theirs.c.title_id == copy.c.title_id,
        _theirs.c.part == copy.c.part,
    )
    .correlate(patron, copy)
    .exists()
)
_CHECKOUT: dict[str, ColumnElement[Any]] = {
    "patron_id": patron.c.id,
    "person": patron_person.c.person,
    "display_name": patron_person.c.display_name,
    "live_loans": _loans(),
    "blocked_until": BLOCKED_UNTIL,
    "overdue": _OVERDUE,
    "debt_minor": balance_of(patron.c.id),
    "has_title": _HAS_TITLE,
    "copy_id": copy.c.id,
    "barcode": _current.c.barcode,
    "status": copy.c.status,
    "loanable_type": item_type.c.loanable,
    "location": copy.c.location,
    "item_type": copy.c.item_type,
    "title_id": title.c.id,
    "number": title.c.number,
    "title": title.c.title,
    "part": copy.c.part,
    "live_loan_id": _live.c.id,
    "live_loan_patron_id": _live.c.patron_id,
    "assigned_id": _assigned.c.id,
    "assigned_patron_id": _assigned.c.patron_id,
    "own_id": _own.c.id,
    "own_state": _own.c.state,
    "own_copy_id": _own.c.copy_id,
}
_FOR_CHECKOUT = Statement(
    select(*labelled(CheckoutFacts.__dataclass_fields__, patron, _CHECKOUT), STAMP.label("stamp"))
    .select_from(
        patron.join(copy, copy.c.id == bindparam("copy_id"))
        .join(title, title.c.id == copy.c.title_id)
        .join(item_type, item_type.c.code == copy.c.item_type)
        .outerjoin(_current, and_(_current.c.copy_id == copy.c.id, _current.c.in_use))
        .outerjoin(_live, and_(_live.c.copy_id == copy.c.id, _live.c.state.in_(words(LIVE_LOAN))))
        .outerjoin(_assigned, and_(_assigned.c.copy_id == copy.c.id, _assigned.c.state.in_(words(ASSIGNED))))
        .outerjoin(
            _own,
            and_(
                _own.c.patron_id == patron.c.id,
                _own.c.title_id == copy.c.title_id,
                _own.c.part == copy.c.part,
                _own.c.state.in_(words(OPEN_REQUEST)),
            ),
        )
        .outerjoin(patron_person, first_hat(patron.c.id))
    )
    .where(patron.c.id == bindparam("patron_id"))
)


def _copies(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(_any)
        .where(_any.c.title_id == title.c.id, *conditions)
        .correlate(title)
        .scalar_subquery()
    )


_REQUEST: dict[str, ColumnElement[Any]] = {
    "patron_id": patron.c.id,
    "blocked_until": BLOCKED_UNTIL,
    "overdue": _OVERDUE,
    "debt_minor": balance_of(patron.c.id),
    "open_requests": select(func.count())
    .select_from(_waiting)
    .where(_waiting.c.patron_id == patron.c.id, _waiting.c.state.in_(words(OPEN_REQUEST)))
    .correlate(patron)
    .scalar_subquery(),
    "open_request_id": select(func.min(_own.c.id))
    .where(
        _own.c.patron_id == patron.c.id,
        _own.c.title_id == title.c.id,
        _own.c.part == _PART,
        _own.c.state.in_(words(OPEN_REQUEST)),
    )
    .correlate(patron, title)
    .scalar_subquery(),
    "live_loan_id": select(func.min(_live.c.id))
    .where(
        _live.c.patron_id == patron.c.id,
        _live.c.title_id == title.c.id,
        _live.c.part == _PART,
        _live.c.state.in_(words(LIVE_LOAN)),
    )
    .correlate(patron, title)
    .scalar_subquery(),
    "title_id": title.c.id,
    "title": title.c.title,
    "copies": _copies(_any.c.part == _PART),
    "requestable": _copies(
        _any.c.part == _PART,
        _any.c.status.in_(words(REQUESTABLE)),
        _any.c.item_type.in_(_LENT_AT_ALL),
        or_(_WISHED.is_(None), _any.c.id == _WISHED),
    ),
    "other_parts": _copies(_any.c.part != _PART),
}
_FOR_REQUEST = Statement(
    select(*labelled(RequestFacts.__dataclass_fields__, patron, _REQUEST), STAMP.label("stamp"))
    .select_from(patron.join(title, title.c.id == bindparam("title_id")))
    .where(patron.c.id == bindparam("patron_id"))
)


def _waiting_for(wished: ColumnElement[bool], *states: RequestState) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(_waiting)
        .where(
            _waiting.c.title_id == loan.c.title_id,
            _waiting.c.part == loan.c.part,
            _waiting.c.state.in_(words(states or ("PENDING_APPROVAL", "QUEUED"))),
            or_(_waiting.c.suspended_until.is_(None), _waiting.c.suspended_until < _TODAY),
            wished,
        )
        .correlate(loan)
        .scalar_subquery()
    )


_LOAN: dict[str, ColumnElement[Any]] = {
    "patron_id": patron.c.id,
    "blocked_until": BLOCKED_UNTIL,
    "overdue": _OVERDUE,
    "debt_minor": balance_of(patron.c.id),
    "loan_id": loan.c.id,
    "state": loan.c.state,
    "loaned_at": loan.c.loaned_at,
    "due_at": loan.c.due_at,
    "renewed": loan.c.renewals,
    "recalled_at": loan.c.recalled_at,
    "snapshot": loan.c.policy,
    "location": copy.c.location,
    "waiting": _waiting_for(_waiting.c.wished_copy_id.is_(None)),
    "free": select(func.count())
    .select_from(_any.join(item_type, item_type.c.code == _any.c.item_type))
    .where(_any.c.title_id == loan.c.title_id, _any.c.part == loan.c.part, free(_any))
    .correlate(loan)
    .scalar_subquery(),
    "insisting": _waiting_for(_waiting.c.wished_copy_id == loan.c.copy_id),
    "queued": _waiting_for(
        or_(_waiting.c.wished_copy_id.is_(None), _waiting.c.wished_copy_id == loan.c.copy_id), "QUEUED"
    ),
}
_FOR_LOAN = Statement(
    select(*labelled(LoanFacts.__dataclass_fields__, patron, _LOAN), STAMP.label("stamp"))
    .select_from(loan.join(patron, patron.c.id == loan.c.patron_id).join(copy, copy.c.id == loan.c.copy_id))
    .where(loan.c.id == bindparam("loan_id"))
)
_KINDS = Statement(
    select(copy.c.location, copy.c.item_type)
    .where(
        copy.c.title_id == bindparam("title_id"),
        copy.c.part == _PART,
        copy.c.status.in_(words(REQUESTABLE)),
        copy.c.item_type.in_(_LENT_AT_ALL),
        or_(_WISHED.is_(None), copy.c.id == _WISHED),
    )
    .group_by(copy.c.location, copy.c.item_type)
    .order_by(func.min(copy.c.id))
)


def lock_copy(tx: Transaction, patron_text: str, barcode: str) -> list[Any]:
    """Find and lock patron, title and copy: rows of `patron_id`, `title_id`, `copy_id`.

    One row per patron that the text means; none when either is unknown.
    """
    return tx.all(_LOCK_COPY, text=patron_text, barcode=barcode)


def find_copy(tx: Transaction, patron_text: str, barcode: str) -> list[Any]:
    """The same rows as `lock_copy`, without locking: for a preview."""
    return tx.all(_FIND_COPY, text=patron_text, barcode=barcode)


def lock_title(tx: Transaction, patron_id: int, title_id: int) -> bool:
    """Lock patron and title; whether both exist."""
    return tx.first(_LOCK_TITLE, patron_id=patron_id, title_id=title_id) is not None


def for_checkout(
    tx: Transaction, patron_id: int, copy_id: int, *, now: datetime, zone: tzinfo
) -> tuple[CheckoutFacts, Conditions]:
    """What decides whether the copy may be lent to the patron, and on what conditions."""
    *known, stamp = tx.one(_FOR_CHECKOUT, patron_id=patron_id, copy_id=copy_id, now=now)
    facts = CheckoutFacts(*known)
    return facts, in_force(tx, stamp).conditions(facts.location, facts.group_code, facts.item_type, zone)


def for_request(
    tx: Transaction, patron_id: int, title_id: int, part: str, *, wished_copy_id: int | None, now: datetime
) -> tuple[RequestFacts, Policy]:
    """What decides whether the patron may request the title, or the one copy that will do; and the rule in force.

    Copies of one title may be lent under several rules: it is the first of those that allow requests, if one does.
    """
    asked = {"title_id": title_id, "part": part, "wished_copy_id": wished_copy_id}
    *known, stamp = tx.one(_FOR_REQUEST, patron_id=patron_id, now=now, **asked)
    facts, rules = RequestFacts(*known), in_force(tx, stamp)
    kinds = tx.all(_KINDS, **asked)
    policies = [rules.policy(kind.location, facts.group_code, kind.item_type) for kind in kinds]
    policies = policies or [rules.policy(None, facts.group_code, None)]
    return facts, next((policy for policy in policies if policy.requests_allowed), policies[0])


def for_loan(
    tx: Transaction, loan_id: int, *, now: datetime, today: date, zone: tzinfo
) -> tuple[LoanFacts, Conditions]:
    """What decides a renewal or a recall of a live loan, and the conditions it was made on, with the present hours."""
    *known, stamp = tx.one(_FOR_LOAN, loan_id=loan_id, now=now, today=today)
    facts = LoanFacts(*known)
    return facts, in_force(tx, stamp).kept(Policy.kept(facts.snapshot), facts.location, zone)
