"""Profiles of persons, and the levels that follow from earned credits."""

from student_mgt.migrations.steps import profiles_v1

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up profiles."""
    profiles_v1.create()
