"""A reader's visit at the desk, told from what happened there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

PAUSE = timedelta(minutes=30)
"""After so long without an act a reader has gone."""


def begun(moments: Iterable[datetime], now: datetime) -> datetime:
    """The first act of the visit that lasts until now; now itself when there was none."""
    first = now
    for moment in sorted((moment for moment in moments if moment <= now), reverse=True):
        if first - moment > PAUSE:
            break
        first = moment
    return first
