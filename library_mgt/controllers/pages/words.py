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
from library_mgt.models.response.circulation import CheckInRead, DeskLoanRead, DeskRequestRead, HoldRead
from library_mgt.models.response.title import DeskCopyRead
from library_mgt.services import fees, requests
from library_mgt.services.fees import Costs

READER = "{reader}"
"""Stands in a message for the name of the reader whom it is about, until a page shows it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message for the next page; `about` is the request whose reader it names, or the loan that may be undone."""

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


class ShelvedRead(Outbound):
    """A copy on the hold shelf, and whether it lay there before."""

    request: DeskRequestRead
    already: bool


class UndoneRead(Outbound):
    """An act that was undone: the loan as it stands, and whose the copy in hand is now."""

    loan: DeskLoanRead
    request: HoldRead | None


def lent(doing: Doing, loan: Said) -> Told:
    """A copy went out."""
    lines = [f"{doing.say('Lent')}: {loan['title']}", _due(doing, loan)]
    if loan["request_id"]:
        lines.append(doing.say("The request of this reader is fulfilled."))
    if loan["overrides"]:
        lines.append(doing.say("A block was overruled, and that is recorded with your reason."))
    return Told("\n".join(lines), "success", _undoable(loan["id"]))


def renewed(doing: Doing, loan: Said) -> Told:
    """A loan goes on."""
    return Told(f"{doing.say('Renewed')}: {loan['title']}\n{_due(doing, loan)}", "success", _undoable(loan["id"]))


def recalled(doing: Doing, loan: Said) -> Told:
    """A loan was called back."""
    tells = doing.say("The reader is told.")
    return Told(f"{doing.say('Recalled')}: {loan['title']}\n{_due(doing, loan)}\n{tells}", "success")


def claimed(doing: Doing, loan: Said) -> Told:
    """A reader says that it was brought back."""
    search = doing.say("Look for it on its shelf. No fine grows meanwhile; a scan of the copy ends the loan.")
    return Told(f"{doing.say('Noted: the reader says it was returned')}: {loan['title']}\n{search}", "warning")


def lost(doing: Doing, loan: Said) -> Told:
    """A copy was given up for lost."""
    owed = doing.say("What it costs, if anything, stands among the fees. A scan of the copy takes the loss back.")
    return Told(f"{doing.say('Declared lost')}: {loan['title']}\n{owed}", "warning")


def settled_loss(doing: Doing, loan: Said) -> Told:
    """The loan of a lost copy has ended."""
    return Told(f"{doing.say('Settled')}: {loan['title']}\n{doing.say('The loan has ended.')}", "success")


def undone(doing: Doing, found: Said) -> Told:
    """What the desk had just done counts no more."""
    loan, hold = found["loan"], found["request"]
    what = f"{doing.say('Undone')}: {loan['title']}"
    if hold is not None:
        goes, where = _to_reader(doing, hold)
        return Told(f"{what}\n{goes}. {where}", "warning", _about(hold))
    if loan["state"] == "RETURNED":
        return Told(f"{what}\n{doing.say('It was not lent. Back to its shelf.')}", "info")
    return Told(f"{what}\n{doing.say('It is on loan as before.')} {_due(doing, loan)}", "info")


def _due(doing: Doing, loan: Said) -> str:
    return f"{doing.say('Due')} {doing.pages.deadline(doing.request, datetime.fromisoformat(loan['due_at']))}"


def _undoable(loan_id: int | None) -> str:
    return f"loan:{loan_id}" if loan_id is not None else ""


async def checked_in(doing: Doing, found: Said) -> Told:
    """A copy came in: what it was, where it goes now, and what the loan that it ended has come to."""
    ended = found["loan_id"]
    if ended is None:
        return _checked_in(doing, found, None)
    costs = await doing.db.read(fees.costs_of_loan, ended, late=False, now=doing.now, zone=doing.zone)
    return _checked_in(doing, found, costs)


def _checked_in(doing: Doing, found: Said, costs: Costs | None) -> Told:
    say, title, hold, days = doing.say, found["copy_"]["title"], found["request"], found["days_overdue"]
    late = [doing.say_many("It was overdue by %s day.", "It was overdue by %s days.", days)] if days else []
    late = late or ([say("It was overdue.")] if found["overdue"] else [])
    late += _money(doing, costs) if costs is not None else []
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
    return Told("\n".join([f"{what}: {title}", *late, where]), kind, _undoable(found["loan_id"]))


def _money(doing: Doing, costs: Costs) -> list[str]:
    """What is owed for the delay, and what was paid for a loss that was none."""
    spell, lines = doing.pages.speech(doing.request).money, list[str]()
    for charge in costs.charges:
        if charge.kind == "OVERDUE" and charge.open_minor:
            owed = doing.say("{amount} are owed for it.")
            lines.append(owed.format(amount=spell(charge.open_minor, costs.currency)))
        elif charge.kind == "LOST" and charge.paid_minor:
            paid = doing.say("{amount} were paid for its loss; a librarian gives them back, among the reader's fees.")
            lines.append(paid.format(amount=spell(charge.paid_minor, costs.currency)))
    return lines


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


def shelved(doing: Doing, found: Said) -> Told:
    """A copy lies on the hold shelf."""
    wish, say = found["request"], doing.say
    what = say("On the hold shelf already") if found["already"] else say("On the hold shelf")
    return Told(f"{what}: {wish['title']}\n{_kept(doing, wish)}", "info" if found["already"] else "success")


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
