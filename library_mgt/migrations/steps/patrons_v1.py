"""Readers."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column


def create() -> None:
    """Create the tables."""
    _patron()
    _patron_person()
    _patron_word()
    _patron_card()


def _patron() -> None:
    op.create_table(
        "patron",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("group_code", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("as_of", Instant, nullable=False),
        sa.Column("local", sa.Boolean, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("block_reason", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["group_code"], ["patron_group.code"], name=op.f("fk_patron_group_code_patron_group")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron")),
    )


def _patron_person() -> None:
    op.create_table(
        "patron_person",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("patron_id", sa.BigInteger, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("guarantor", sa.Text),
        sa.Column("since", Instant, nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_person_patron_id_patron")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_patron_person")),
    )
    op.create_index("ix_patron_person_patron_id", "patron_person", ["patron_id"], unique=False)


def _patron_word() -> None:
    op.create_table(
        "patron_word",
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["patron_person.person"], name=op.f("fk_patron_word_person_patron_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "person", name=op.f("pk_patron_word")),
    )
    op.create_index("ix_patron_word_person", "patron_word", ["person"], unique=False)


def _patron_card() -> None:
    op.create_table(
        "patron_card",
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("patron_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.CheckConstraint("state IN ('active', 'lost', 'replaced')", name=op.f("ck_patron_card_state")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_card_patron_id_patron")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_patron_card")),
    )
    op.create_index("ix_patron_card_patron_id", "patron_card", ["patron_id"], unique=False)
