"""SQL about what waiting requests wait for: their places, and the copies that serve them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal_column, or_, select, tuple_

from configuration.kit.database import Statement, Transaction
from library_mgt.domain.states import REQUESTABLE
from library_mgt.models.data.base import word, words
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy, copy_claim
from library_mgt.models.data.loans import loan
from library_mgt.models.data.reference import item_type
from library_mgt.models.data.requests import request

SIZES = (1, 10, 50, 256)
"""How many ids a statement takes; a list of another length is filled up with its last."""
WAITING = ("PENDING_APPROVAL", "QUEUED")
_ahead = request.alias("ahead")
_holder = request.alias("holder")
_COPY = (
    copy.c.id.label("copy_id"),
    copy.c.status,
    copy.c.location,
    copy.c.item_type,
    loan.c.state.label("loan_state"),
    loan.c.due_at,
    _holder.c.state.label("aside"),
    _holder.c.ready_until,
)


def _with_copies(wanted: Any, *conditions: Any) -> Any:
    """Each wish with each copy of its title and part that is, or will be, lent again."""
    return (
        wanted.outerjoin(
            copy,
            and_(
                copy.c.title_id == wanted.c.title_id,
                copy.c.part == wanted.c.part,
                copy.c.status.in_(words(REQUESTABLE)),
                copy.c.item_type.in_(select(item_type.c.code).where(item_type.c.loanable)),
                *conditions,
            ),
        )
        .outerjoin(copy_claim, copy_claim.c.copy_id == copy.c.id)
        .outerjoin(loan, loan.c.id == copy_claim.c.loan_id)
        .outerjoin(_holder, _holder.c.id == copy_claim.c.request_id)
    )


def _places() -> Select[Any]:
    """How many stand ahead of each waiting request, itself counted."""
    ahead = (
        select(func.count())
        .select_from(_ahead)
        .where(
            _ahead.c.title_id == request.c.title_id,
            _ahead.c.part == request.c.part,
            _ahead.c.state == word("QUEUED"),
            tuple_(_ahead.c.band, _ahead.c.seq, _ahead.c.id) < tuple_(request.c.band, request.c.seq, request.c.id),
        )
        .correlate(request)
        .scalar_subquery()
    )
    return select(
        request.c.id, request.c.title_id, request.c.part, request.c.wished_copy_id, (ahead + 1).label("place")
    ).where(request.c.state.in_(words(WAITING)))


@cache
def _of_requests(count: int) -> Statement[Any]:
    ids = [bindparam(f"id_{place}", type_=request.c.id.type) for place in range(count)]
    wanted = _places().where(request.c.id.in_(ids)).cte("wanted")
    wished = or_(wanted.c.wished_copy_id.is_(None), copy.c.id == wanted.c.wished_copy_id)
    return Statement(select(wanted.c.id, wanted.c.place, *_COPY).select_from(_with_copies(wanted, wished)))


@cache
def _longest(limit: int) -> Statement[Any]:
    """Titles that somebody waits for, with how many do, and their copies."""
    queued = (
        select(request.c.title_id, request.c.part, func.count().label("waiting"))
        .where(request.c.state == word("QUEUED"))
        .where(
            tuple_(request.c.title_id, request.c.part)
            > tuple_(
                bindparam("after_title", type_=request.c.title_id.type),
                bindparam("after_part", type_=request.c.part.type),
            )
        )
        .group_by(request.c.title_id, request.c.part)
        .order_by(request.c.title_id, request.c.part)
        .limit(literal_column(str(limit)))
        .cte("queued")
    )
    return Statement(
        select(queued.c.title_id, queued.c.part, queued.c.waiting, title.c.title, title.c.number, *_COPY)
        .select_from(_with_copies(queued).join(title, title.c.id == queued.c.title_id))
        .order_by(queued.c.title_id, queued.c.part)
    )


def of_requests(tx: Transaction, ids: Sequence[int]) -> list[Any]:
    """For each of at most 256 waiting requests its place, and a row per copy that serves it; one row without any."""
    if not ids:
        return []
    count = next(size for size in SIZES if size >= len(ids))
    filled = [*ids, *[ids[-1]] * (count - len(ids))]
    return tx.all(_of_requests(count), **{f"id_{place}": one for place, one in enumerate(filled)})


def queues(tx: Transaction, *, after: tuple[int, str], limit: int) -> list[Any]:
    """The titles and parts that somebody waits for, in their order, with a row per copy."""
    return tx.all(_longest(limit), after_title=after[0], after_part=after[1])
