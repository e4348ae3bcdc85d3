"""Who is a student on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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
    return [
        study
        for study in studies
        if study.status in LIVE and study.valid_from <= day and (study.valid_until is None or day <= study.valid_until)
    ]


def last_day(studies: Iterable[Study]) -> date | None:
    """The last day of the longest of the studies; `None` when one has no end."""
    ends = [study.valid_until for study in studies]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None
