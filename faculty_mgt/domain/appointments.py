"""Who belongs to the faculty on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

KINDS = ("lecturer", "assistant", "visiting", "administration")


@dataclass(frozen=True, slots=True)
class Appointment:
    """A spell of working for the faculty; never overwritten, only ended and followed by another."""

    kind: str
    valid_from: date
    valid_until: date | None


def live_on(appointments: Iterable[Appointment], day: date) -> list[Appointment]:
    """The appointments that hold on the day."""
    return [
        appointment
        for appointment in appointments
        if appointment.valid_from <= day and (appointment.valid_until is None or day <= appointment.valid_until)
    ]


def last_day(appointments: Iterable[Appointment]) -> date | None:
    """The last day of the longest of the appointments; `None` when one has no end."""
    ends = [appointment.valid_until for appointment in appointments]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None
