"""Who is a student on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from configuration.kit.spells import holding, last_day

KINDS = ("degree", "visiting", "exchange", "non_degree")
LOADS = ("full", "part")
STATUSES = ("active", "leave", "completed", "withdrawn", "dismissed")
LIVE = frozenset({"active", "leave"})
"""The statuses in which somebody is a student of the university."""


@dataclass(frozen=True, slots=True)
class Study:
    """A spell of studying; never overwritten, only ended and followed by another."""

    kind: str
    status: str
    valid_from: date
    valid_until: date | None


def live_on(studies: Iterable[Study], day: date) -> list[Study]:
    """The studies that make somebody a student on the day."""
    return [study for study in holding(studies, day) if study.status in LIVE]


__all__ = ["KINDS", "LIVE", "LOADS", "STATUSES", "Study", "last_day", "live_on"]
