"""Reference data: rows that the registrar keeps, not words in the program."""

from sqlalchemy import Column, Index, Integer, Table, Text

from configuration.kit.database import id_column
from configuration.kit.features.people.tables import department, major
from student_mgt.models.data.base import metadata

# The book's statuses of a student: a level is derived from earned credits, and these are the names it has.
level = Table(
    "level",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Index("uq_level_name", "name", unique=True),
    Index("uq_level_rank", "rank", unique=True),
)

__all__ = ["department", "level", "major"]
