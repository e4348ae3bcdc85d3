"""What keeps a reader from borrowing or requesting, whatever the title."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from configuration.kit.days import local_day
from configuration.kit.errors import Blocker

STANDING_LASTS = timedelta(hours=24)
"""How old what the home service said of a reader may be when something is lent."""

OVERRIDE = "librarian"


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of a reader. `as_of` is when the home service said so; a local reader has none."""

    patron_id: int
    active: bool
    until: date | None
    as_of: datetime
    local: bool
    blocked: bool
    block_reason: str | None
    overdue: int


def reader_blockers(
    reader: Reader,
    block_overdue: int,
    *,
    now: datetime,
    zone: tzinfo,
    lending: bool,
    pointer: str | None = "/patron",
    own: bool = False,
) -> list[Blocker]:
    """Every reason that lies in the reader; with `block_overdue` loans overdue nothing more is lent.

    Only lending needs fresh word from the home service: a request may be made while it is away. `own` says it to the
    reader's own face.
    """
    subject, has, whose = (
        ("You are", "You have", "Your") if own else ("The reader is", "The reader has", "The reader's")
    )
    found: list[Blocker] = []
    if not reader.active:
        found.append(Blocker("PATRON_INACTIVE", f"{subject} not active at the university.", pointer, OVERRIDE))
    elif reader.until is not None and reader.until < local_day(now, zone):
        detail = f"{whose} membership ended on {reader.until.isoformat()}."
        found.append(Blocker("PATRON_INACTIVE", detail, pointer, OVERRIDE, {"until": reader.until.isoformat()}))
    elif lending and not reader.local and now - reader.as_of > STANDING_LASTS:
        detail = "The reader's home service does not answer, and what it last said is older than a day."
        facts = {"as_of": reader.as_of.isoformat()}
        found.append(Blocker("PATRON_STANDING_UNAVAILABLE", detail, pointer, OVERRIDE, facts))
    if reader.blocked:
        reason = (reader.block_reason or "").rstrip(".")
        found.append(Blocker("PATRON_BLOCKED", f"{subject} blocked: {reason}.", pointer, OVERRIDE))
    if reader.overdue >= block_overdue:
        detail = f"{has} {counted(reader.overdue, 'overdue loan')}; with {block_overdue} nothing more is lent."
        counts = {"overdue": reader.overdue, "threshold": block_overdue}
        found.append(Blocker("PATRON_BLOCKED", detail, pointer, OVERRIDE, counts))
    return found


def counted(number: int, thing: str) -> str:
    """*1 loan*, *2 loans*."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
