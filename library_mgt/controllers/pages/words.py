"""What the desk is told in words after a scan. It never names the borrower: whoever brings a book may be another."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field
from starlette.requests import Request

from configuration.kit.bodies import Outbound
from configuration.kit.database import Database
from configuration.kit.web.flash import Flash, Kind, take
from library_mgt.controllers.pages.doing import Doing, Said
from library_mgt.errors import RequestNotFound
from library_mgt.models.data.requests import RequestView
from library_mgt.models.response.circulation import CheckInRead, DeskRequestRead, HoldRead
from library_mgt.models.response.title import DeskCopyRead
from library_mgt.services import requests

READER = "{reader}"
"""Stands in a message for the name of the reader whom it is about, until a page shows it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message for the next page; `about` is the request whose reader it names."""

    text: str
    kind: Kind
    about: str = ""


class TakenBack(CheckInRead):
    """A check-in with the copy's title: the desk reads titles, not numbers."""

    copy_: DeskCopyRead = Field(validation_alias="copy")


class CancelledRead(Outbound):
    """A request that ended at the desk, and what became of its copy."""

    request: DeskRequestRead
    barcode: str | None
    on_hold_shelf: bool
    next: HoldRead | None


def lent(doing: Doing, loan: Said) -> str:
    """A copy went out."""
    due = doing.pages.deadline(doing.request, datetime.fromisoformat(loan["due_at"]))
    lines = [f"{doing.say('Lent')}: {loan['title']}", f"{doing.say('Due')} {due}"]
    if loan["request_id"]:
        lines.append(doing.say("The request of this reader is fulfilled."))
    if loan["overrides"]:
        lines.append(doing.say("A block was overruled, and that is recorded with your reason."))
    return "\n".join(lines)


def renewed(doing: Doing, loan: Said) -> str:
    """A loan goes on."""
    due = doing.pages.deadline(doing.request, datetime.fromisoformat(loan["due_at"]))
    return f"{doing.say('Renewed')}: {loan['title']}\n{doing.say('Due')} {due}"


def checked_in(doing: Doing, found: Said) -> Told:
    """A copy came in: what it was, and where it goes now."""
    say, title, hold, days = doing.say, found["copy_"]["title"], found["request"], found["days_overdue"]
    late = [doing.say_many("It was overdue by %s day.", "It was overdue by %s days.", days)] if days else []
    late = late or ([say("It was overdue.")] if found["overdue"] else [])
    if hold is not None:
        what, where = _to_reader(doing, hold)
        return Told("\n".join([f"{what}: {title}", where, *late]), "warning", _about(hold))
    lines: dict[str, tuple[Kind, str, str]] = {
        "RETURNED": ("success", say("Taken back"), say("Back to its shelf.")),
        "BACK_IN_SERVICE": ("warning", say("Found again"), say("It counts as in service. Back to its shelf.")),
        "WITHDRAWN": ("danger", say("Withdrawn copy"), say("It is no longer part of the library: put it aside.")),
        "IN_REPAIR": ("warning", say("In repair"), say("It was not on loan. Change its status when it is mended.")),
        "JUST_RETURNED": ("info", say("Taken back already, just now"), say("Back to its shelf.")),
        "OFF_HOLD_SHELF": ("success", say("Taken off the hold shelf"), say("Back to its shelf.")),
        "IN_HOUSE_USE": ("info", say("Was not on loan"), say("Counted as used in the house. Back to its shelf.")),
    }
    kind, what, where = lines[found["outcome"]]
    return Told("\n".join([f"{what}: {title}", *late, where]), kind)


def _to_reader(doing: Doing, hold: Said) -> tuple[str, str]:
    """Somebody waits for it: where it goes, and what its label says."""
    if hold["state"] == "READY":
        return doing.say("To the hold shelf"), f"{doing.say('For')} {READER}. {_kept(doing, hold)}"
    return doing.say("Send to {place}").format(place=hold["pickup_name"]), f"{doing.say('For')} {READER}."


def _kept(doing: Doing, hold: Said) -> str:
    until = doing.pages.deadline(doing.request, datetime.fromisoformat(hold["ready_until"]))
    return doing.say("Kept until {until}.").format(until=until)


def _about(hold: Said) -> str:
    return f"request:{hold['id']}"


def cancelled(doing: Doing, done: Said) -> Told:
    """A request was cancelled at the desk: what is to be done with the copy that was set aside for it."""
    say, hold, code = doing.say, done["next"], done["barcode"]
    what, where = f"{say('Cancelled')}: {done['request']['title']}", ""
    if code is None:
        return Told(what, "info")
    if hold is None:
        back = say("Take copy {code} from the hold shelf and put it back to its shelf.")
        where = (back if done["on_hold_shelf"] else say("Copy {code} stays on its shelf.")).format(code=code)
        return Told(f"{what}\n{where}", "warning" if done["on_hold_shelf"] else "info")
    if hold["state"] == "READY":
        stays = say("Copy {code} stays on the hold shelf, now for").format(code=code)
        where = f"{stays} {READER}. {_kept(doing, hold)}"
    elif done["on_hold_shelf"]:
        sent = say("Take copy {code} from the hold shelf and send it to {place}, for")
        where = f"{sent.format(code=code, place=hold['pickup_name'])} {READER}."
    else:
        where = f"{say('Copy {code} is to be pulled now for').format(code=code)} {READER}."
    return Told(f"{what}\n{where}", "warning", _about(hold))


def settled(doing: Doing, wish: RequestView, decider: str | None) -> str:
    """A request that was settled before somebody could decide it: by whom, and that nothing is left to do."""
    say = doing.say
    whose = {"REJECTED": say("Rejected already"), "CANCELLED": say("Cancelled already"), "EXPIRED": say("Has expired")}
    what = whose.get(wish.state, say("Approved already"))
    by = f", {say('by')} {decider}" if decider and wish.state != "CANCELLED" else ""
    return f"{what}{by}: {wish.title}\n{say('Nothing is left to do.')}"


async def flashed(request: Request, db: Database) -> Flash | None:
    """The message brought along, with the name of the reader it is about: no cookie holds a name."""
    flash = take(request)
    kind, _, number = flash.about.partition(":") if flash else ("", "", "")
    if flash is None or kind != "request" or not number.isdecimal() or len(number) > 18:
        return flash
    try:
        wish = await db.read(requests.request_seen, int(number))
    except RequestNotFound:
        return flash
    return Flash(flash.kind, flash.text.replace(READER, wish.display_name or wish.person or ""))
