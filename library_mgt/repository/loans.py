"""SQL about loans."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, literal_column, or_, select, update

from configuration.kit.database import Encoded, Instant, Statement, Transaction, encoded, insert_into
from library_mgt.domain.lending import CheckoutFacts
from library_mgt.domain.policy import Policy
from library_mgt.domain.states import LIVE_LOAN, LoanState
from library_mgt.models.data.base import labelled, word, words
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy_barcode
from library_mgt.models.data.loans import LoanView, loan
from library_mgt.models.data.patrons import patron, patron_person
from library_mgt.repository.patrons import first_hat

LATE = and_(loan.c.state == word("ON_LOAN"), loan.c.due_at < bindparam("now", type_=Instant))
"""A loan whose copy should be back by `now`."""

_later = loan.alias("later")
_current = copy_barcode.alias("current")
_DERIVED: dict[str, ColumnElement[Any]] = {
    "barcode": _current.c.barcode,
    "number": title.c.number,
    "title": title.c.title,
    "person": patron_person.c.person,
    "display_name": patron_person.c.display_name,
}
VIEW = select(*labelled(LoanView.__dataclass_fields__, loan, _DERIVED)).select_from(
    loan.outerjoin(title, title.c.id == loan.c.title_id)
    .outerjoin(_current, and_(_current.c.copy_id == loan.c.copy_id, _current.c.in_use))
    .outerjoin(patron_person, first_hat(loan.c.patron_id))
)
_BY_ID = Statement(VIEW.where(loan.c.id == bindparam("id")), LoanView)
_WHERE = {
    "mine": loan.c.patron_id == bindparam("patron_id"),
    "title": loan.c.title_id == bindparam("title_id"),
    "live": loan.c.state.in_(words(LIVE_LOAN)),
    "state": loan.c.state == bindparam("state"),
    "overdue": LATE,
}
_NOW = bindparam("now", type_=Instant)
# Who waited for the lock may have come before a loan that was made meanwhile: that loan then ends as it began.
_BACK_AT = case((loan.c.loaned_at > _NOW, loan.c.loaned_at), else_=_NOW)
_INSERT = Statement(insert_into(loan, returning=("id",)))
_LIVE_OF_COPY = Statement(
    select(loan.c.id, loan.c.state, loan.c.patron_id, loan.c.loaned_at, loan.c.due_at, loan.c.announced_at)
    .where(loan.c.copy_id == bindparam("copy_id"), loan.c.state.in_(words(LIVE_LOAN)))
    .with_for_update()
)
_scanned = copy_barcode.alias("scanned")
# Who has to pay when the copy comes back now: whose patron row has to be locked before the title's.
_LOCK_LATE = Statement(
    select(patron.c.id)
    .select_from(
        _scanned.join(loan, loan.c.copy_id == _scanned.c.copy_id).join(patron, patron.c.id == loan.c.patron_id)
    )
    .where(
        _scanned.c.barcode == bindparam("barcode"),
        or_(
            and_(loan.c.state.in_(words(LIVE_LOAN)), loan.c.due_at < bindparam("now", type_=Instant)),
            loan.c.state.in_(words(("LOST", "SETTLED"))),
        ),
    )
    .order_by(patron.c.id)
    .with_for_update(of=patron)
)
_LAST_OF_COPY = Statement(
    select(loan.c.returned_at).where(loan.c.copy_id == bindparam("copy_id")).order_by(loan.c.id.desc()).limit(1)
)
_RULE = Statement(select(loan.c.policy).where(loan.c.id == bindparam("id")))
_LOCK = Statement(
    select(
        loan.c.id,
        loan.c.state,
        loan.c.patron_id,
        loan.c.request_id,
        loan.c.copy_id,
        loan.c.part,
        loan.c.announced_at,
        loan.c.overrides,
    )
    .where(loan.c.id == bindparam("id"))
    .with_for_update()
)
_RENEW = Statement(
    update(loan)
    .values(
        due_at=bindparam("new_due_at", type_=Instant),
        renewals=loan.c.renewals + 1,
        announced_at=None,
        overrides=bindparam("new_overrides", type_=loan.c.overrides.type),
        version=loan.c.version + 1,
    )
    .where(loan.c.id == bindparam("id"))
)
_UNDO_RENEWAL = Statement(
    update(loan)
    .values(
        due_at=bindparam("new_due_at", type_=Instant),
        renewals=loan.c.renewals - 1,
        announced_at=bindparam("new_announced_at", type_=Instant),
        version=loan.c.version + 1,
    )
    .where(loan.c.id == bindparam("id"))
)
_RECALL = Statement(
    update(loan)
    .values(
        due_at=bindparam("new_due_at", type_=Instant),
        recalled_at=bindparam("now", type_=Instant),
        version=loan.c.version + 1,
    )
    .where(loan.c.id == bindparam("id"))
)
_MOVE = Statement(
    update(loan)
    .values(state=bindparam("new_state", type_=loan.c.state.type), returned_at=None, version=loan.c.version + 1)
    .where(loan.c.id == bindparam("id"))
)
_UNDO_CHECK_OUT = Statement(
    update(loan)
    .values(state="RETURNED", returned_at=_BACK_AT, request_id=None, version=loan.c.version + 1)
    .where(loan.c.id == bindparam("id"))
)
_BORROWED_SINCE = Statement(
    select(loan.c.id)
    .where(loan.c.patron_id == bindparam("patron_id"), loan.c.id > bindparam("id"), loan.c.state.in_(words(LIVE_LOAN)))
    .limit(1)
)
_SETTLED_OF_COPY = Statement(
    select(loan.c.id, loan.c.state, loan.c.patron_id, loan.c.loaned_at, loan.c.due_at, loan.c.announced_at)
    .where(
        loan.c.copy_id == bindparam("copy_id"),
        loan.c.state == word("SETTLED"),
        ~exists().where(_later.c.copy_id == loan.c.copy_id, _later.c.id > loan.c.id),
    )
    .with_for_update()
)
_RETURN = Statement(
    update(loan)
    .values(
        state="RETURNED",
        returned_at=_BACK_AT,
        version=loan.c.version + 1,
    )
    .where(loan.c.id == bindparam("id"))
)
_ANNOUNCE = Statement(
    update(loan)
    .values(announced_at=bindparam("now", type_=Instant), version=loan.c.version + 1)
    .where(loan.c.id == bindparam("id"))
)


@cache
def _page(limit: int, names: tuple[str, ...]) -> Statement[LoanView]:
    conditions = [_WHERE[name] for name in names]
    return Statement(
        VIEW.where(loan.c.id > bindparam("after"), *conditions).order_by(loan.c.id).limit(literal_column(str(limit))),
        LoanView,
    )


def by_id(tx: Transaction, loan_id: int) -> LoanView | None:
    """A loan with the words a person needs to recognise it."""
    return tx.first(_BY_ID, id=loan_id)


def page(
    tx: Transaction,
    *,
    after: int,
    limit: int,
    patron_id: int | None = None,
    title_id: int | None = None,
    state: str | None = None,
    now: datetime | None = None,
) -> list[LoanView]:
    """Loans in the order they were made; `state` is one of the states, `live`, or `overdue` (which needs `now`)."""
    params: dict[str, Any] = {"after": after}
    names = []
    if patron_id is not None:
        names.append("mine")
        params["patron_id"] = patron_id
    if title_id is not None:
        names.append("title")
        params["title_id"] = title_id
    if state in ("live", "overdue"):
        names.append(state)
        params |= {"now": now} if state == "overdue" else {}
    elif state is not None:
        names.append("state")
        params["state"] = state
    return tx.all(_page(limit, tuple(names)), **params)


def open_loan(
    tx: Transaction,
    facts: CheckoutFacts,
    policy: Policy,
    *,
    due_at: datetime,
    now: datetime,
    request_id: int | None,
    overrides: Mapping[str, Any] | None,
) -> LoanView:
    """Insert the loan that was decided on."""
    shared: dict[str, Any] = {
        "version": 1,
        "copy_id": facts.copy_id,
        "title_id": facts.title_id,
        "part": facts.part,
        "patron_id": facts.patron_id,
        "request_id": request_id,
        "state": "ON_LOAN",
        "loaned_at": now,
        "due_at": due_at,
        "original_due_at": due_at,
        "announced_at": None,
        "returned_at": None,
        "recalled_at": None,
        "renewals": 0,
        "overrides": overrides,
    }
    new_id: int = tx.scalar(_INSERT, **shared, group_code=facts.group_code, policy=_snapshot(policy))
    return LoanView(
        id=new_id,
        barcode=facts.barcode,
        number=facts.number,
        title=facts.title,
        person=facts.person,
        display_name=facts.display_name,
        **shared,
    )


@lru_cache(256)
def _snapshot(policy: Policy) -> Encoded:
    """The values of a rule as a loan keeps them. There are few rules, and many loans under each."""
    return encoded(policy.snapshot())


def rule_kept(tx: Transaction, loan_id: int) -> Mapping[str, Any]:
    """The values of the rule that the loan was made under."""
    kept: Mapping[str, Any] = tx.scalar(_RULE, id=loan_id)
    return kept


def live_of_copy(tx: Transaction, copy_id: int) -> Any:
    """The copy's live loan, locked; the title comes before it."""
    return tx.first(_LIVE_OF_COPY, copy_id=copy_id)


def lock_late_reader(tx: Transaction, barcode: str, *, now: datetime) -> None:
    """Lock the patron whose ledger a return of the copy may change; the patron comes before the title."""
    tx.all(_LOCK_LATE, barcode=barcode, now=now)


def last_return(tx: Transaction, copy_id: int) -> datetime | None:
    """When the copy came back from its last loan."""
    at: datetime | None = tx.scalar(_LAST_OF_COPY, copy_id=copy_id)
    return at


def locked(tx: Transaction, loan_id: int) -> Any:
    """The loan's own row, locked."""
    return tx.first(_LOCK, id=loan_id)


def renew(tx: Transaction, loan_id: int, *, due_at: datetime, overrides: Mapping[str, Any] | None) -> None:
    """Move the due date and count the renewal; a return that was announced before is off."""
    tx.run(_RENEW, id=loan_id, new_due_at=due_at, new_overrides=overrides)


def undo_renewal(tx: Transaction, loan_id: int, *, due_at: datetime, announced_at: datetime | None) -> None:
    """Move the due date back and count the renewal no more; a return that it called off is announced again."""
    tx.run(_UNDO_RENEWAL, id=loan_id, new_due_at=due_at, new_announced_at=announced_at)


def recall(tx: Transaction, loan_id: int, *, due_at: datetime, now: datetime) -> None:
    """Call it back for who waits."""
    tx.run(_RECALL, id=loan_id, new_due_at=due_at, now=now)


def move(tx: Transaction, loan_id: int, state: LoanState) -> None:
    """Write a new state of a loan whose copy is not back."""
    tx.run(_MOVE, id=loan_id, new_state=state)


def undo_check_out(tx: Transaction, loan_id: int, *, now: datetime) -> None:
    """End a loan that should not have been made, and let go of the request it was made of."""
    tx.run(_UNDO_CHECK_OUT, id=loan_id, now=now)


def borrowed_since(tx: Transaction, patron_id: int, loan_id: int) -> bool:
    """Whether the patron has out what was lent after that loan."""
    return tx.first(_BORROWED_SINCE, patron_id=patron_id, id=loan_id) is not None


def settled_of_copy(tx: Transaction, copy_id: int) -> Any:
    """The copy's last loan if its loss was settled, locked; the title comes before it."""
    return tx.first(_SETTLED_OF_COPY, copy_id=copy_id)


def close(tx: Transaction, loan_id: int, *, now: datetime) -> None:
    """The copy came back."""
    tx.run(_RETURN, id=loan_id, now=now)


def announce(tx: Transaction, loan_id: int, *, now: datetime) -> None:
    """The reader says it is coming back."""
    tx.run(_ANNOUNCE, id=loan_id, now=now)
