"""Files, submissions, marks and workbins."""

from configuration.kit.features.files import migrations as files
from faculty_mgt.migrations.steps import work_v1

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up what handing in and marking need."""
    files.create_v1()
    work_v1.create()
