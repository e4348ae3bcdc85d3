"""Rows for a spreadsheet: CSV in which no cell is a formula."""

import csv
import io
import re
from collections.abc import Sequence

MARK = "\ufeff"
"""At the beginning of a file: by it spreadsheets know UTF-8."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GOES_ON_AS_A_FORMULA = re.compile(r"([;\t\r\n][\"\s]*)(?=[=+\-@])")
"""Where a country's separator is a semicolon or a tab, a spreadsheet cuts the text there into a cell of its own."""


def inert(cell: object) -> object:
    """The cell, with an apostrophe before a text that a spreadsheet would run instead of showing it."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = _GOES_ON_AS_A_FORMULA.sub(r"\1'", cell)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def csv_lines(rows: Sequence[Sequence[object]]) -> str:
    """The rows as lines of a CSV file (RFC 4180)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()
