"""Blocks as dated rows, cards that say which replaced them, and groups that a librarian chose."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column


def change() -> None:
    """Create what is new, and move what stood in the patron's own row."""
    _blocks()
    _cards()
    op.create_table(
        "group_choice",
        sa.Column("patron_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("group_code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("chosen_at", Instant, nullable=False),
        sa.Column("chosen_by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_code"], ["patron_group.code"], name=op.f("fk_group_choice_group_code_patron_group")
        ),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_group_choice_patron_id_patron")),
        sa.PrimaryKeyConstraint("patron_id", name=op.f("pk_group_choice")),
    )


def _blocks() -> None:
    op.create_table(
        "patron_block",
        id_column(),
        sa.Column("patron_id", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("lifted_at", Instant),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lift_reason", sa.Text),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)",
            name=op.f("ck_patron_block_lifted_says_why"),
        ),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_block_patron_id_patron")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron_block")),
    )
    op.create_index("ix_patron_block_patron_id", "patron_block", ["patron_id", "id"])
    op.execute(
        "INSERT INTO patron_block (patron_id, reason, made_at, made_by) "
        "SELECT id, COALESCE(block_reason, ''), as_of, 'migration' FROM patron WHERE blocked"
    )
    op.drop_column("patron", "blocked")
    op.drop_column("patron", "block_reason")


def _cards() -> None:
    """Make the table anew with what it holds: SQLite cannot add a check in place."""
    columns = [sa.column("number"), sa.column("patron_id"), sa.column("state"), sa.column("since", Instant())]
    old = sa.table("patron_card", *columns)
    kept = op.get_bind().execute(sa.select(old)).mappings().all()
    op.drop_table("patron_card")
    op.create_table(
        "patron_card",
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("patron_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("replaced_by", sa.Text),
        sa.CheckConstraint("state IN ('active', 'lost', 'replaced')", name=op.f("ck_patron_card_state")),
        sa.CheckConstraint(
            "(state = 'replaced') = (replaced_by IS NOT NULL)", name=op.f("ck_patron_card_replaced_says_by_which")
        ),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_card_patron_id_patron")),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["patron_card.number"], name=op.f("fk_patron_card_replaced_by_patron_card")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_patron_card")),
    )
    op.create_index("ix_patron_card_patron_id", "patron_card", ["patron_id"], unique=False)
    # A card of which nobody wrote down what replaced it is as good as lost.
    rows = [{**row, "state": "active" if row["state"] == "active" else "lost"} for row in kept]
    op.bulk_insert(old, rows)
