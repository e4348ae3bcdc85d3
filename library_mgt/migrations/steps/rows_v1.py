"""The rows a library starts with: one location, groups, types, the book's ten categories, and the default rule."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant

_CATEGORIES = (
    "Non-Fiction", "Fiction", "Science", "Technology", "History", "Arts", "Music", "Travels", "Food", "Engineering",
)  # fmt: skip
_DEFAULT = {
    "loanable": True, "loan_period": 28, "loan_unit": "days", "closed_days": "KEEP", "max_loans": 10,
    "max_requests": 10, "renewals": 2, "renewal_period": 28, "renewal_from": "due", "requests_allowed": True,
    "auto_approve": False, "pickup_days": 7, "recall_allowed": False, "recall_guarantee_days": 14,
    "recall_interval_days": 7, "fine_minor": 0, "fine_unit": "day", "fine_grace_days": 0, "fine_cap_minor": 0,
    "fine_closed_days": False, "lost_after_days": 180, "lost_fee_minor": 0, "block_debt_minor": 1_000_000,
    "block_overdue": 5,
}  # fmt: skip


def insert() -> None:
    """Insert the rows."""
    _rows("location", [{"code": "main", "name": "Main library", "zone": None, "pickup": True}])
    _named("patron_group", {"student": "Students", "faculty": "Faculty", "staff": "Staff", "guest": "Guests"})
    _rows(
        "item_type",
        [
            {"code": "book", "name": "Book", "loanable": True},
            {"code": "disc", "name": "Disc", "loanable": True},
            {"code": "reference", "name": "Reference, for use in the library", "loanable": False},
        ],
    )
    _named(
        "material_type",
        {"book": "Book", "journal": "Journal", "score": "Score", "map": "Map", "sound": "Sound recording",
         "video": "Video", "thesis": "Thesis", "other": "Other"},
    )  # fmt: skip
    _rows(
        "classification",
        [
            {"scheme": "category", "value": value, "name": value, "position": place}
            for place, value in enumerate(_CATEGORIES, start=1)
        ],
    )
    start = datetime(2021, 11, 10, tzinfo=UTC)
    _rows("policy", [{"version": 1, "scope": "", **_DEFAULT, "changed_at": start, "changed_by": "installation"}])


def _named(table: str, names: dict[str, str]) -> None:
    _rows(table, [{"code": code, "name": name} for code, name in names.items()])


def _rows(table: str, rows: list[dict[str, Any]]) -> None:
    columns = [sa.column(name, Instant() if name.endswith("_at") else None) for name in rows[0]]
    op.bulk_insert(sa.table(table, *columns), rows)
