"""The level of a student follows from the credits earned, and is never set."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LevelRule:
    """From how many credits on a student is of a level; `programme` is `None` where it holds for all others."""

    level: str
    programme: str | None
    credits_from: Decimal


def level_of(earned: Decimal, rules: Sequence[LevelRule], programme: str | None) -> str | None:
    """The highest level whose credits are earned, by the programme's own table where it has one."""
    own = [rule for rule in rules if programme is not None and rule.programme == programme]
    reached = [
        rule for rule in own or [rule for rule in rules if rule.programme is None] if rule.credits_from <= earned
    ]
    return max(reached, key=lambda rule: rule.credits_from).level if reached else None
