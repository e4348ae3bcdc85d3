"""Days belong to the university's zone, instants are UTC: how the one becomes the other."""

from datetime import MINYEAR, UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

LAST_SECOND = time(23, 59, 59)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""The ends of what instants can name."""
DAYS_KEPT = 4_096
"""How many ends and beginnings of days are remembered: a checkout asks four times, a whole day long for the same."""


def instant(local: datetime, zone: tzinfo) -> datetime:
    """The instant of a wall-clock time.

    A time that the clocks skip moves forward by what they skip; of one they show twice the later counts. In both cases
    it is the later of the two readings. Beyond the first and the last instant that can be named it is that instant.
    """
    wall = local.replace(tzinfo=zone)
    try:
        return max(wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC))
    except OverflowError:
        return FIRST if local.year == MINYEAR else LAST


@lru_cache(DAYS_KEPT)
def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last second of a day in the zone, as an instant."""
    return instant(datetime.combine(day, LAST_SECOND), zone)


@lru_cache(DAYS_KEPT)
def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in the zone, as an instant."""
    return instant(datetime.combine(day, time.min), zone)


def deadline(said: date | datetime, zone: tzinfo) -> datetime:
    """Until when, as somebody says it: a day ends with its last second, a time without a zone is the university's."""
    return _moment(said, zone) if isinstance(said, datetime) else end_of_day(said, zone)


def beginning(said: date | datetime, zone: tzinfo) -> datetime:
    """From when, as somebody says it: a day begins with its first moment."""
    return _moment(said, zone) if isinstance(said, datetime) else start_of_day(said, zone)


def _moment(said: datetime, zone: tzinfo) -> datetime:
    return instant(said, zone) if said.tzinfo is None else said.astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The day an instant falls on in the zone."""
    return moment.astimezone(zone).date()


def days_later(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The end of the day that many days after the instant's own, always after the instant itself."""
    day = local_day(moment, zone) + timedelta(days=days)
    end = end_of_day(day, zone)
    return end if end > moment else end_of_day(day + timedelta(days=1), zone)
