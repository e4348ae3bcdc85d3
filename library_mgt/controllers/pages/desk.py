"""The desk: one scan box for readers and copies.

With a reader open a copy is lent, without one it is taken back. Focus stays in the box; every answer is large, in
words, and safe to send twice. The page's script sends scans one after another without leaving the page; it shows the
same pages that a plain form leads to, and hands back what was scanned after an answer that is marked `unclear`: then
nobody knows whose those copies are.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.forms import read
from library_mgt.clients.standing import Standing
from library_mgt.controllers.acts import keeping, standings_of, with_standing
from library_mgt.controllers.pages.doing import Doing as Act
from library_mgt.controllers.pages.doing import DoingDep, Said
from library_mgt.controllers.pages.lists import Asked, counts_of
from library_mgt.controllers.pages.opened import (
    LONGEST_SCAN,
    Alert,
    at,
    may_overrule,
    nobody,
    opened,
    override_of,
    reasons,
    show,
)
from library_mgt.controllers.pages.words import TakenBack, checked_in, flashed, lent
from library_mgt.dependencies import DatabaseDep, DeskDep, HomesDep, Now, Zone
from library_mgt.domain.barcodes import LONGEST
from library_mgt.errors import CardOutOfUse
from library_mgt.models.data.copies import CopyView
from library_mgt.models.data.patrons import PatronView
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.models.response.circulation import DeskLoanRead
from library_mgt.services import circulation, desk, returns

router = APIRouter(include_in_schema=False)


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
    seen = nobody()
    if patron:
        try:
            seen |= await opened(db, homes, patron, now, zone)
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
        return doing.back(at(patron))
    try:
        meant = await doing.db.read(desk.meant, scanned)
    except CardOutOfUse as stale:
        return await show(doing, stale.status, Alert("danger", stale.title, reasons(stale)), patron=patron)
    if meant.copy is not None and meant.readers and not patron and not doing.fields["take_back"]:
        return await _ambiguous(doing, scanned, meant.readers)
    if meant.copy is not None and (doing.fields["take_back"] or not patron):
        return await _take_back(doing, actor, scanned, patron, meant.copy)
    if meant.copy is not None:
        return await _lend(doing, actor, scanned, patron, meant.copy)
    return await _open_reader(doing, scanned, patron, meant.readers)


async def _ambiguous(doing: Act, scanned: str, readers: Sequence[PatronView]) -> Response:
    title = doing.say("%s is a reader and a copy") % scanned
    lines = [doing.say("Choose the reader below, or take the copy back.")]
    return await show(doing, 409, Alert("warning", title, lines, take_back=True), scanned=scanned, candidates=readers)


async def _take_back(doing: Act, actor: Actor, scanned: str, patron: str, copy: CopyView) -> Response:
    about = f"copy:{copy.id}"
    try:
        found = await doing.act(returns.return_copy, scanned, about=about, by=actor, zone=doing.zone, answer=TakenBack)
    except Refusal as refusal:
        title = f"{doing.say('Not taken back')}: {copy.title}"
        return await show(doing, refusal.status, Alert("danger", title, reasons(refusal)), patron=patron)
    told = await checked_in(doing, found)
    return doing.back(at(patron), told.text, told.kind, told.about)


async def _lend(doing: Act, actor: Actor, scanned: str, patron: str, copy: CopyView) -> Response:
    about = f"copy:{copy.id}"
    wish, errors = read(LoanCreate, {"patron": patron, "barcode": scanned[:40], "override": override_of(doing)})
    if wish is None:
        told = Alert("danger", f"{doing.say('Not lent')}: {copy.title}", [doing.told(error.text) for error in errors])
        return await show(doing, 422, told, scanned=scanned)

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
            return await show(doing, refusal.status, calm, patron=patron, scanned=scanned)
        alert = Alert(
            "danger",
            f"{doing.say('Not lent')}: {copy.title}",
            reasons(refusal),
            overrule=may_overrule(refusal.blockers, actor),
            take_back="COPY_ALREADY_ON_LOAN" in {refusal.code, *(one.code for one in refusal.blockers)},
        )
        return await show(doing, refusal.status, alert, patron=patron, scanned=scanned)
    said = lent(doing, loan)
    return doing.back(at(patron), said.text, said.kind, said.about)


async def _open_reader(doing: Act, scanned: str, patron: str, readers: Sequence[PatronView]) -> Response:
    """Open the reader that was scanned; one whom the library never saw is asked for at home."""
    found: Sequence[PatronView | Standing] = readers or await standings_of(doing.homes, scanned)
    if not found:
        title = doing.say("Nothing is known under %s") % scanned
        lines = [doing.say("No copy has this barcode, and no reader this number, card or name.")]
        lines += [doing.say("Scan it again, or type the number or a part of the name.")]
        return await show(
            doing,
            404,
            Alert("danger", title, lines, addable=_is_code(scanned)),
            patron=patron,
            scanned=scanned,
            unclear=True,
        )
    if len(found) > 1:
        return await show(doing, 300, None, scanned=scanned, candidates=found)
    return doing.back(at(found[0].person or scanned))


def _is_code(scanned: str) -> bool:
    """Whether this may be the barcode of a book: a name has no digits, and is longer than one word."""
    return any(one.isdigit() for one in scanned) and len(scanned) <= LONGEST and ":" not in scanned
