"""Courses, sections, rosters, and what a teaching space holds."""

from faculty_mgt.migrations.steps import offer_v1, roster_v1, teaching_v1

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up everything that teaching needs."""
    offer_v1.create()
    roster_v1.create()
    teaching_v1.create()
