"""What readers owe and what came of it: a ledger that only grows. A balance is its sum, and never written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from configuration.kit.database import Instant, JsonText, id_column, unique_where
from library_mgt.domain.money import CHARGES, FEE_KINDS, METHODS, RECEIPTED, FeeKind, Method
from library_mgt.models.data.base import listed, metadata, one_of

# Every amount of this database is in it, so it stands here and not among the settings, and is chosen before the first
# fee. `digits` are the decimal places that its smallest unit leaves.
currency = Table(
    "currency",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("digits", Integer, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
    CheckConstraint("digits BETWEEN 0 AND 4", name="digits"),
)

# Append-only, by triggers: a line is taken back by another line. Two things alone may change: whose it is, when the
# reader's two records become one; and the loan, the words and the moment, once nothing of the loan is open.
# `facts` say how a fine came about. The till stands here too, so that a receipt's number can be unique beside it.
fee_line = Table(
    "fee_line",
    metadata,
    id_column(),
    Column("patron_id", BigInteger, ForeignKey("patron.id"), nullable=False),
    Column("loan_id", BigInteger, ForeignKey("loan.id")),
    Column("kind", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("reason", Text),
    Column("facts", JsonText),
    Column("method", Text),
    Column("till", Text),
    Column("till_session_id", BigInteger),
    Column("receipt_number", Integer),
    one_of("kind", FEE_KINDS),
    one_of("method", METHODS),
    CheckConstraint(
        f"CASE WHEN kind IN {listed((*CHARGES, 'REFUND'))} THEN amount_minor > 0 ELSE amount_minor < 0 END",
        name="sign_of_kind",
    ),
    CheckConstraint(f"(kind IN {listed(RECEIPTED)}) = (receipt_number IS NOT NULL)", name="money_has_receipt"),
    CheckConstraint(
        "(receipt_number IS NULL) = (method IS NULL) AND (receipt_number IS NULL) = (till IS NULL) AND "
        "(receipt_number IS NULL) = (till_session_id IS NULL)",
        name="receipt_is_whole",
    ),
    CheckConstraint("kind NOT IN ('DAMAGE', 'WAIVER', 'REFUND') OR reason IS NOT NULL", name="says_why"),
    ForeignKeyConstraint(["till_session_id", "till"], ["till_session.id", "till_session.till"]),
    UniqueConstraint("till", "receipt_number"),
    unique_where("uq_fee_line_overdue", "loan_id", where="kind = 'OVERDUE'"),
    Index("ix_fee_line_patron_id", "patron_id", "id"),
    Index("ix_fee_line_loan_id", "loan_id"),
    Index("ix_fee_line_till_session_id", "till_session_id", "id"),
)

# Which charge a payment, waiver or refund is about, and with how much of it; the sign is the line's own. A trigger
# keeps what is open, and what is paid, of each charge between nothing and its amount, whoever writes at that moment.
fee_allocation = Table(
    "fee_allocation",
    metadata,
    Column("line_id", BigInteger, ForeignKey("fee_line.id"), primary_key=True),
    Column("charge_id", BigInteger, ForeignKey("fee_line.id"), primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    CheckConstraint("amount_minor <> 0", name="not_nothing"),
    Index("ix_fee_allocation_charge_id", "charge_id"),
)

# `last_receipt` counts under the till's row lock: a number is given with the payment that takes it, or not at all.
till = Table(
    "till",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("location", Text, ForeignKey("location.code"), nullable=False),
    Column("last_receipt", Integer, nullable=False),
)

till_session = Table(
    "till_session",
    metadata,
    id_column(),
    Column("till", Text, ForeignKey("till.code"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("float_minor", BigInteger, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", Text),
    UniqueConstraint("id", "till"),
    CheckConstraint("float_minor >= 0", name="float_not_negative"),
    CheckConstraint("closed_at >= opened_at", name="closed_after_opened"),
    CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
    unique_where("uq_till_session_open", "till", where="closed_at IS NULL"),
    Index("ix_till_session_till", "till", "opened_at"),
)

# What a closed till should have held and did, by method; append-only.
till_count = Table(
    "till_count",
    metadata,
    Column("session_id", BigInteger, ForeignKey("till_session.id"), primary_key=True),
    Column("method", Text, primary_key=True),
    Column("expected_minor", BigInteger, nullable=False),
    Column("counted_minor", BigInteger, nullable=False),
    Column("reason", Text),
    one_of("method", METHODS),
    CheckConstraint("counted_minor = expected_minor OR reason IS NOT NULL", name="difference_has_reason"),
)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A line of the ledger. Of a charge, `open_minor` is what is still owed and `paid_minor` what was paid for it."""

    id: int
    patron_id: int
    loan_id: int | None
    kind: FeeKind
    amount_minor: int
    open_minor: int
    paid_minor: int
    at: datetime
    made_by: str
    reason: str | None
    facts: Mapping[str, Any] | None
    method: Method | None
    till: str | None
    receipt_number: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Covered:
    """A charge that a payment, waiver or refund is about, and with how much."""

    charge_id: int
    kind: FeeKind
    amount_minor: int
    title: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class LateLoan:
    """A loan that is, or was, late: all that its fine follows from."""

    id: int
    patron_id: int | None
    title: str | None
    due_at: datetime
    policy: Mapping[str, Any]
    location: str | None
    price_minor: int | None


@dataclass(frozen=True, slots=True)
class TillView:
    """A till, and the session in which it takes money now."""

    code: str
    name: str
    location: str
    session_id: int | None
    opened_at: datetime | None
    opened_by: str | None
    float_minor: int | None


@dataclass(frozen=True, slots=True)
class TillSession:
    """From when to when a till took money, and with how much it began."""

    id: int
    till: str
    opened_at: datetime
    opened_by: str
    float_minor: int
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in and went out by one method in a session."""

    session_id: int
    method: Method
    payments: int
    paid_minor: int
    refunds: int
    refunded_minor: int


@dataclass(frozen=True, slots=True)
class Count:
    """What a till should have held by one method at its end, and what it held."""

    session_id: int
    method: Method
    expected_minor: int
    counted_minor: int
    reason: str | None
