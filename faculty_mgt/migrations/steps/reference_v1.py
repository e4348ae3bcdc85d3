"""Departments and majors."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import id_column


def create() -> None:
    """Create the tables."""
    _create_department()
    _create_major()


def _create_department() -> None:
    op.create_table(
        "department",
        id_column(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
    )
    op.create_index("uq_department_code", "department", ["code"], unique=True)
    op.create_index("uq_department_external_id", "department", ["external_id"], unique=True)


def _create_major() -> None:
    op.create_table(
        "major",
        id_column(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_major")),
    )
    op.create_index("uq_major_code", "major", ["code"], unique=True)
    op.create_index("uq_major_external_id", "major", ["external_id"], unique=True)
    op.create_index("uq_major_name", "major", ["name"], unique=True)
