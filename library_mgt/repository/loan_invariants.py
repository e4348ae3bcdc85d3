"""The truths about loans that are renewed, recalled or given up for lost."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from library_mgt.models.data.base import word
from library_mgt.models.data.copies import copy
from library_mgt.models.data.loans import circulation_event, loan
from library_mgt.models.data.requests import request

_renewal = circulation_event.alias("renewal")


def _renewed_past_a_waiter() -> Select[Any]:
    """Somebody waited in the queue already, and waits still, when the loan of a copy that would do was renewed.

    What a librarian overruled stands in the loan and is no breach.
    """
    return (
        select(loan.c.id, request.c.id.label("request_id"))
        .select_from(
            loan.join(_renewal, and_(_renewal.c.loan_id == loan.c.id, _renewal.c.kind == word("RENEWED"))).join(
                request, and_(request.c.title_id == loan.c.title_id, request.c.part == loan.c.part)
            )
        )
        .where(
            loan.c.overrides.is_(None),
            request.c.state == word("QUEUED"),
            request.c.suspended_until.is_(None),
            or_(request.c.wished_copy_id.is_(None), request.c.wished_copy_id == loan.c.copy_id),
            request.c.queued_at < _renewal.c.at,
        )
    )


def counted(column: ColumnElement[int], *conditions: ColumnElement[bool], apart: Any) -> ColumnElement[int]:
    """How many rows of the column's table there are for a row of the table `apart`."""
    return select(func.count()).select_from(column.table).where(*conditions).correlate(apart).scalar_subquery()


def _events(kind: str) -> ColumnElement[int]:
    of_this = (circulation_event.c.loan_id == loan.c.id, circulation_event.c.kind == word(kind))
    return counted(circulation_event.c.loan_id, *of_this, apart=loan)


OF_LONGER_AND_SHORTER_LOANS: tuple[tuple[str, str, Select[Any]], ...] = (
    (
        "renewals_counted",
        "A loan was renewed as often as its events say, without those that were undone.",
        select(loan.c.id).where(loan.c.renewals != _events("RENEWED") - _events("RENEWAL_UNDONE")),
    ),
    ("renewed_in_turn", "No loan was renewed past a reader who waited in the queue.", _renewed_past_a_waiter()),
    (
        "recalled_once",
        "A loan was recalled once if it says so, and else never.",
        select(loan.c.id).where(case((loan.c.recalled_at.is_(None), 0), else_=1) != _events("RECALLED")),
    ),
    (
        "lost_copies_are_lost",
        "The copy of a loan that was given up for lost counts as lost.",
        select(loan.c.id)
        .select_from(loan.join(copy, copy.c.id == loan.c.copy_id))
        .where(loan.c.state == word("LOST"), copy.c.status != word("LOST")),
    ),
)
