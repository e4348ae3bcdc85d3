"""Profiles of persons."""

from configuration.kit.features.people import migrations as people

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up profiles."""
    people.create_profile_v1()
