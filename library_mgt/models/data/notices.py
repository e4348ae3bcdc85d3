"""Notices to readers, and who chose to keep their history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from configuration.kit.database import Instant, id_column
from library_mgt.domain.notices import CHANNELS, NOTICE_STATES, Kind
from library_mgt.domain.states import LoanState, RequestState
from library_mgt.models.data.base import metadata, one_of

_WAITING = text("state = 'WAITING'")

# One row per thing a reader is told. `key` says what makes it one: the event that caused it, or the loan with its due
# day and how many days before or after it. What it says is worked out of the loan or request when it is read or sent.
notice = Table(
    "notice",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    Column("patron_id", BigInteger, ForeignKey("patron.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("loan_id", BigInteger, ForeignKey("loan.id")),
    Column("request_id", BigInteger, ForeignKey("request.id")),
    Column("made_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("sent_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("problem", Text),
    one_of("state", NOTICE_STATES),
    one_of("channel", CHANNELS),
    CheckConstraint("(state = 'SENT') = (sent_at IS NOT NULL)", name="sent_has_time"),
    CheckConstraint("(loan_id IS NULL) <> (request_id IS NULL)", name="about_one"),
    Index("ix_notice_patron_id", "patron_id", "id"),
    Index("ix_notice_loan_id", "loan_id"),
    Index("ix_notice_request_id", "request_id"),
    Index("ix_notice_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
)

# A row for each reader who wants loans and requests remembered; without one they are forgotten.
kept_history = Table(
    "kept_history",
    metadata,
    Column("patron_id", BigInteger, ForeignKey("patron.id"), primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice with what its words need: the loan or the request it is about, as that stands now."""

    id: int
    key: str
    kind: Kind
    days: int
    person: str | None
    display_name: str | None
    title: str | None
    part: str | None
    loan_id: int | None
    loan_state: LoanState | None
    due_at: datetime | None
    request_id: int | None
    request_state: RequestState | None
    ready_until: datetime | None
    pickup_name: str | None
    reason: str | None
    made_at: datetime
    sent_at: datetime | None
    attempts: int
