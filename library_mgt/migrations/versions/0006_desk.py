"""The desk: the offline journal, what lies on the hold shelf for nobody, and indexes of its lists."""

from configuration.kit.database.steps import create_index_where
from library_mgt.migrations.steps import journal_v1, shelf_v1

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring them up."""
    journal_v1.create()
    shelf_v1.create()
    create_index_where("ix_loan_on_loan_due", "loan", ["due_at", "id"], "state = 'ON_LOAN'", unique=False)
    create_index_where(
        "ix_copy_off_shelf", "copy", ["status", "id"], "status IN ('MISSING', 'IN_REPAIR')", unique=False
    )
