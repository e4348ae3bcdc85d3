"""How long a run takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of a slice, number of rounds, sizes of the two catalogues."""

    seconds: float
    rounds: int
    small: int
    large: int
    starts: int
    """How often the whole thing is started to time it."""
    busy: float
    """Seconds of the busy day's open loop."""
    short: bool = False


FULL = Pace(seconds=2.0, rounds=5, small=10_000, large=100_000, starts=5, busy=30.0)
SHORT = Pace(seconds=0.5, rounds=3, small=1_000, large=10_000, starts=2, busy=4.0, short=True)
