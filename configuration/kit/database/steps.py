"""What the steps of migrations have in common; no server needs it."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text


def create_index_where(name: str, table: str, columns: Sequence[str], where: str, *, unique: bool = True) -> None:
    """Create an index over the rows for which `where` holds, on either database."""
    condition = text(where)
    op.create_index(name, table, [*columns], unique=unique, sqlite_where=condition, postgresql_where=condition)
