"""Requests: the wish for a title, or for one of its parts or copies."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, text

from configuration.kit.database import Instant, id_column
from library_mgt.domain.states import ASSIGNED, ENDED_REQUEST, OPEN_REQUEST, RequestState
from library_mgt.models.data.base import listed, metadata, one_of

_OPEN = text(f"state IN {listed(OPEN_REQUEST)}")
_ASSIGNED = text(f"state IN {listed(ASSIGNED)}")
_QUEUED = text("state = 'QUEUED'")
_REMEMBERED = text(f"patron_id IS NOT NULL AND state IN {listed(ENDED_REQUEST)}")
REQUEST_STATES = (
    "PENDING_APPROVAL", "QUEUED", "ALLOCATED", "READY", "FULFILLED", "REJECTED", "CANCELLED", "EXPIRED",
)  # fmt: skip

# The queue is ordered by (band, seq), given once when the request is made and never renumbered: who steps back and
# comes again keeps the place. `copy_id` is the copy set aside, `wished_copy_id` the only one that will do.
# Only while a request is open must it name title and patron: an ended one outlives the title, and is forgotten.
request = Table(
    "request",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="SET NULL")),
    Column("part", Text, nullable=False),
    Column("wished_copy_id", BigInteger, ForeignKey("copy.id", ondelete="SET NULL")),
    Column("patron_id", BigInteger, ForeignKey("patron.id")),
    Column("state", Text, nullable=False),
    Column("band", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("pickup_location", Text, ForeignKey("location.code"), nullable=False),
    Column("not_needed_after", Date),
    Column("suspended_until", Date),
    Column("copy_id", BigInteger, ForeignKey("copy.id")),
    Column("ready_until", Instant),
    Column("requested_at", Instant, nullable=False),
    Column("queued_at", Instant),
    Column("allocated_at", Instant),
    Column("ended_at", Instant),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("behalf_by", Text),
    Column("behalf_reason", Text),
    one_of("state", REQUEST_STATES),
    CheckConstraint(f"(state IN {listed(ASSIGNED)}) = (copy_id IS NOT NULL)", name="assigned_has_copy"),
    CheckConstraint("(state = 'READY') = (ready_until IS NOT NULL)", name="ready_has_end"),
    CheckConstraint(
        f"state NOT IN {listed(OPEN_REQUEST)} OR (title_id IS NOT NULL AND patron_id IS NOT NULL)", name="open_is_whole"
    ),
    CheckConstraint("(behalf_by IS NULL) = (behalf_reason IS NULL)", name="behalf_has_reason"),
    Index("uq_request_assigned_copy", "copy_id", unique=True, sqlite_where=_ASSIGNED, postgresql_where=_ASSIGNED),
    Index("uq_request_open", "patron_id", "title_id", "part", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_request_queue", "title_id", "part", "band", "seq", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    Index("ix_request_title_id", "title_id"),
    Index("ix_request_wished_copy_id", "wished_copy_id"),
    Index("ix_request_seq", "seq"),
    Index("ix_request_patron_id", "patron_id", "id"),
    Index("ix_request_state", "state", "id"),
    Index("ix_request_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_request_remembered", "id", sqlite_where=_REMEMBERED, postgresql_where=_REMEMBERED),
)


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with the words a person needs to recognise it. `position` counts those still waiting, from 1."""

    id: int
    version: int
    state: RequestState
    title_id: int | None
    number: int | None
    title: str | None
    part: str
    patron_id: int | None
    person: str | None
    display_name: str | None
    pickup_location: str
    pickup_name: str
    not_needed_after: date | None
    suspended_until: date | None
    copy_id: int | None
    wished_copy_id: int | None
    barcode: str | None
    call_number: str | None
    copy_location: str | None
    ready_until: datetime | None
    requested_at: datetime
    ended_at: datetime | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    behalf_by: str | None
    behalf_reason: str | None
    loan_id: int | None
    position: int | None = None
