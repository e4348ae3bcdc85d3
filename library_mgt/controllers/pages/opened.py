"""The desk's page as it stands: the open reader, and what is told beside the box."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from starlette.responses import Response

from configuration.kit.database import Database, Transaction
from configuration.kit.errors import Blocker, Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.flash import Kind
from library_mgt.clients.standing import HomeServices, Standing
from library_mgt.controllers.acts import standings_of
from library_mgt.controllers.pages.doing import Doing, Said
from library_mgt.dependencies import Zone
from library_mgt.errors import PatronNotFound, ReasonIsBarcode
from library_mgt.models.data.patrons import PatronView
from library_mgt.services import desk, fees, patrons, returns

MOST = 200
LONGEST_SCAN = 100


@dataclass(frozen=True, slots=True)
class Alert:
    """What the desk is told beside the box.

    `overrule` lists the blockers that this person may overrule, in doing again what `again` is the address of; without
    it, in lending what was scanned.
    """

    kind: Kind
    title: str
    lines: Sequence[str] = ()
    overrule: Sequence[str] = ()
    take_back: bool = False
    addable: bool = False
    reader: str = ""
    again: str = ""


def _reader(tx: Transaction, typed: str, now: datetime, zone: Zone) -> Said:
    """The open reader with loans and requests."""
    record = patrons.patron_record(tx, patrons.patron_meant(tx, typed), now=now, zone=zone)
    patron = record.patron
    return {
        "patron": patron,
        "record": record,
        "today": now.astimezone(zone).date(),
        "group": _group(tx, patron.group_code),
        "account": fees.account(tx, patron.id, now=now, zone=zone),
        "loans": returns.loans_listed(tx, state="live", patron_id=patron.id, limit=MOST, now=now),
        "wishes": desk.wishes_of(tx, patron.id, limit=MOST),
    }


async def opened(db: Database, homes: HomeServices, typed: str, now: datetime, zone: Zone) -> Said:
    """The open reader; one whom the library never saw is shown as the home service knows them, and not written down."""
    try:
        return await db.read(_reader, typed, now, zone)
    except PatronNotFound:
        told = await standings_of(homes, typed)
        if len(told) != 1:
            raise
    patron = patrons.stranger(**asdict(told[0]))
    record, group = patrons.PatronRecord(patron, (told[0].person,), ()), await db.read(_group, patron.group_code)
    today = now.astimezone(zone).date()
    seen: Said = {"patron": patron, "record": record, "today": today, "group": group, "account": None}
    return {**seen, "loans": [], "wishes": []}


def _group(tx: Transaction, code: str) -> str:
    return dict(desk.choices(tx, "patron_group")).get(code, code)


def nobody() -> Said:
    """The desk between two readers."""
    return {**dict.fromkeys(("patron", "record", "today", "group", "account")), "loans": [], "wishes": []}


def at(patron: str) -> str:
    """Where the desk is with this reader open."""
    return f"/desk?patron={patron}" if patron and patron.replace(":", "").isalnum() else "/desk"


async def show(
    doing: Doing,
    status: int,
    alert: Alert | None,
    *,
    patron: str = "",
    scanned: str = "",
    candidates: Sequence[PatronView | Standing] = (),
    unclear: bool = False,
) -> Response:
    """The desk's page as the answer to a form that changed nothing."""
    seen = nobody()
    if patron:
        seen |= await opened(doing.db, doing.homes, patron, doing.now, doing.zone)
    return doing.pages.render(
        doing.request,
        "desk.html",
        status,
        scanned=scanned,
        alerts=[alert] if alert else [],
        candidates=candidates,
        unclear=unclear or bool(candidates),
        **seen,
    )


def override_of(doing: Doing) -> Said | None:
    """What the form overrules, where it says why."""
    overrule, reason = doing.fields["overrule"].split(), doing.fields["reason"][:300]
    return {"codes": overrule, "reason": reason} if overrule and len(reason) >= 3 else None


def reasons(refusal: Refusal) -> list[str]:
    """All that stands in the way."""
    return [blocker.detail for blocker in refusal.blockers] or [refusal.detail]


def may_overrule(blockers: Sequence[Blocker], actor: Actor) -> list[str]:
    """The codes to overrule, if this person may overrule all that stands in the way."""
    ruled = [one for one in blockers if one.code != ReasonIsBarcode.code]
    if ruled and all(one.override is not None and actor.has(one.override) for one in ruled):
        return sorted({one.code for one in ruled})
    return []
