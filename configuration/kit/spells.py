"""Spells of belonging, such as studies and appointments: dated, never overwritten, ended and followed by another."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar


class Spell(Protocol):
    """What holds from its first to its last day, or for good."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_until(self) -> date | None:
        """The last day; `None` while none is known."""


S = TypeVar("S", bound=Spell)


def holding(spells: Iterable[S], day: date) -> list[S]:
    """The spells that hold on the day."""
    return [
        spell for spell in spells if spell.valid_from <= day and (spell.valid_until is None or day <= spell.valid_until)
    ]


def last_day(spells: Iterable[Spell]) -> date | None:
    """The last day of the longest of the spells; `None` when one has no end."""
    ends = [spell.valid_until for spell in spells]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None


def day_before(spell: Spell, successor: date) -> date | None:
    """The last day of a spell that another follows; `None` when it has had no day of its own and is put right."""
    last = successor - timedelta(days=1)
    return last if spell.valid_from <= last else None
