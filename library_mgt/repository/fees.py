"""SQL about the fee ledger. Lines are added and read; nothing here rewrites one."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    update,
)

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.database.rows import Pages
from library_mgt.domain.money import CHARGES, RECEIPTED
from library_mgt.models.data.base import labelled, word, words
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy
from library_mgt.models.data.fees import Covered, FeeLine, LateLoan, fee_allocation, fee_line
from library_mgt.models.data.loans import loan
from library_mgt.repository.loans import LATE

_about = fee_allocation.alias("about")
_by = fee_line.alias("by_line")
_line = fee_line.alias("line")


def total(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The sum of a column of amounts; nothing adds up to 0."""
    return cast(func.coalesce(func.sum(column), literal_column("0")), BigInteger)


def balance_of(patron_id: ColumnElement[Any]) -> ColumnElement[int]:
    """What a patron owes, by the ledger."""
    return select(total(_line.c.amount_minor)).where(_line.c.patron_id == patron_id).scalar_subquery()


def is_charge(table: Any = fee_line) -> ColumnElement[bool]:
    """Whether the line is something owed for."""
    return table.c.kind.in_(words(CHARGES))  # type: ignore[no-any-return]


def open_of(table: Any = fee_line) -> ColumnElement[int]:
    """What is still owed of a charge."""
    covered = select(total(_about.c.amount_minor)).where(_about.c.charge_id == table.c.id).scalar_subquery()
    return table.c.amount_minor + covered  # type: ignore[no-any-return]


def paid_of(table: Any = fee_line) -> ColumnElement[int]:
    """What was paid for a charge and not given back."""
    return -(
        select(total(_about.c.amount_minor))
        .select_from(_about.join(_by, _by.c.id == _about.c.line_id))
        .where(_about.c.charge_id == table.c.id, _by.c.kind.in_(words(RECEIPTED)))
        .scalar_subquery()
    )


def open_about(loan_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether something is still owed about a loan: then its reader is not forgotten."""
    owed = fee_line.alias("owed")
    return exists().where(owed.c.loan_id == loan_id, is_charge(owed), open_of(owed) > literal_column("0"))


_DERIVED: dict[str, ColumnElement[Any]] = {
    "open_minor": case((is_charge(), open_of()), else_=literal_column("0")),
    "paid_minor": paid_of(),
    "title": title.c.title,
}
_VIEW = select(*labelled(FeeLine.__dataclass_fields__, fee_line, _DERIVED)).select_from(
    fee_line.outerjoin(loan, loan.c.id == fee_line.c.loan_id).outerjoin(title, title.c.id == loan.c.title_id)
)
_MINE = fee_line.c.patron_id == bindparam("patron_id")
_BY_ID = Statement(_VIEW.where(fee_line.c.id == bindparam("id")), FeeLine)
_OPEN = Statement(
    _VIEW.where(_MINE, is_charge(), open_of() > literal_column("0")).order_by(fee_line.c.at, fee_line.c.id), FeeLine
)
_OF_LOAN = Statement(
    _VIEW.where(fee_line.c.loan_id == bindparam("loan_id"), is_charge()).order_by(fee_line.c.id), FeeLine
)
_RECEIPT = Statement(
    _VIEW.where(fee_line.c.till == bindparam("till"), fee_line.c.receipt_number == bindparam("number")), FeeLine
)
# Newest first: the key runs down.
_PAGE = Pages(_VIEW.add_columns((-fee_line.c.id).label("place")).where(_MINE), by=-fee_line.c.id, into=FeeLine)
_BALANCE = Statement(
    select(total(fee_line.c.amount_minor)).where(_MINE, fee_line.c.id <= bindparam("last", type_=fee_line.c.id.type))
)
_COVERS = Statement(
    select(
        fee_allocation.c.charge_id,
        fee_line.c.kind,
        fee_allocation.c.amount_minor,
        title.c.title,
        fee_line.c.reason,
    )
    .select_from(
        fee_allocation.join(fee_line, fee_line.c.id == fee_allocation.c.charge_id)
        .outerjoin(loan, loan.c.id == fee_line.c.loan_id)
        .outerjoin(title, title.c.id == loan.c.title_id)
    )
    .where(fee_allocation.c.line_id == bindparam("line_id"))
    .order_by(fee_allocation.c.charge_id),
    Covered,
)
_LATE_COLUMNS = select(
    loan.c.id,
    loan.c.patron_id,
    title.c.title,
    loan.c.due_at,
    loan.c.policy,
    copy.c.location,
    copy.c.price_minor,
).select_from(loan.outerjoin(copy, copy.c.id == loan.c.copy_id).outerjoin(title, title.c.id == loan.c.title_id))
_LATE_LOAN = Statement(_LATE_COLUMNS.where(loan.c.id == bindparam("id")), LateLoan)
_LATE_LOANS = Statement(
    _LATE_COLUMNS.where(loan.c.patron_id == bindparam("patron_id"), LATE).order_by(loan.c.due_at, loan.c.id), LateLoan
)
_HAS_OVERDUE = Statement(
    select(fee_line.c.id).where(fee_line.c.loan_id == bindparam("loan_id"), fee_line.c.kind == word("OVERDUE"))
)
_ANY = Statement(select(fee_line.c.id).limit(literal_column("1")))
_ADD = Statement(insert_into(fee_line, returning=("id",)))
_ALLOCATE = Statement(insert_into(fee_allocation, omit=()))
_ABOUT_LOAN = Statement(
    select(fee_line.c.id, fee_line.c.at).where(fee_line.c.loan_id == bindparam("loan_id")).order_by(fee_line.c.id)
)
_FORGET: Statement[Any] = Statement(
    update(fee_line)
    .values(
        loan_id=None,
        reason=case((fee_line.c.reason.is_(None), None), else_=""),
        facts=None,
        at=bindparam("new_at", type_=Instant),
    )
    .where(fee_line.c.id == bindparam("id"))
)
_NO_MONEY: dict[str, Any] = {"method": None, "till": None, "till_session_id": None, "receipt_number": None}
LAST = 2**63 - 1


def balance(tx: Transaction, patron_id: int, *, after_line: int = LAST) -> int:
    """What a patron owes by the ledger, or owed when a line had been written."""
    owed: int = tx.scalar(_BALANCE, patron_id=patron_id, last=after_line)
    return owed


def line(tx: Transaction, line_id: int) -> FeeLine | None:
    """A line of the ledger."""
    return tx.first(_BY_ID, id=line_id)


def page(tx: Transaction, patron_id: int, *, before: int = LAST, limit: int) -> list[FeeLine]:
    """A patron's lines, newest first."""
    return _PAGE.page(tx, after=-before, limit=limit, patron_id=patron_id)


def open_charges(tx: Transaction, patron_id: int) -> list[FeeLine]:
    """What a patron still owes for, oldest first."""
    return tx.all(_OPEN, patron_id=patron_id)


def charges_of_loan(tx: Transaction, loan_id: int) -> list[FeeLine]:
    """What was charged about a loan."""
    return tx.all(_OF_LOAN, loan_id=loan_id)


def receipt(tx: Transaction, till: str, number: int) -> FeeLine | None:
    """The payment or refund with this receipt."""
    return tx.first(_RECEIPT, till=till, number=number)


def covered(tx: Transaction, line_id: int) -> list[Covered]:
    """The charges that a payment, waiver or refund is about."""
    return tx.all(_COVERS, line_id=line_id)


def late_loan(tx: Transaction, loan_id: int) -> LateLoan | None:
    """All that a loan's fine follows from."""
    return tx.first(_LATE_LOAN, id=loan_id)


def late_loans(tx: Transaction, patron_id: int, now: datetime) -> list[LateLoan]:
    """A patron's loans that are late and still out, the latest first."""
    return tx.all(_LATE_LOANS, patron_id=patron_id, now=now)


def has_overdue(tx: Transaction, loan_id: int) -> bool:
    """Whether the loan's delay was charged already."""
    return tx.first(_HAS_OVERDUE, loan_id=loan_id) is not None


def any_line(tx: Transaction) -> bool:
    """Whether anybody was ever charged anything."""
    return tx.first(_ANY) is not None


def add(tx: Transaction, covers: Iterable[tuple[int, int]] = (), **values: Any) -> int:
    """A new line; of a payment, waiver or refund also which charges it is about. Answers its id."""
    line_id: int = tx.scalar(_ADD, **{"loan_id": None, "reason": None, "facts": None, **_NO_MONEY, **values})
    pairs = [{"line_id": line_id, "charge_id": charge, "amount_minor": amount} for charge, amount in covers]
    tx.run_many(_ALLOCATE, pairs)
    return line_id


def forget(tx: Transaction, line_id: int, at: datetime) -> None:
    """Let a line name no loan and say nothing of it, only on which day it was. Amount and patron stay."""
    tx.run(_FORGET, id=line_id, new_at=at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))


def forget_loan(tx: Transaction, loan_id: int) -> None:
    """Let no line name a loan: the moment would tell it as well, for a fine is charged as the copy comes back."""
    for row in tx.all(_ABOUT_LOAN, loan_id=loan_id):
        forget(tx, row.id, row.at)
