"""Titles: what is catalogued."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from configuration.kit.database import Instant, id_column
from library_mgt.models.data.base import metadata, one_of
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.words import Words

ISBN_STATES = ("valid", "padded", "broken", "lossy")

# `number` is the book's book_id, given by librarians; `external_id` is the identity at an import's source.
# `match_key` is what two descriptions of the same book have in common; `import_job` says which job brought the title.
title = Table(
    "title",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False),
    Column("number", BigInteger),
    Column("external_id", Text),
    Column("title", Text, nullable=False),
    Column("subtitle", Text),
    Column("sort_key", Text, nullable=False),
    Column("match_key", Text, nullable=False),
    Column("publisher", Text),
    Column("year", Integer),
    Column("edition", Text),
    Column("language", Text),
    Column("material_type", Text, ForeignKey("material_type.code"), nullable=False),
    Column("import_job", BigInteger),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("number"),
    UniqueConstraint("external_id"),
    CheckConstraint("title <> ''", name="title_given"),
    Index("ix_title_sort_key", "sort_key", "id"),
    Index("ix_title_match_key", "match_key"),
    Index("ix_title_import_job", "import_job"),
)

title_contributor = Table(
    "title_contributor",
    metadata,
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
)

# An ISBN is a match key and not unique: publishers gave one number to several books. The raw text is always kept.
title_identifier = Table(
    "title_identifier",
    metadata,
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("scheme", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("normalised", Text),
    Column("state", Text, nullable=False),
    Column("qualifier", Text),
    one_of("state", ISBN_STATES),
    CheckConstraint("(normalised IS NOT NULL) = (state IN ('valid', 'padded'))", name="normalised_if_valid"),
    Index("ix_title_identifier_normalised", "normalised", "title_id"),
)

title_classification = Table(
    "title_classification",
    metadata,
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("classification_id", BigInteger, ForeignKey("classification.id"), primary_key=True, autoincrement=False),
    Index("ix_title_classification_classification_id", "classification_id", "title_id"),
)

title_subject = Table(
    "title_subject",
    metadata,
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
)

# The MARC record as it came, apart from the title so that lists stay narrow.
title_marc = Table(
    "title_marc",
    metadata,
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("format", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
)

# The words of a title for the search engines, made by `domain.words`: text that feeds FTS5 on SQLite, `tsvector` under
# a GIN index on PostgreSQL.
title_search = Table(
    "title_search",
    metadata,
    Column("title_id", BigInteger, ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("words", Words, nullable=False),
    # SQLite searches through FTS5 and needs no index here: the same name stands there for an index of no rows.
    # On PostgreSQL words go into the index at once: a list of pending ones would be read through by every search.
    Index(
        "ix_title_search_words",
        "words",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        sqlite_where=text("0"),
    ),
)


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person or body with a part in the title; `role` is a word such as author, editor, translator."""

    name: str
    role: str = "author"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An ISBN or the like: `normalised` is present exactly when it is proved, `raw` is the text as it came."""

    scheme: str
    raw: str
    normalised: str | None
    state: str
    qualifier: str | None

    @property
    def valid(self) -> bool:
        """Whether its check digit proves it."""
        return self.normalised is not None


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A row of the title table."""

    id: int
    version: int
    number: int | None
    external_id: str | None
    title: str
    subtitle: str | None
    publisher: str | None
    year: int | None
    edition: str | None
    language: str | None
    material_type: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TitleSummary:
    """A title in a list, with what is derived: how many copies there are to lend, and how many are in."""

    id: int
    version: int
    number: int | None
    external_id: str | None
    title: str
    subtitle: str | None
    contributors: str | None
    isbn: str | None
    classification: str | None
    publisher: str | None
    year: int | None
    edition: str | None
    language: str | None
    copies: int
    available: int


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """A title with everything that belongs to it."""

    title: TitleRow
    contributors: tuple[Contributor, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    classifications: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    copies: tuple[CopyView, ...] = ()

    @property
    def id(self) -> int:
        """The title's id."""
        return self.title.id

    @property
    def version(self) -> int:
        """The title's version."""
        return self.title.version
