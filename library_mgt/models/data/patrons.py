"""Patrons: who borrows. The person stands only in `patron_person` and what hangs on it, and can be erased there."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text

from configuration.kit.database import Instant, id_column
from library_mgt.domain.states import CARD_STATES, CardState
from library_mgt.models.data.base import metadata, one_of

# One patron per human, whatever hats: limits count once. `active`, `until` and `as_of` are the standing as the home
# service last gave it (or, for a local patron, as the library decided).
patron = Table(
    "patron",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("group_code", Text, ForeignKey("patron_group.code"), nullable=False),
    Column("active", Boolean(create_constraint=False), nullable=False),
    Column("until", Date),
    Column("as_of", Instant, nullable=False),
    Column("local", Boolean(create_constraint=False), nullable=False),
    Column("created_at", Instant, nullable=False),
)

patron_person = Table(
    "patron_person",
    metadata,
    Column("person", Text, primary_key=True),
    Column("patron_id", BigInteger, ForeignKey("patron.id"), nullable=False),
    Column("display_name", Text, nullable=False),
    Column("guarantor", Text),
    Column("since", Instant, nullable=False),
    Index("ix_patron_person_patron_id", "patron_id"),
)

# The words of a name, so that a desk finds a reader by the beginning of any of them without reading every row.
patron_word = Table(
    "patron_word",
    metadata,
    # Sorted by bytes, so that a range finds what begins with a word whatever the database's language.
    Column("word", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("person", Text, ForeignKey("patron_person.person", ondelete="CASCADE"), primary_key=True),
    Index("ix_patron_word_person", "person"),
)

patron_card = Table(
    "patron_card",
    metadata,
    Column("number", Text, primary_key=True),
    Column("patron_id", BigInteger, ForeignKey("patron.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("replaced_by", Text, ForeignKey("patron_card.number")),
    one_of("state", CARD_STATES),
    CheckConstraint("(state = 'replaced') = (replaced_by IS NOT NULL)", name="replaced_says_by_which"),
    Index("ix_patron_card_patron_id", "patron_id"),
)

# A reader is blocked while a row is not lifted and its last day, where it has one, is not over. Lifted rows stay.
patron_block = Table(
    "patron_block",
    metadata,
    id_column(),
    Column("patron_id", BigInteger, ForeignKey("patron.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Date),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", Text),
    Column("lift_reason", Text),
    CheckConstraint(
        "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)",
        name="lifted_says_why",
    ),
    Index("ix_patron_block_patron_id", "patron_id", "id"),
)

# The group that a librarian chose for a reader; what the home service says does not change it while the row stands.
group_choice = Table(
    "group_choice",
    metadata,
    Column("patron_id", BigInteger, ForeignKey("patron.id"), primary_key=True, autoincrement=False),
    Column("group_code", Text, ForeignKey("patron_group.code"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("chosen_at", Instant, nullable=False),
    Column("chosen_by", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PatronView:
    """A patron as the desk sees one. `person` and `display_name` are of one of their hats.

    `blocked_until` is the last day of the longest block that was not lifted, `ENDLESS` where it has none.
    """

    id: int
    version: int
    group_code: str
    active: bool
    until: date | None
    as_of: datetime
    local: bool
    blocked_until: date | None
    person: str | None
    display_name: str | None
    live_loans: int
    open_requests: int

    def blocked(self, today: date) -> bool:
        """Whether a block holds on that day."""
        return self.blocked_until is not None and self.blocked_until >= today


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card of a patron."""

    number: str
    state: CardState
    since: datetime
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block of a reader that was not lifted."""

    id: int
    reason: str
    until: date | None
    made_at: datetime
    made_by: str
