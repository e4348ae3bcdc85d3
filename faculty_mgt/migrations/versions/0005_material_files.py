"""Files as materials."""

from faculty_mgt.migrations.steps import material_files_v1

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a teaching space hold files."""
    material_files_v1.create()
