"""The rows a student service starts with: the book's twenty majors and its four levels."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.features.people import migrations as people

_LEVELS = ("Freshman", "Sophomore", "Junior", "Senior")


def insert() -> None:
    """Insert the rows."""
    people.insert_majors_v1()
    level = sa.table("level", sa.column("name"), sa.column("rank"))
    op.bulk_insert(level, [{"name": name, "rank": rank} for rank, name in enumerate(_LEVELS, start=1)])
