"""Who belongs to the faculty on a given day."""

from dataclasses import dataclass
from datetime import date

from configuration.kit.spells import holding, last_day

KINDS = ("lecturer", "assistant", "visiting", "administration")


@dataclass(frozen=True, slots=True)
class Appointment:
    """A spell of working for the faculty; never overwritten, only ended and followed by another."""

    kind: str
    valid_from: date
    valid_until: date | None


live_on = holding
"""The appointments that hold on a day."""

__all__ = ["KINDS", "Appointment", "last_day", "live_on"]
