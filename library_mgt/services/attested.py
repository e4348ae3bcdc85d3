"""Times that the desk attests: when a copy really went out or came back, where that was before it was written down."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from library_mgt.domain.calendar import NoOpenDay
from library_mgt.errors import refuse
from library_mgt.repository import policies


def attested(moment: datetime, now: datetime) -> datetime:
    """The moment, unless it has not come yet."""
    if moment > now:
        detail = "That time has not come yet: nothing is lent or taken back in the future."
        raise refuse([Blocker("TIME_IN_FUTURE", detail, facts={"at": moment.isoformat()})])
    return moment


def not_before_loan(loaned_at: datetime, back_at: datetime, zone: tzinfo) -> None:
    """Refuse a return or renewal before the copy went out: what came back then, or was kept, was an earlier loan."""
    if back_at < loaned_at:
        detail = f"The copy went out on {_clock(loaned_at, zone)}, after the time of this scan; scan it by itself."
        raise refuse([Blocker("RETURN_BEFORE_LOAN", detail, facts={"loaned_at": loaned_at.isoformat()})])


def not_own_word(back_at: datetime, due_at: datetime, now: datetime, zone: tzinfo, *, own: bool) -> None:
    """Refuse one's own word for when one's own overdue copy came back: it would decide the fine."""
    if own and back_at < now and due_at < now:
        detail = (
            f"It is your own loan, due on {_clock(due_at, zone)}; let a colleague take it in, or return it as of now."
        )
        raise refuse([Blocker("OWN_RETURN_ATTESTED", detail, facts={"due_at": due_at.isoformat()})])


def lent_then(last_return: datetime | None, out_at: datetime, zone: tzinfo) -> list[Blocker]:
    """Against a loan at a time when the copy was still out to somebody else."""
    if last_return is None or last_return <= out_at:
        return []
    detail = f"The copy was on loan at that time; it came back on {_clock(last_return, zone)}."
    return [Blocker("COPY_OUT_THEN", detail, "/barcode", None, {"returned_at": last_return.isoformat()})]


def last_closing(tx: Transaction, location: str, *, now: datetime, zone: tzinfo) -> datetime:
    """When a location closed last; one without hours on record closes with every day."""
    try:
        return policies.in_force(tx).calendar(location, zone).last_closing(now)
    except NoOpenDay:
        detail = "The location was not open for a year: say since when the copies are back."
        raise refuse([Blocker("NO_OPEN_DAY", detail, "/returned_at")]) from None


def _clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
