"""Renewals in the offline journal."""

from library_mgt.migrations.steps import journal_v2

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a journal renew."""
    journal_v2.change()
