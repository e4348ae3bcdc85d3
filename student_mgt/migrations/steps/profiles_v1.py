"""Profiles, earned credits, and the table that levels follow from."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Hundredths, Instant, id_column
from configuration.kit.database.steps import create_index_where
from configuration.kit.features.people import migrations as people

_CREDITS_FROM = {"Freshman": 0, "Sophomore": 30, "Junior": 60, "Senior": 90}


def create() -> None:
    """Create the tables, and say from how many credits the book's four levels begin."""
    people.create_profile_v1()
    _create_earned_credits()
    _create_level_rule()
    for name, credits_from in _CREDITS_FROM.items():
        # A level that the registrar renamed or removed gets no rule made for it.
        rule = sa.text(
            "INSERT INTO level_rule (level_id, programme, credits_from) SELECT id, NULL, :hundredths FROM level"
            " WHERE name = :name"
        )
        op.get_bind().execute(rule, {"name": name, "hundredths": credits_from * 100})


def _create_earned_credits() -> None:
    op.create_table(
        "earned_credits",
        id_column(),
        sa.Column("student_id", sa.BigInteger, nullable=False),
        sa.Column("credits", Hundredths, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("as_of", Instant, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.CheckConstraint("credits >= 0", name=op.f("ck_earned_credits_credits")),
        sa.CheckConstraint("source IN ('manual', 'grades')", name=op.f("ck_earned_credits_source")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_earned_credits_student_id_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earned_credits")),
    )
    op.create_index("ix_earned_credits_student_id", "earned_credits", ["student_id"])


def _create_level_rule() -> None:
    op.create_table(
        "level_rule",
        id_column(),
        sa.Column("level_id", sa.BigInteger, nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("credits_from", Hundredths, nullable=False),
        sa.CheckConstraint("credits_from >= 0", name=op.f("ck_level_rule_credits_from")),
        sa.ForeignKeyConstraint(["level_id"], ["level.id"], name=op.f("fk_level_rule_level_id_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_rule")),
    )
    create_index_where("uq_level_rule_general", "level_rule", ["level_id"], "programme IS NULL")
    op.create_index("uq_level_rule_programme", "level_rule", ["programme", "level_id"], unique=True)
