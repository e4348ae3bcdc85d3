"""Files as materials."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import id_column


def create() -> None:
    """Create the table."""
    op.create_table(
        "material_file",
        id_column(),
        sa.Column("material_id", sa.BigInteger),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("stored_file_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_file_material_id_material"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f("fk_material_file_stored_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_file")),
    )
    op.create_index("ix_material_file_stored_file_id", "material_file", ["stored_file_id"])
    op.create_index("uq_material_file_material_id", "material_file", ["material_id"], unique=True)
