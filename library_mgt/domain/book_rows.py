"""What a row of a books file says: pure reading, from cells to a record or to the reasons why it is refused."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from library_mgt.domain.isbn import Isbn, read_pair

Verdict = Literal["create", "update", "duplicate", "refuse"]

MEANINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("book_id", "id", "external_id", "record_id", "number"),
    "isbn": ("isbn", "isbn10", "isbn_10"),
    "isbn13": ("isbn13", "isbn_13", "ean"),
    "title": ("title", "name"),
    "subtitle": ("subtitle",),
    "authors": ("authors", "author", "contributors", "creator"),
    "publisher": ("publisher",),
    "year": ("original_publication_year", "publication_year", "year_published", "year", "published"),
    "edition": ("edition",),
    "language": ("language_code", "language", "lang"),
    "subjects": ("subjects", "subject", "keywords"),
    "call_number": ("call_number", "shelfmark"),
}
"""Which column names are understood, the strongest first: compared without case, spaces, points and hyphens."""

LONGEST: Mapping[str, int] = {
    "id": 100,
    "isbn": 100,
    "isbn13": 100,
    "title": 500,
    "subtitle": 500,
    "authors": 4000,
    "publisher": 200,
    "year": 20,
    "edition": 100,
    "language": 35,
    "subjects": 2000,
    "call_number": 100,
}
AUTHORS_AT_MOST, AUTHOR_LONGEST = 100, 200
YEARS = range(-4000, 2101)

_SPACES = re.compile(r"\s+")
_YEAR = re.compile(r"^[^\d-]{0,4}(-?\d{1,4})(?:\.0+)?\D{0,2}$")


class NoTitleColumn(ValueError):
    """No column of the file is understood as the title: nothing can be made of it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is refused, or what a person should know about it. `code` is stable, `detail` a sentence."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each understood column stands, and the names of those that are not understood and will not be read."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class BookRecord:
    """One book as its row describes it. `external` is the identity it has at its source, when it has one."""

    external: str | None
    title: str
    subtitle: str | None
    authors: tuple[str, ...]
    publisher: str | None
    year: int | None
    edition: str | None
    language: str | None
    subjects: tuple[str, ...]
    call_number: str | None
    isbn: Isbn


def understand(header: Sequence[str]) -> Columns:
    """Find the columns by their names. Raises `NoTitleColumn`, naming what the file has."""
    names = [re.sub(r"[\s.\-]+", "_", name.strip().lower()) for name in header]
    places: dict[str, int] = {}
    for meaning, aliases in MEANINGS.items():
        for alias in aliases:
            if alias in names:
                places[meaning] = names.index(alias)
                break
    if "title" not in places:
        shown = ", ".join(name or "(empty)" for name in header[:20])
        raise NoTitleColumn(f"No column is named title. The file has: {shown}.")
    used = set(places.values())
    unknown = tuple(header[place] or f"(column {place + 1})" for place in range(len(header)) if place not in used)
    return Columns(places, unknown, len(header))


def read_row(columns: Columns, cells: Sequence[str], *, source: str) -> tuple[BookRecord | None, list[Reason]]:
    """Read one row. Without a record the row is refused, for all the reasons given; else they are remarks."""
    if len(cells) > columns.width:
        detail = f"The row has {len(cells)} cells under {columns.width} headings."
        return None, [Reason("TOO_MANY_CELLS", detail)]
    faults: list[Reason] = []
    cell = {
        meaning: _clean(cells[place], meaning, faults) if place < len(cells) else ""
        for meaning, place in columns.places.items()
    }
    year = _year(cell.get("year", ""), faults)
    authors = _authors(cell.get("authors", ""), faults)
    if not cell["title"]:
        faults.append(Reason("TITLE_MISSING", "A book needs a title."))
    if faults:
        return None, faults
    isbn = read_pair(cell.get("isbn"), cell.get("isbn13"))
    record = BookRecord(
        external=f"{source}:{cell['id']}" if cell.get("id") else None,
        title=cell["title"],
        subtitle=cell.get("subtitle") or None,
        authors=authors,
        publisher=cell.get("publisher") or None,
        year=year,
        edition=cell.get("edition") or None,
        language=cell.get("language") or None,
        subjects=_split(cell.get("subjects", ""), ";|"),
        call_number=cell.get("call_number") or None,
        isbn=isbn,
    )
    return record, _remarks(isbn)


def match_key(title: str, authors: Sequence[str], year: int | None, isbn13: str | None) -> str:
    """What two descriptions of the same book have in common.

    The ISBN alone is not enough (publishers gave one number to several books), nor the title alone (editions).
    """
    if isbn13:
        return f"{isbn13}|{fold(title)}"
    return f"|{fold(title)}|{fold(' '.join(sorted(authors)))}|{'' if year is None else year}"


def fold(text: str) -> str:
    """The letters, marks and digits of a text, without case and composition, everything else one space."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SPACES.sub(" ", "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in plain)).strip()


def tally(counts: Mapping[str, int]) -> dict[str, Any]:
    """What the counts of an import say; created, updated, duplicate and refused together are the rows that came."""
    return {
        "rows": counts.get("rows", 0),
        "planned": {verdict: counts.get(verdict, 0) for verdict in ("create", "update", "duplicate", "refuse")},
        "isbn": {state: counts.get(f"isbn_{state}", 0) for state in ("valid", "padded", "broken", "lossy", "absent")},
        "created": counts.get("created", 0),
        "updated": counts.get("updated", 0),
        "duplicate": counts.get("duplicate", 0) + counts.get("found", 0),
        "refused": counts.get("refuse", 0),
        "undone": counts.get("undone", 0),
        "kept": counts.get("kept", 0),
    }


def _clean(text: str, meaning: str, faults: list[Reason]) -> str:
    tidy = text if text.isascii() and text.isprintable() else unicodedata.normalize("NFC", text)
    tidy = " ".join(tidy.split())
    if not tidy.isprintable() and any(unicodedata.category(c) in {"Cc", "Cs"} for c in tidy):
        faults.append(Reason("CONTROL_CHARACTER", f"The {meaning} holds a control character."))
    elif len(tidy) > LONGEST[meaning]:
        detail = f"The {meaning} has {len(tidy)} characters; {LONGEST[meaning]} are possible."
        faults.append(Reason("TOO_LONG", detail))
    return tidy


def _year(text: str, faults: list[Reason]) -> int | None:
    """A year, also before our era (-750) and as catalogues write it (c1999, [1999], 1999.0)."""
    if not text:
        return None
    found = _YEAR.match(text)
    if not found or int(found[1]) not in YEARS:
        faults.append(Reason("YEAR_UNREADABLE", f"The year reads {text!r}."))
        return None
    return int(found[1])


def _authors(text: str, faults: list[Reason]) -> tuple[str, ...]:
    """Several names stand between semicolons or bars; where the cell has neither, between commas."""
    names = _split(text, ";|" if ";" in text or "|" in text else ",")
    if len(names) > AUTHORS_AT_MOST or any(len(name) > AUTHOR_LONGEST for name in names):
        detail = f"At most {AUTHORS_AT_MOST} names of at most {AUTHOR_LONGEST} characters are possible."
        faults.append(Reason("TOO_LONG", detail))
    return names


def _split(text: str, marks: str) -> tuple[str, ...]:
    names = (name.strip() for name in re.split(f"[{re.escape(marks)}]", text)) if text else ()
    return tuple(dict.fromkeys(name for name in names if name))


def _remarks(isbn: Isbn) -> list[Reason]:
    remarks = []
    if isbn.state == "broken":
        remarks.append(Reason("ISBN_BROKEN", f"{isbn.raw!r} is not an ISBN; it is kept as it is written."))
    elif isbn.state == "lossy":
        remarks.append(Reason("ISBN_ROUNDED", f"{isbn.raw!r} was rounded; it is kept as it is written."))
    if isbn.remark:
        code, _, raw = isbn.remark.partition(": ")
        remarks.append(Reason(code, f"The other ISBN column reads {raw!r}."))
    return remarks
