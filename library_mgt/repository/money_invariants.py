"""What must hold of money at every moment between two units of work."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal_column, or_, select

from library_mgt.domain.money import METHODS
from library_mgt.models.data.base import word
from library_mgt.models.data.fees import fee_allocation, fee_line, till, till_count, till_session
from library_mgt.models.data.loans import loan
from library_mgt.repository.fees import is_charge, open_of, paid_of, total
from library_mgt.repository.kept import KeptNumber

_NONE: ColumnElement[int] = literal_column("0")
_charge = fee_line.alias("charge")
_other = fee_line.alias("other_line")
_given = fee_line.alias("given")


def _allocated(line: Any) -> ColumnElement[int]:
    return select(total(fee_allocation.c.amount_minor)).where(fee_allocation.c.line_id == line.c.id).scalar_subquery()


def _balances() -> Select[Any]:
    """A reader whose lines do not add up to what is open of the charges."""
    lines = select(fee_line.c.patron_id, total(fee_line.c.amount_minor).label("owed")).group_by(fee_line.c.patron_id)
    summed = lines.subquery("summed")
    still = select(total(open_of(_other))).where(_other.c.patron_id == summed.c.patron_id, is_charge(_other))
    return select(summed.c.patron_id, summed.c.owed).where(summed.c.owed != still.scalar_subquery())


def _receipts() -> Select[Any]:
    mine = _given.c.till == till.c.code
    given = select(func.count()).select_from(_given).where(mine).scalar_subquery()
    highest = select(func.coalesce(func.max(_given.c.receipt_number), _NONE)).where(mine).scalar_subquery()
    return select(till.c.code, till.c.last_receipt).where(
        or_(given != till.c.last_receipt, highest != till.c.last_receipt)
    )


def _counts() -> Select[Any]:
    """A closed till whose count was held against another sum than went over it."""
    moved = select(total(_given.c.amount_minor)).where(
        _given.c.till_session_id == till_session.c.id, _given.c.method == till_count.c.method
    )
    begun = case((till_count.c.method == word("CASH"), till_session.c.float_minor), else_=_NONE)
    return (
        select(till_count.c.session_id, till_count.c.method)
        .select_from(till_count.join(till_session, till_session.c.id == till_count.c.session_id))
        .where(or_(till_session.c.closed_at.is_(None), till_count.c.expected_minor + moved.scalar_subquery() != begun))
    )


def _uncounted() -> Select[Any]:
    counts = select(func.count()).select_from(till_count).where(till_count.c.session_id == till_session.c.id)
    every: ColumnElement[int] = literal_column(str(len(METHODS)))
    return select(till_session.c.id).where(till_session.c.closed_at.is_not(None), counts.scalar_subquery() != every)


def _in_session() -> Select[Any]:
    return (
        select(fee_line.c.id)
        .select_from(fee_line.join(till_session, till_session.c.id == fee_line.c.till_session_id))
        .where(or_(fee_line.c.at < till_session.c.opened_at, fee_line.c.at > till_session.c.closed_at))
    )


MONEY: tuple[tuple[str, str, Select[Any]], ...] = (
    ("fees_sum_to_balance", "A reader's fee lines add up to what is open of the charges.", _balances()),
    (
        "charges_within_bounds",
        "Of a charge at least nothing and at most its amount is open, and only what was paid was given back.",
        select(fee_line.c.id).where(
            is_charge(), or_(open_of() < _NONE, open_of() > fee_line.c.amount_minor, paid_of() < _NONE)
        ),
    ),
    (
        "lines_cover_their_amount",
        "A payment, waiver or refund is about charges with exactly its amount.",
        select(fee_line.c.id).where(
            or_(
                and_(~is_charge(), _allocated(fee_line) != fee_line.c.amount_minor),
                and_(is_charge(), exists().where(fee_allocation.c.line_id == fee_line.c.id)),
            )
        ),
    ),
    (
        "money_stays_with_its_reader",
        "What is paid, waived or given back is about charges of the same reader.",
        select(fee_line.c.id, _charge.c.id.label("charge_id"))
        .select_from(
            fee_allocation.join(fee_line, fee_line.c.id == fee_allocation.c.line_id).join(
                _charge, _charge.c.id == fee_allocation.c.charge_id
            )
        )
        .where(or_(fee_line.c.patron_id != _charge.c.patron_id, ~is_charge(_charge))),
    ),
    (
        "overdue_fee_capped",
        "A loan's delay is charged once, and no higher than the rule that the loan keeps and the price of its copy.",
        select(fee_line.c.id)
        .select_from(fee_line.join(loan, loan.c.id == fee_line.c.loan_id))
        .where(
            fee_line.c.kind == word("OVERDUE"),
            or_(
                fee_line.c.amount_minor > KeptNumber(loan.c.policy, literal_column("'fine_cap_minor'")),
                fee_line.c.amount_minor > KeptNumber(fee_line.c.facts, literal_column("'limit_minor'")),
                exists().where(
                    _other.c.loan_id == fee_line.c.loan_id,
                    _other.c.kind == word("OVERDUE"),
                    _other.c.id != fee_line.c.id,
                ),
            ),
        ),
    ),
    ("receipts_without_gaps", "A till's receipts are numbered from 1 without a gap.", _receipts()),
    ("till_counts_are_true", "A closed till was counted against what went over it.", _counts()),
    ("closed_tills_are_counted", "A closed till was counted, method by method.", _uncounted()),
    ("money_while_the_till_is_open", "Money went over a till while it was open.", _in_session()),
)
"""Name, sentence, and the statement that finds what breaks it."""
