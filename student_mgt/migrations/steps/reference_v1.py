"""Departments, majors and levels."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import id_column
from configuration.kit.features.people import migrations as people


def create() -> None:
    """Create the tables."""
    people.create_reference_v1()
    _create_level()


def _create_level() -> None:
    op.create_table(
        "level",
        id_column(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
    )
    op.create_index("uq_level_name", "level", ["name"], unique=True)
    op.create_index("uq_level_rank", "level", ["rank"], unique=True)
