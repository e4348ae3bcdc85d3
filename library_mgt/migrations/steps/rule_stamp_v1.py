"""A stamp drawn by lot with every change of the rules, so that whoever keeps them in memory knows when they are stale.

Triggers draw it, since a row may also be changed by hand. A counter would not do: after a rollback its next value would
stand for other rules than the one that was seen before.
"""

import sqlalchemy as sa
from alembic import op

# ruff: noqa: S608 - the words put into these statements are the constants below

_TABLES = ("policy", "location", "calendar", "calendar_hours", "calendar_exception", "term")
_LOT = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "CAST(gen_random_uuid() AS text)"}


def create() -> None:
    """Create the table with its row, and the triggers."""
    op.create_table(
        "rule_stamp",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rule_stamp_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_stamp")),
    )
    dialect = op.get_bind().dialect.name
    draw = f"UPDATE rule_stamp SET stamp = {_LOT[dialect]}"
    op.execute(f"INSERT INTO rule_stamp (id, stamp) VALUES (1, {_LOT[dialect]})")
    if dialect == "postgresql":
        op.execute(
            f"CREATE FUNCTION draw_rule_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {draw}; RETURN NULL; END $$"
        )
    for table in _TABLES:
        if dialect == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_draws_rule_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION draw_rule_stamp()"
            )
            continue
        for act in ("INSERT", "UPDATE", "DELETE"):
            name = f"{table}_draws_rule_stamp_{act.lower()}"
            op.execute(f"CREATE TRIGGER {name} AFTER {act} ON {table} BEGIN {draw}; END")
