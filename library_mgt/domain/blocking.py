"""What keeps a reader from borrowing or requesting, whatever the title."""

from datetime import date, datetime, timedelta

from configuration.kit.errors import Blocker

STANDING_LASTS = timedelta(hours=24)
"""How old what the home service said of a reader may be when something is lent."""

OVERRIDE = "librarian"


def patron_blockers(
    *,
    active: bool,
    until: date | None,
    as_of: datetime,
    local: bool,
    blocked: bool,
    block_reason: str | None,
    overdue: int,
    block_overdue: int,
    today: date,
    now: datetime,
    pointer: str | None = "/patron",
) -> list[Blocker]:
    """Every reason that lies in the reader. A local reader's standing is the library's own and does not age."""
    found: list[Blocker] = []
    if not active:
        found.append(Blocker("PATRON_INACTIVE", "The reader is not active at the university.", pointer, OVERRIDE))
    elif until is not None and until < today:
        detail = f"The reader's membership ended on {until.isoformat()}."
        found.append(Blocker("PATRON_INACTIVE", detail, pointer, OVERRIDE, {"until": until.isoformat()}))
    elif not local and now - as_of > STANDING_LASTS:
        detail = "The reader's home service does not answer, and what it last said is older than a day."
        facts = {"as_of": as_of.isoformat()}
        found.append(Blocker("PATRON_STANDING_UNAVAILABLE", detail, pointer, OVERRIDE, facts))
    if blocked:
        found.append(Blocker("PATRON_BLOCKED", f"The reader is blocked: {block_reason}.", pointer, OVERRIDE))
    if overdue >= block_overdue:
        detail = f"The reader has {overdue} overdue loans; with {block_overdue} nothing more is lent."
        facts_overdue = {"overdue": overdue, "threshold": block_overdue}
        found.append(Blocker("PATRON_BLOCKED", detail, pointer, OVERRIDE, facts_overdue))
    return found
