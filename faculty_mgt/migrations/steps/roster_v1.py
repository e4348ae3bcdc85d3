"""Rosters of sections, version by version."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column
from configuration.kit.database.steps import create_index_where


def create() -> None:
    """Create the tables."""
    _create_roster()
    _create_roster_entry()


def _create_roster() -> None:
    op.create_table(
        "roster",
        id_column(),
        sa.Column("section_id", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("as_of", Instant, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.CheckConstraint("source IN ('manual', 'events')", name=op.f("ck_roster_source")),
        sa.CheckConstraint("version > 0", name=op.f("ck_roster_version")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_roster_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("section_id", "version", name=op.f("uq_roster_section_id_version")),
    )


def _create_roster_entry() -> None:
    op.create_table(
        "roster_entry",
        id_column(),
        sa.Column("section_id", sa.BigInteger, nullable=False),
        sa.Column("student_number", sa.BigInteger, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("added_version", sa.BigInteger, nullable=False),
        sa.Column("removed_version", sa.BigInteger),
        sa.CheckConstraint("removed_version > added_version", name=op.f("ck_roster_entry_versions")),
        sa.CheckConstraint("student_number > 0", name=op.f("ck_roster_entry_student_number")),
        sa.ForeignKeyConstraint(
            ["section_id", "added_version"],
            ["roster.section_id", "roster.version"],
            name="fk_roster_entry_added_roster",
        ),
        sa.ForeignKeyConstraint(
            ["section_id", "removed_version"],
            ["roster.section_id", "roster.version"],
            name="fk_roster_entry_removed_roster",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_entry")),
    )
    op.create_index("ix_roster_entry_student_number", "roster_entry", ["student_number"], unique=False)
    create_index_where(
        "uq_roster_entry_present", "roster_entry", ["section_id", "student_number"], "removed_version IS NULL"
    )
