"""When the library forgets who had a book."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Memory:
    """How long after the end of a loan or request its reader is known; longer where the copy was not lent since."""

    days: int
    last_borrower_days: int

    def before(self, now: datetime) -> datetime:
        """What ended before this instant is forgotten."""
        return now - timedelta(days=self.days)

    def last_before(self, now: datetime) -> datetime:
        """What ended before this instant is forgotten though nobody has had the copy since."""
        return now - timedelta(days=max(self.days, self.last_borrower_days))


def without_words(overrides: dict[str, Any] | None) -> dict[str, Any] | None:
    """What was overruled, without the reason: it is told in free words, which may name the reader."""
    if overrides is None:
        return None
    kept = {name: value for name, value in overrides.items() if name != "reason"}
    if "renewals" in kept:
        kept["renewals"] = [without_words(renewal) for renewal in kept["renewals"]]
    return kept
