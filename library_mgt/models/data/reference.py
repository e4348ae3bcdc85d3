"""Reference data as rows: what a library configures instead of programming."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Integer, Table, Text, UniqueConstraint

from configuration.kit.database import id_column
from library_mgt.models.data.base import metadata

# Codes are the keys: they stand in policies, imports and labels, and renaming a row touches nothing that refers to it.
location = Table(
    "location",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("zone", Text),  # the university's when empty
    Column("pickup", Boolean(create_constraint=False), nullable=False),
)

patron_group = Table(
    "patron_group",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

item_type = Table(
    "item_type",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("loanable", Boolean(create_constraint=False), nullable=False),
)

material_type = Table(
    "material_type",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

# The book's ten categories are rows of scheme `category`; real call number schemes (ddc, lcc) stand beside them.
classification = Table(
    "classification",
    metadata,
    id_column(),
    Column("scheme", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("scheme", "value"),
)

CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Classification:
    """A class of a scheme."""

    id: int
    scheme: str
    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A row of a small list: its code and its name."""

    code: str
    name: str
