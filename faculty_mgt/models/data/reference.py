"""Reference data: rows that the dean's office keeps, not words in the program."""

from sqlalchemy import Boolean, Column, Index, Table, Text

from configuration.kit.database import id_column
from faculty_mgt.models.data.base import metadata

# The `id` is what grants of a department's dean name: `department:<id>`.
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

# The book's majors of lecturers: what somebody teaches.
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
