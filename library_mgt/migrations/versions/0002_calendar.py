"""Hours, closures and terms; rules that loans are lent until closing by, and a stamp of the rules' state."""

from library_mgt.migrations.steps import calendars_v1, policies_v2, rule_stamp_v1

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up calendars and what the rules refer to."""
    calendars_v1.create()
    policies_v2.rebuild()
    rule_stamp_v1.create()
