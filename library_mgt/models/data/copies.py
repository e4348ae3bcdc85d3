"""Copies: what is lent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from configuration.kit.database import Instant, id_column
from library_mgt.domain.states import COPY_STATUSES, REQUESTABLE, CopyStatus
from library_mgt.models.data.base import metadata, one_of

_OFF_SHELF = text("status IN ('MISSING', 'IN_REPAIR')")

# `part` names the volume, issue or disc; empty is the whole. Whether a copy is out is never written here: it is derived
# from `copy_claim`.
copy = Table(
    "copy",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("title_id", BigInteger, ForeignKey("title.id"), nullable=False),
    Column("part", Text, nullable=False),
    Column("call_number", Text),
    Column("location", Text, ForeignKey("location.code"), nullable=False),
    Column("item_type", Text, ForeignKey("item_type.code"), nullable=False),
    Column("status", Text, nullable=False),
    Column("price_minor", BigInteger),
    Column("external_id", Text, unique=True),
    Column("import_job", BigInteger),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    one_of("status", COPY_STATUSES),
    UniqueConstraint("id", "status"),
    CheckConstraint("price_minor >= 0", name="price_not_negative"),
    Index("ix_copy_title_id_part", "title_id", "part", "status"),
    Index("ix_copy_import_job", "import_job"),
    Index("ix_copy_off_shelf", "status", "id", sqlite_where=_OFF_SHELF, postgresql_where=_OFF_SHELF),
)

# Every barcode a copy ever had stays its own: a scan of an old label still finds it, and no other copy can take it.
copy_barcode = Table(
    "copy_barcode",
    metadata,
    Column("barcode", Text, primary_key=True),
    Column("copy_id", BigInteger, ForeignKey("copy.id", ondelete="CASCADE"), nullable=False),
    Column("in_use", Boolean(create_constraint=False), nullable=False),
    Column("since", Instant, nullable=False),
    Index("ix_copy_barcode_copy_id", "copy_id"),
    Index(
        "uq_copy_barcode_in_use",
        "copy_id",
        unique=True,
        sqlite_where=text("in_use"),
        postgresql_where=text("in_use"),
    ),
)

# Who has a copy: a live loan, or the request it is set aside for, and never both. The rows are made and removed by
# triggers on `loan` and `request`; the keys are the guarantee, on both databases and without a lock. The copy's status
# stands here again only as half of a foreign key that follows the copy, so that a check can forbid setting aside a copy
# that is out of service, and taking out of service a copy that is set aside.
copy_claim = Table(
    "copy_claim",
    metadata,
    Column("copy_id", BigInteger, primary_key=True, autoincrement=False),
    Column("copy_status", Text, nullable=False),
    Column("loan_id", BigInteger, ForeignKey("loan.id"), unique=True),
    Column("request_id", BigInteger, ForeignKey("request.id"), unique=True),
    ForeignKeyConstraint(["copy_id", "copy_status"], ["copy.id", "copy.status"], onupdate="CASCADE"),
    CheckConstraint("(loan_id IS NULL) <> (request_id IS NULL)", name="one_holder"),
    CheckConstraint("request_id IS NULL OR copy_status = 'IN_SERVICE'", name="set_aside_in_service"),
)


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy with what is derived of it: the loan or the request that has it."""

    id: int
    version: int
    title_id: int
    title: str
    part: str
    barcode: str | None
    call_number: str | None
    location: str
    item_type: str
    loanable: bool
    status: CopyStatus
    price_minor: int | None
    external_id: str | None
    loan_id: int | None
    request_id: int | None

    @property
    def available(self) -> bool:
        """Whether it stands on the shelf to be lent."""
        return self.loanable and self.status == "IN_SERVICE" and self.loan_id is None and self.request_id is None

    @property
    def lendable(self) -> bool:
        """Whether it is, or will be, there to be lent."""
        return self.loanable and self.status in REQUESTABLE


@dataclass(frozen=True, slots=True)
class AwayCopy:
    """A copy that is neither on its shelf nor out: missing, or in repair. `changed_at` is when it was last changed."""

    id: int
    title_id: int
    title: str
    part: str
    barcode: str | None
    call_number: str | None
    location: str
    location_name: str
    status: CopyStatus
    changed_at: datetime
