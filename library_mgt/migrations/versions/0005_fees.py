"""The fee ledger, tills and their receipts; blocks, cards and groups with their history."""

from library_mgt.migrations.steps import fee_guards_v1, fees_v1, patrons_v2

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up money, and what readers' records were short of."""
    patrons_v2.change()
    fees_v1.create()
    fee_guards_v1.create()
