"""The desk: one scan box for readers and copies.

With a reader open a copy is lent, without one it is taken back. Focus stays in the box; every answer is large, in
words, and safe to send twice. The page's script sends scans one after another without leaving the page; it shows the
same pages that a plain form leads to, and hands back what was scanned after an answer that is marked `unclear`: then
nobody knows whose those copies are.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Database, Transaction
from configuration.kit.errors import Blocker, Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.flash import Kind
from configuration.kit.web.forms import read
from library_mgt.clients.standing import HomeServices, Standing
from library_mgt.controllers.acts import keeping, standings_of, with_standing
from library_mgt.controllers.pages.doing import Doing as Act
from library_mgt.controllers.pages.doing import DoingDep, Said
from library_mgt.controllers.pages.lists import Asked, counts_of
from library_mgt.controllers.pages.words import CancelledRead, TakenBack, cancelled, checked_in, flashed, lent, renewed
from library_mgt.dependencies import DatabaseDep, DeskDep, HomesDep, Id, Now, Zone
from library_mgt.domain.barcodes import LONGEST
from library_mgt.errors import CardOutOfUse, PatronNotFound, ReasonIsBarcode
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.patrons import PatronView
from library_mgt.models.request.circulation import LoanCreate, Override
from library_mgt.models.response.circulation import DeskLoanRead, LoanRead
from library_mgt.services import circulation, desk, fees, patrons, renewals, returns

MOST = 200
LONGEST_SCAN = 100
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Alert:
    """What the desk is told beside the box.

    `overrule` lists the blockers that this person may overrule, in renewing loan `renewing` where that is given.
    """

    kind: Kind
    title: str
    lines: Sequence[str] = ()
    overrule: Sequence[str] = ()
    take_back: bool = False
    addable: bool = False
    reader: str = ""
    renewing: int | None = None


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


async def _opened(db: Database, homes: HomeServices, typed: str, now: datetime, zone: Zone) -> Said:
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


def _nobody() -> Said:
    """The desk between two readers."""
    return {**dict.fromkeys(("patron", "record", "today", "group", "account")), "loans": [], "wishes": []}


@router.get("/desk", name="pages:desk")
async def open_desk(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: DeskDep,
    now: Now,
    zone: Zone,
    homes: HomesDep,
    *,
    patron: Annotated[str, Query(max_length=LONGEST_SCAN)] = "",
) -> Response:
    """The scan box, with the open reader if there is one."""
    alerts = []
    seen = _nobody()
    if patron:
        try:
            seen |= await _opened(db, homes, patron, now, zone)
        except Refusal as refusal:
            alerts = [Alert("danger", refusal.title, [refusal.detail])]
    else:
        seen["counts"] = await db.read(counts_of, Asked(now, zone))
    shown: Said = {"alerts": alerts, "unclear": bool(alerts), "scanned": "", "candidates": []}
    return pages.render(request, "desk.html", flash=await flashed(request, db), **shown, **seen)


@router.post("/desk", name="pages:desk:scan")
async def scan(actor: DeskDep, doing: DoingDep) -> Response:
    """Act on what was scanned. Nothing scanned, nothing done: a stray Enter is harmless."""
    scanned, patron = doing.fields["scan"][:LONGEST_SCAN], doing.fields["patron"][:LONGEST_SCAN]
    if not scanned:
        return doing.back(_at(patron))
    try:
        meant = await doing.db.read(desk.meant, scanned)
    except CardOutOfUse as stale:
        return await _show(doing, stale.status, Alert("danger", stale.title, _reasons(stale)), patron=patron)
    if meant.copy is not None and meant.readers and not patron and not doing.fields["take_back"]:
        return await _ambiguous(doing, scanned, meant.readers)
    if meant.copy is not None and (doing.fields["take_back"] or not patron):
        return await _take_back(doing, actor, scanned, patron, meant.copy)
    if meant.copy is not None:
        return await _lend(doing, actor, scanned, patron, meant.copy)
    return await _open_reader(doing, scanned, patron, meant.readers)


def _at(patron: str) -> str:
    return f"/desk?patron={patron}" if patron and patron.replace(":", "").isalnum() else "/desk"


async def _show(
    doing: Act,
    status: int,
    alert: Alert | None,
    *,
    patron: str = "",
    scanned: str = "",
    candidates: Sequence[PatronView | Standing] = (),
    unclear: bool = False,
) -> Response:
    seen = _nobody()
    if patron:
        seen |= await _opened(doing.db, doing.homes, patron, doing.now, doing.zone)
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


async def _ambiguous(doing: Act, scanned: str, readers: Sequence[PatronView]) -> Response:
    title = doing.say("%s is a reader and a copy") % scanned
    lines = [doing.say("Choose the reader below, or take the copy back.")]
    return await _show(doing, 409, Alert("warning", title, lines, take_back=True), scanned=scanned, candidates=readers)


async def _take_back(doing: Act, actor: Actor, scanned: str, patron: str, copy: CopyView) -> Response:
    about = f"copy:{copy.id}"
    try:
        found = await doing.act(returns.return_copy, scanned, about=about, by=actor, zone=doing.zone, answer=TakenBack)
    except Refusal as refusal:
        title = f"{doing.say('Not taken back')}: {copy.title}"
        return await _show(doing, refusal.status, Alert("danger", title, _reasons(refusal)), patron=patron)
    told = checked_in(doing, found)
    return doing.back(_at(patron), told.text, told.kind, told.about)


async def _lend(doing: Act, actor: Actor, scanned: str, patron: str, copy: CopyView) -> Response:
    about = f"copy:{copy.id}"
    wish, errors = read(LoanCreate, {"patron": patron, "barcode": scanned[:40], "override": _override(doing)})
    if wish is None:
        told = Alert("danger", f"{doing.say('Not lent')}: {copy.title}", [error.text for error in errors])
        return await _show(doing, 422, told, scanned=scanned)

    async def attempt(told: Sequence[Standing]) -> Said:
        return await doing.act(
            keeping(told, circulation.check_out), wish, about=about, by=actor, zone=doing.zone, answer=DeskLoanRead
        )

    try:
        loan = await with_standing(doing.homes, patron, attempt)
    except Refusal as refusal:
        if any(one.facts.get("to_this_reader") for one in refusal.blockers):
            calm = Alert(
                "info",
                f"{doing.say('Already lent to this reader')}: {copy.title}",
                [doing.say("Nothing was changed.")],
                take_back=True,
            )
            return await _show(doing, refusal.status, calm, patron=patron, scanned=scanned)
        alert = Alert(
            "danger",
            f"{doing.say('Not lent')}: {copy.title}",
            _reasons(refusal),
            overrule=_may_overrule(refusal.blockers, actor),
            take_back="COPY_ALREADY_ON_LOAN" in {refusal.code, *(one.code for one in refusal.blockers)},
        )
        return await _show(doing, refusal.status, alert, patron=patron, scanned=scanned)
    return doing.back(_at(patron), lent(doing, loan))


def _override(doing: Act) -> Said | None:
    overrule, reason = doing.fields["overrule"].split(), doing.fields["reason"][:300]
    return {"codes": overrule, "reason": reason} if overrule and len(reason) >= 3 else None


async def _open_reader(doing: Act, scanned: str, patron: str, readers: Sequence[PatronView]) -> Response:
    """Open the reader that was scanned; one whom the library never saw is asked for at home."""
    found: Sequence[PatronView | Standing] = readers or await standings_of(doing.homes, scanned)
    if not found:
        title = doing.say("Nothing is known under %s") % scanned
        lines = [doing.say("No copy has this barcode, and no reader this number, card or name.")]
        lines += [doing.say("Scan it again, or type the number or a part of the name.")]
        return await _show(
            doing,
            404,
            Alert("danger", title, lines, addable=_is_code(scanned)),
            patron=patron,
            scanned=scanned,
            unclear=True,
        )
    if len(found) > 1:
        return await _show(doing, 300, None, scanned=scanned, candidates=found)
    return doing.back(_at(found[0].person or scanned))


def _is_code(scanned: str) -> bool:
    """Whether this may be the barcode of a book: a name has no digits, and is longer than one word."""
    return any(one.isdigit() for one in scanned) and len(scanned) <= LONGEST and ":" not in scanned


def _reasons(refusal: Refusal) -> list[str]:
    return [blocker.detail for blocker in refusal.blockers] or [refusal.detail]


def _may_overrule(blockers: Sequence[Blocker], actor: Actor) -> list[str]:
    """The codes to overrule, if this person may overrule all that stands in the way."""
    ruled = [one for one in blockers if one.code != ReasonIsBarcode.code]
    if ruled and all(one.override is not None and actor.has(one.override) for one in ruled):
        return sorted({one.code for one in ruled})
    return []


@router.post("/desk/requests/{request_id}/cancel", name="pages:desk:cancel")
async def cancel(request_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Cancel the open reader's request."""
    back, about = _at(doing.fields["patron"]), f"request:{request_id}"
    try:
        done = await doing.act(
            desk.cancel_request, request_id, about=about, by=actor, zone=doing.zone, answer=CancelledRead
        )
    except Refusal as refusal:
        return doing.back(back, f"{doing.say('Not cancelled')}\n{refusal.detail}", "danger")
    told = cancelled(doing, done)
    return doing.back(back, told.text, told.kind, told.about)


@router.post("/desk/loans/{loan_id}/renew", name="pages:desk:renew")
async def renew(loan_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Renew a loan of the open reader."""
    patron, about = doing.fields["patron"][:LONGEST_SCAN], f"loan:{loan_id}"
    override, _ = read(Override, _override(doing) or {})
    try:
        loan = await doing.act(
            renewals.renew, loan_id, override, about=about, by=actor, zone=doing.zone, answer=LoanRead
        )
    except Refusal as refusal:
        overrule = _may_overrule(refusal.blockers, actor)
        alert = Alert("danger", doing.say("Not renewed"), _reasons(refusal), overrule=overrule, renewing=loan_id)
        return await _show(doing, refusal.status, alert, patron=patron)
    return doing.back(_at(patron), renewed(doing, loan))
