"""Reference data: rows that the registrar keeps, not words in the program."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from configuration.kit.database import Hundredths, id_column
from configuration.kit.features.people.tables import department, major
from student_mgt.models.data.base import metadata, unique_where

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

# From how many credits on somebody is of a level; a programme may have a table of its own.
level_rule = Table(
    "level_rule",
    metadata,
    id_column(),
    Column("level_id", BigInteger, ForeignKey("level.id"), nullable=False),
    Column("programme", Text),
    Column("credits_from", Hundredths, nullable=False),
    CheckConstraint("credits_from >= 0", name="credits_from"),
    unique_where("uq_level_rule_general", "level_id", where="programme IS NULL"),
    Index("uq_level_rule_programme", "programme", "level_id", unique=True),
)

__all__ = ["department", "level", "level_rule", "major"]
