"""A journal may renew as well."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant
from library_mgt.migrations.steps import journal_v1

_ACTIONS = "'lend', 'return', 'renew'"


def change() -> None:
    """Let the check of the actions know the new one."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_journal_entry_action"), "journal_entry", type_="check")
        op.create_check_constraint(op.f("ck_journal_entry_action"), "journal_entry", f"action IN ({_ACTIONS})")
    else:
        _anew()


def _anew() -> None:
    """Make the table anew with what it holds: SQLite cannot change a check in place."""
    instants = ("at", "recorded_at", "settled_at")
    names = (
        "id", "version", "digest", "action", "card", "barcode", "location", "state", "outcome", "detail", "loan_id",
        "recorded_by", "settled_by", "word",
    )  # fmt: skip
    columns = [*(sa.column(name) for name in names), *(sa.column(name, Instant()) for name in instants)]
    old = sa.table("journal_entry", *columns)
    kept = op.get_bind().execute(sa.select(old)).mappings().all()
    op.drop_table("journal_entry")
    journal_v1.create(_ACTIONS)
    op.bulk_insert(old, [dict(row) for row in kept])
