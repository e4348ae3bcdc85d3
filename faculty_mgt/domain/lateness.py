"""What lateness costs: exact arithmetic, rounded once at the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

WHOLE = 10_000
"""Basis points of the whole."""


@dataclass(frozen=True, slots=True)
class LateRule:
    """How an assignment counts lateness: rate and floor are basis points of the assignment's points."""

    grace_seconds: int
    late_interval_seconds: int
    late_rate_bp: int
    late_floor_bp: int


def seconds_late(received: datetime, due: datetime) -> int:
    """How late something came; a begun second is late, and what is on time is 0."""
    return -((due - received) // timedelta(seconds=1)) if received > due else 0


def deduction(raw: Decimal, points: Decimal, late: int, rule: LateRule) -> Decimal:
    """The points taken off `raw`, of `points`, for work that came `late` seconds after its due time.

    Within the grace nothing is taken. After it each begun interval, counted from the due time and not from the end of
    the grace, takes the rate; lateness alone never brings a mark below the floor. The result lies between 0 and `raw`.
    """
    if late <= rule.grace_seconds:
        return Decimal("0.00")
    intervals = -(-late // rule.late_interval_seconds)
    scored = Fraction(raw) / Fraction(points)
    above_floor = max(scored - Fraction(rule.late_floor_bp, WHOLE), Fraction(0))
    taken = min(intervals * Fraction(rule.late_rate_bp, WHOLE), above_floor) * Fraction(points)
    return rounded(taken)


def rounded(value: Fraction) -> Decimal:
    """Two places, half up."""
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)
