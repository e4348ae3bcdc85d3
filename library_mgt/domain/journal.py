"""The offline journal's grammar: one line per act, `time;action;card;barcode`. See docs/offline-journal.md."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from library_mgt.domain.barcodes import LONGEST, normalised, reader_text

Action = Literal["lend", "return", "renew"]
ACTIONS: tuple[Action, ...] = ("lend", "return", "renew")
LONGEST_LINE = 300
LONGEST_CARD = 100
SKEW = timedelta(minutes=5)
"""How far a desk's clock may run ahead; such a line counts as of now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of a journal: at `line` of the file, when, what, for which reader (where it lends), which copy."""

    line: int
    at: datetime
    action: Action
    card: str
    barcode: str

    @property
    def digest(self) -> str:
        """What makes it this act and no other, however the line is written."""
        said = f"{self.at.isoformat()};{self.action};{self.card};{self.barcode}"
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that says no act: where, and why not."""

    line: int
    code: str
    detail: str


def read(lines: Iterable[str], *, now: datetime, oldest: timedelta) -> tuple[list[Entry], list[Fault]]:
    """The acts in the order of the file, and the lines that say none; empty ones and comments (`#`) say nothing."""
    entries, faults = [], []
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("\ufeff")
        if not text or text.startswith("#"):
            continue
        found = _entry(number, text, now, oldest)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            faults.append(found)
    return entries, faults


def in_turn(entries: Sequence[Entry]) -> list[Entry]:
    """The acts as they happened; of one moment, as they stand in the file."""
    return sorted(entries, key=lambda entry: (entry.at, entry.line))


def _entry(number: int, text: str, now: datetime, oldest: timedelta) -> Entry | Fault:
    parts = [part.strip() for part in text.split(";")]
    if len(text) > LONGEST_LINE or len(parts) != 4 or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        return Fault(number, "LINE_MALFORMED", "A line is time;action;card;barcode.")
    said, named, card, barcode = parts
    at, action = _instant(said), next((one for one in ACTIONS if one == named.lower()), None)
    lending = action == "lend"
    wrong = (
        (at is None, "TIME_MALFORMED", "The time is ISO 8601 with a zone, such as 2026-03-02T10:30:00+01:00."),
        (action is None, "ACTION_UNKNOWN", f"The action is one of: {', '.join(ACTIONS)}."),
        (not 1 <= len(barcode) <= LONGEST, "BARCODE_MISSING", f"A barcode has 1 to {LONGEST} characters."),
        (lending and not 1 <= len(card) <= LONGEST_CARD, "CARD_MISSING", "Lending needs the card of a reader."),
        (at is not None and at > now + SKEW, "TIME_IN_FUTURE", "That time has not come yet; look at the desk's clock."),
        (at is not None and at < now - oldest, "TIME_TOO_OLD", f"Older than {oldest.days} days; enter it by hand."),
    )
    if fault := next((one for one in wrong if one[0]), None):
        return Fault(number, *fault[1:])
    assert at is not None
    assert action is not None
    # Whose copy comes back, or is kept longer, says the loan: the card is read only where there is none yet.
    return Entry(number, at, action, reader_text(card) if lending else "", normalised(barcode))


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
