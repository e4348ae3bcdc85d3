"""Reference data: rows that the registrar keeps, not words in the program."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from configuration.kit.database import id_column
from student_mgt.models.data.base import metadata

department = Table(
    "department",
    metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
    Column("retired", Boolean, nullable=False),
    Index("uq_department_code", "code", unique=True),
    Index("uq_department_external_id", "external_id", unique=True),
)

major = Table(
    "major",
    metadata,
    id_column(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
    Column("retired", Boolean, nullable=False),
    Index("uq_major_code", "code", unique=True),
    Index("uq_major_name", "name", unique=True),
    Index("uq_major_external_id", "external_id", unique=True),
)

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
