"""Loans, and the journal of what happened to requests and loans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from configuration.kit.database import Instant, JsonText, id_column
from library_mgt.domain.fines import Loss
from library_mgt.domain.policy import Policy
from library_mgt.domain.states import ENDED_LOAN, LIVE_LOAN, LoanState
from library_mgt.models.data.base import listed, metadata, one_of

_LIVE = text(f"state IN {listed(LIVE_LOAN)}")
_ON_LOAN = text("state = 'ON_LOAN'")
_REMEMBERED = text(f"patron_id IS NOT NULL AND state IN {listed(ENDED_LOAN)}")
LOAN_STATES = ("ON_LOAN", "CLAIMED_RETURNED", "LOST", "RETURNED", "SETTLED")

# `policy` is the rule the loan was made under, kept with it. `overrides` lists the blockers that a librarian overruled.
# Only while a loan is live must it name copy, title and patron: an ended one outlives the title, and is forgotten.
loan = Table(
    "loan",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("copy_id", BigInteger, ForeignKey("copy.id", ondelete="SET NULL")),
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="SET NULL")),
    Column("part", Text, nullable=False),
    Column("patron_id", BigInteger, ForeignKey("patron.id")),
    Column("group_code", Text, ForeignKey("patron_group.code"), nullable=False),
    Column("request_id", BigInteger, ForeignKey("request.id")),
    Column("state", Text, nullable=False),
    Column("loaned_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("original_due_at", Instant, nullable=False),
    Column("announced_at", Instant),
    Column("returned_at", Instant),
    Column("recalled_at", Instant),
    Column("renewals", Integer, nullable=False),
    Column("policy", JsonText, nullable=False),
    Column("overrides", JsonText),
    UniqueConstraint("request_id"),
    one_of("state", LOAN_STATES),
    CheckConstraint("due_at > loaned_at", name="due_after_loaned"),
    CheckConstraint("returned_at >= loaned_at", name="returned_after_loaned"),
    CheckConstraint("(state = 'RETURNED') = (returned_at IS NOT NULL)", name="returned_has_time"),
    CheckConstraint(
        f"state NOT IN {listed(LIVE_LOAN)} OR (copy_id IS NOT NULL AND title_id IS NOT NULL AND patron_id IS NOT NULL)",
        name="live_is_whole",
    ),
    Index("uq_loan_live_copy", "copy_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index("ix_loan_live_patron", "patron_id", "title_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index("ix_loan_patron_id", "patron_id", "id"),
    Index("ix_loan_title_id", "title_id"),
    Index("ix_loan_copy_id", "copy_id", "id"),
    Index("ix_loan_state", "state", "id"),
    Index("ix_loan_on_loan_due", "due_at", "id", sqlite_where=_ON_LOAN, postgresql_where=_ON_LOAN),
    Index("ix_loan_live", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index("ix_loan_remembered", "id", sqlite_where=_REMEMBERED, postgresql_where=_REMEMBERED),
)

# Append-only, by triggers. One row per state a loan or request took: a row's version is the count of its events. Events
# name the loan or the request, never the reader.
circulation_event = Table(
    "circulation_event",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("loan_id", BigInteger, ForeignKey("loan.id")),
    Column("request_id", BigInteger, ForeignKey("request.id")),
    Column("at", Instant, nullable=False),
    Column("facts", JsonText, nullable=False),
    CheckConstraint("loan_id IS NOT NULL OR request_id IS NOT NULL", name="names_something"),
    Index("ix_circulation_event_loan_id", "loan_id", "id"),
    Index("ix_circulation_event_request_id", "request_id", "id"),
)


@dataclass(frozen=True, slots=True)
class LoanView:
    """A loan with the words a person needs to recognise it."""

    id: int
    version: int
    state: LoanState
    copy_id: int | None
    barcode: str | None
    title_id: int | None
    number: int | None
    title: str | None
    part: str
    patron_id: int | None
    person: str | None
    display_name: str | None
    request_id: int | None
    loaned_at: datetime
    due_at: datetime
    original_due_at: datetime
    announced_at: datetime | None
    returned_at: datetime | None
    recalled_at: datetime | None
    renewals: int
    overrides: Mapping[str, Any] | None

    def overdue(self, now: datetime) -> bool:
        """Whether it should be back by now."""
        return self.state == "ON_LOAN" and self.due_at < now


@dataclass(frozen=True, slots=True)
class LatelyHad(LoanView):
    """A loan as a reader's receipt tells it: when it was renewed last, where that was lately."""

    renewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LongOverdue(LoanView):
    """A loan that is late, with what decides since when its copy counts as lost, and what that costs."""

    policy: Mapping[str, Any]
    price_minor: int | None

    @property
    def lost_after_days(self) -> int:
        """How many days late it counts as lost, under the rule that it keeps."""
        return Policy.kept(self.policy).lost_after_days

    @property
    def loss(self) -> Loss:
        """What its reader owes when it is declared lost."""
        return Loss(self.price_minor, Policy.kept(self.policy).lost_fee_minor)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a loan or a request."""

    id: int
    kind: str
    loan_id: int | None
    request_id: int | None
    at: datetime
    facts: Mapping[str, Any]
