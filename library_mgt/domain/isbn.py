"""ISBNs as they arrive from catalogues and spreadsheets, and what can honestly be made of them.

Spreadsheets turn an ISBN-10 into a number, so its leading zeros are lost; and write an ISBN-13 in scientific notation,
so its last digits are lost. The first loss can be made good and proved by the check digit. The second cannot: with the
digits, the check digit is gone too. Whatever cannot be proved is kept as raw text and never taken for a number.
"""

import re
from dataclasses import dataclass
from typing import Literal

from stdnum import ean
from stdnum import isbn as checks
from stdnum.exceptions import ValidationError

IsbnState = Literal["valid", "padded", "broken", "lossy", "absent"]
"""`valid` as it stands; `padded`: valid with its leading zeros put back; `broken`: fails the check digit or is not a
number at all; `lossy`: rounded by a spreadsheet beyond repair; `absent`."""

SHORTEST = 6
"""Digits an ISBN-10 keeps at least: beyond four lost zeros a passing check digit is no longer evidence."""

_GLUED = re.compile(r'^="?(.*?)"?$')
_LABEL = re.compile(r"^\s*(?:urn:)?isbn(?:[-\s]?1[03])?\s*[:\s]\s*", re.IGNORECASE)
_NUMBER = re.compile(r"([0-9](?:[0-9]|[\s\u2010-\u2015-](?=[0-9Xx]))*[0-9Xx])(?![0-9])[\s:;,.]*(.*)$", re.DOTALL)
_GAPS = re.compile(r"[\s\u2010-\u2015-]+")
_FLOAT = re.compile(r"^([0-9]+)\.0+$")
_ROUNDED = re.compile(r"^([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})$")


@dataclass(frozen=True, slots=True)
class Isbn:
    """An ISBN as read: `isbn13` is present exactly when it is proved; `raw` is the text as it came."""

    raw: str
    state: IsbnState
    isbn13: str | None = None
    qualifier: str | None = None
    remark: str | None = None


ABSENT = Isbn("", "absent")


def read_isbn(text: str | None) -> Isbn:
    """Read one ISBN of 10 or 13 digits, with or without hyphens, label, lost zeros or a qualifier such as *(pbk.)*."""
    raw = (text or "").strip()
    if not raw:
        return ABSENT
    if raw.isdecimal() and raw.isascii():
        digits, qualifier = raw, None
    else:
        bare = _unglued(raw)
        if _ROUNDED.match(bare):
            return Isbn(raw, "lossy")
        found = _NUMBER.match(bare)
        if not found:
            return Isbn(raw, "broken")
        digits = _GAPS.sub("", found[1]).upper()
        qualifier = found[2].strip().strip("()[]").strip() or None
    padded = len(digits) < 10
    if padded and len(digits) < SHORTEST:
        return Isbn(raw, "broken", qualifier=qualifier)
    isbn13 = _proved(digits.zfill(10))
    if isbn13 is None:
        return Isbn(raw, "broken", qualifier=qualifier)
    return Isbn(raw, "padded" if padded else "valid", isbn13, qualifier)


def read_pair(isbn: str | None, isbn13: str | None) -> Isbn:
    """Make one ISBN of the two columns a spreadsheet has.

    The first is believed when its check digit proves it, and the thirteen digits are computed from it; the second is
    then only compared, and a contradiction remarked on. It is believed alone when it stands unrounded.
    """
    first, second = read_isbn(isbn), read_isbn(isbn13)
    if first.isbn13:
        if second.state != "absent" and not agrees(second, first.isbn13):
            return Isbn(first.raw, first.state, first.isbn13, first.qualifier, f"ISBN13_DIFFERS: {second.raw}")
        return first
    if second.isbn13 and second.state == "valid":
        remark = f"ISBN_BROKEN: {first.raw}" if first.raw else None
        return Isbn(second.raw, "valid", second.isbn13, second.qualifier, remark)
    if first.state == "absent":
        return second
    return first


def mistyped(text: str) -> bool:
    """Whether somebody typed the ten or thirteen digits of an ISBN, and the check digit says that one is wrong."""
    digits = _GAPS.sub("", _LABEL.sub("", text).strip())
    return re.fullmatch(r"[0-9]{9}[0-9Xx]|97[89][0-9]{10}", digits) is not None and _proved(digits.upper()) is None


def agrees(other: Isbn, isbn13: str) -> bool:
    """Whether an ISBN, rounded or not, can be the proved one."""
    if other.isbn13:
        return other.isbn13 == isbn13
    rounded = _ROUNDED.match(_unglued(other.raw))
    if not rounded:
        return False
    fraction, lost = rounded[2] or "", int(rounded[3]) - len(rounded[2] or "")
    return lost >= 0 and abs(int(rounded[1] + fraction) * 10**lost - int(isbn13)) * 2 <= 10**lost


def _unglued(raw: str) -> str:
    """Without what a spreadsheet or a catalogue put around the number."""
    glued = _GLUED.match(raw)
    bare = _LABEL.sub("", glued[1] if glued and raw.startswith("=") else raw).strip()
    whole = _FLOAT.match(bare)
    return whole[1] if whole else bare


def _proved(digits: str) -> str | None:
    """The thirteen digits when the check digit holds, else nothing."""
    try:
        proved = checks.validate(digits)
    except ValidationError:
        return None
    if len(proved) == 13:
        return proved
    body = "978" + proved[:9]
    return body + ean.calc_check_digit(body)
