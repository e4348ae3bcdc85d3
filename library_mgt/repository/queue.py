"""SQL about who gets a free copy next."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, case, or_, select

from configuration.kit.database import Statement, Transaction
from library_mgt.domain.states import ASSIGNED
from library_mgt.models.data.base import word, words
from library_mgt.models.data.copies import copy, copy_claim
from library_mgt.models.data.reference import item_type
from library_mgt.models.data.requests import request


def free(one: FromClause) -> ColumnElement[bool]:
    """Whether a copy stands on its shelf for anybody; the statement joins its `item_type`."""
    return and_(
        one.c.status == word("IN_SERVICE"),
        item_type.c.loanable,
        ~select(copy_claim.c.copy_id).where(copy_claim.c.copy_id == one.c.id).correlate(one).exists(),
    )


# A copy in hand at the desk goes first, then one that stands where the reader wants to fetch it.
_MATCH = Statement(
    select(request.c.id.label("request_id"), copy.c.id.label("copy_id"), request.c.pickup_location)
    .select_from(
        request.join(copy, and_(copy.c.title_id == request.c.title_id, copy.c.part == request.c.part)).join(
            item_type, item_type.c.code == copy.c.item_type
        )
    )
    .where(
        request.c.title_id == bindparam("title_id"),
        request.c.part == bindparam("part"),
        request.c.state == word("QUEUED"),
        or_(
            request.c.suspended_until.is_(None),
            request.c.suspended_until < bindparam("today", type_=request.c.suspended_until.type),
        ),
        or_(request.c.wished_copy_id.is_(None), request.c.wished_copy_id == copy.c.id),
        free(copy),
    )
    .order_by(
        request.c.band,
        request.c.seq,
        request.c.id,
        case((copy.c.id == bindparam("in_hand"), 0), else_=1),
        case((copy.c.location == request.c.pickup_location, 0), else_=1),
        copy.c.id,
    )
    .limit(1)
)
_WISHED = bindparam("wished", type_=copy.c.id.type)
_FREE_COPY = Statement(
    select(copy.c.id)
    .join(item_type, item_type.c.code == copy.c.item_type)
    .where(
        copy.c.title_id == bindparam("title_id"),
        copy.c.part == bindparam("part"),
        or_(_WISHED.is_(None), copy.c.id == _WISHED),
        free(copy),
    )
    .order_by(copy.c.id)
    .limit(1)
)
_SHELF = Statement(
    select(request.c.id).where(request.c.copy_id == bindparam("copy_id"), request.c.state.in_(words(ASSIGNED)))
)


def next_match(tx: Transaction, title_id: int, part: str, *, in_hand: int | None, today: date) -> Any:
    """The first request that waits and a free copy that will do for it: `request_id`, `copy_id`, `pickup_location`."""
    return tx.first(_MATCH, title_id=title_id, part=part, in_hand=in_hand, today=today)


def free_copy(tx: Transaction, title_id: int, part: str, wished_copy_id: int | None) -> int | None:
    """A copy on the shelf that would do for a request of this part, or for this very copy."""
    found: int | None = tx.scalar(_FREE_COPY, title_id=title_id, part=part, wished=wished_copy_id)
    return found


def assigned_to(tx: Transaction, copy_id: int) -> int | None:
    """The request that a copy is set aside for."""
    found: int | None = tx.scalar(_SHELF, copy_id=copy_id)
    return found
