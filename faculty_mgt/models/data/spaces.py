"""What stands in a teaching space beside its assignments: materials and announcements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from configuration.kit.database import Instant, id_column
from configuration.kit.features.files.tables import stored_file
from faculty_mgt.models.data.base import metadata, one_of

MaterialKind = Literal["text", "link", "file"]
MATERIAL_KINDS: tuple[MaterialKind, ...] = get_args(MaterialKind)

material = Table(
    "material",
    metadata,
    id_column(),
    Column("version", BigInteger, nullable=False),
    Column("space_id", BigInteger, ForeignKey("space.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("url", Text),
    Column("position", Integer, nullable=False),
    Column("visible_from", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    one_of("kind", MATERIAL_KINDS),
    CheckConstraint("(kind = 'link') = (url IS NOT NULL)", name="link_has_url"),
    Index("ix_material_space_id", "space_id", "position", "id"),
)

# What a material of kind `file` holds. A material that was taken down leaves its file: bytes that were shown to
# students are not lost by a click.
material_file = Table(
    "material_file",
    metadata,
    id_column(),
    Column("material_id", BigInteger, ForeignKey("material.id", ondelete="SET NULL")),
    Column("name", Text, nullable=False),
    Column("stored_file_id", BigInteger, ForeignKey(stored_file.c.id), nullable=False),
    Index("uq_material_file_material_id", "material_id", unique=True),
    Index("ix_material_file_stored_file_id", "stored_file_id"),
)

announcement = Table(
    "announcement",
    metadata,
    id_column(),
    Column("version", BigInteger, nullable=False),
    Column("space_id", BigInteger, ForeignKey("space.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("publish_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_announcement_space_id", "space_id", "id"),
)


@dataclass(frozen=True, slots=True)
class Material:
    """Something to read or to follow."""

    id: int
    version: int
    space_id: int
    kind: MaterialKind
    title: str
    body: str
    url: str | None
    position: int
    visible_from: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something that is said to everybody of a space."""

    id: int
    version: int
    space_id: int
    title: str
    body: str
    publish_at: datetime
    created_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class MaterialFile:
    """The file of a material, by the name it came with."""

    name: str
    sha256: str
    size: int
    media_type: str
