"""Tasks that come back by themselves, notices to readers, and the choice to keep one's history."""

from configuration.kit.features.jobs import migrations as jobs
from library_mgt.migrations.steps import notices_v1

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the clock, the mail and forgetting have their tables."""
    jobs.create_tasks_v1()
    notices_v1.create()
