"""The offline journal: lines that a desk wrote while the library's server was away, each replayed once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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

from configuration.kit.database import Instant, id_column
from library_mgt.domain.journal import ACTIONS, Action
from library_mgt.models.data.base import metadata, one_of

EntryState = Literal["DONE", "CONFLICT", "SETTLED"]
ENTRY_STATES: tuple[EntryState, ...] = ("DONE", "CONFLICT", "SETTLED")
_CONFLICT = text("state = 'CONFLICT'")

# `digest` is of the line's content: the same line never acts twice. The reader stands here only while a person has to
# know whose conflict it is; what is older than a journal may be is deleted, for such a line is refused anyway.
journal_entry = Table(
    "journal_entry",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("action", Text, nullable=False),
    Column("card", Text),
    Column("barcode", Text, nullable=False),
    Column("location", Text, ForeignKey("location.code"), nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text),
    Column("loan_id", BigInteger, ForeignKey("loan.id")),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", Text),
    Column("word", Text),
    UniqueConstraint("digest"),
    one_of("action", ACTIONS),
    one_of("state", ENTRY_STATES),
    CheckConstraint("state = 'CONFLICT' OR (card IS NULL AND detail IS NULL)", name="reader_only_in_conflict"),
    CheckConstraint(
        "(state = 'SETTLED') = (settled_at IS NOT NULL AND settled_by IS NOT NULL AND word IS NOT NULL)",
        name="settled_with_a_word",
    ),
    Index("ix_journal_entry_conflict", "id", sqlite_where=_CONFLICT, postgresql_where=_CONFLICT),
    Index("ix_journal_entry_at", "at"),
    Index("ix_journal_entry_loan_id", "loan_id"),
)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A line of a journal as the library keeps it. `title` is the copy's, where the barcode is known."""

    id: int
    version: int
    at: datetime
    action: Action
    card: str | None
    barcode: str
    location: str
    state: EntryState
    outcome: str
    detail: str | None
    loan_id: int | None
    recorded_at: datetime
    recorded_by: str
    settled_at: datetime | None
    settled_by: str | None
    word: str | None
    title: str | None
