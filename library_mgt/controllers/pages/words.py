"""What the desk is told in words after a scan. It never names the borrower: whoever brings a book may be another."""

from datetime import datetime

from pydantic import Field

from configuration.kit.web.flash import Kind
from library_mgt.controllers.pages.doing import Doing, Said
from library_mgt.models.response.circulation import CheckInRead
from library_mgt.models.response.title import DeskCopyRead


class TakenBack(CheckInRead):
    """A check-in with the copy's title: the desk reads titles, not numbers."""

    copy_: DeskCopyRead = Field(validation_alias="copy")


def lent(doing: Doing, loan: Said) -> str:
    """A copy went out."""
    due = doing.pages.absolute(doing.request, datetime.fromisoformat(loan["due_at"]))
    lines = [f"{doing.say('Lent')}: {loan['title']}", f"{doing.say('Due')} {due}"]
    if loan["request_id"]:
        lines.append(doing.say("The request of this reader is fulfilled."))
    return "\n".join(lines)


def checked_in(doing: Doing, found: Said) -> tuple[Kind, str]:
    """A copy came in: what it was, and where it goes now."""
    say, title, hold = doing.say, found["copy_"]["title"], found["request"]
    if hold is not None:
        return _to_reader(doing, title, hold)
    late = [say("It was overdue.")] if found["overdue"] else []
    lines: dict[str, tuple[Kind, str, str]] = {
        "RETURNED": ("success", say("Taken back"), say("Back to its shelf.")),
        "BACK_IN_SERVICE": ("warning", say("Found again"), say("It counts as in service. Back to its shelf.")),
        "WITHDRAWN": ("danger", say("Withdrawn copy"), say("It is no longer part of the library: put it aside.")),
        "IN_REPAIR": ("warning", say("In repair"), say("It was not on loan. Change its status when it is mended.")),
        "IN_HOUSE_USE": ("info", say("Was not on loan"), say("Counted as used in the house. Back to its shelf.")),
    }
    kind, what, where = lines[found["outcome"]]
    return kind, "\n".join([f"{what}: {title}", *late, where])


def _to_reader(doing: Doing, title: str, hold: Said) -> tuple[Kind, str]:
    """Somebody waits for it."""
    say, number = doing.say, hold["id"]
    if hold["state"] == "READY":
        until = doing.pages.absolute(doing.request, datetime.fromisoformat(hold["ready_until"]))
        where = say("Somebody waits for it: request {number}. Kept until {until}.").format(number=number, until=until)
        return "warning", f"{say('To the hold shelf')}: {title}\n{where}"
    place = hold["pickup_location"]
    where = say("Somebody waits for it there: request {number}.").format(number=number)
    return "warning", f"{say('Send to {place}').format(place=place)}: {title}\n{where}"
