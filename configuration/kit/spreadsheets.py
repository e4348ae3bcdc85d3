"""Rows for a spreadsheet: CSV in which no cell is a formula."""

import csv
import io
from collections.abc import Sequence

MARK = "\ufeff"
"""At the beginning of a file: by it spreadsheets know UTF-8."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(cell: object) -> object:
    """The cell, with an apostrophe before a text that a spreadsheet would run instead of showing it."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_BEGINS_A_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def csv_lines(rows: Sequence[Sequence[object]]) -> str:
    """The rows as lines of a CSV file (RFC 4180)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()
