"""Files of rows: CSV as it is really written, by spreadsheets and exports of several countries.

The separator is a comma, a semicolon or a tab; the text UTF-8 with or without its mark, UTF-16 with its mark, or else
Windows-1252. What was recognised is part of the answer, so that a person can see it before anything is done.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its number among the records, the line of the file it ends on, and its cells."""

    number: int
    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was recognised: how it is written, its header, and its text."""

    encoding: str
    separator: str
    header: tuple[str, ...]
    text: str

    def rows(self) -> Iterator[Row]:
        """Every record after the header, blank lines left out.

        Raises `Unreadable` where a quote is opened and never closed, or a cell exceeds the 128 KiB of the csv module:
        from there on nobody can tell the rows apart.
        """
        number = 0
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True)
        start = 0
        try:
            next(reader, None)
            for cells in reader:
                start = reader.line_num
                if any(cell.strip() for cell in cells):
                    number += 1
                    yield Row(number, start, cells)
        except csv.Error as fault:
            raise Unreadable(f"The record after line {max(start, 1)} cannot be read: {fault}.") from fault


def recognise(content: bytes) -> Sheet:
    """Find out encoding, separator and header of a file. Raises `Unreadable` when it is empty or not text."""
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise Unreadable("The file is neither UTF-8 nor Windows-1252 text.") from fault
    if "\x00" in text:
        raise Unreadable("The file holds NUL characters: it is not a text file.")
    text = text.lstrip("\r\n")
    if not text.strip():
        raise Unreadable("The file is empty.")
    separator = _separator(text)
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as fault:
        raise Unreadable(f"The header cannot be read: {fault}.") from fault
    return Sheet(encoding.removesuffix("-sig"), separator, tuple(name.strip() for name in header), text)


def _encoding(content: bytes) -> str:
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(text: str) -> str:
    """The separator that the header has most of, outside quotes; a comma when it has none."""
    counts = dict.fromkeys(SEPARATORS, 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character in "\r\n":
            break
        elif character in counts:
            counts[character] += 1
    return max(SEPARATORS, key=lambda separator: counts[separator])
