"""A reader's page at the desk: cards, blocks, group and membership, what they have, and what they owe."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.forms import given, read
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, LibrarianDep, Now, Zone
from library_mgt.models.request.patrons import (
    BlockLifting,
    CardCreate,
    GroupChange,
    PatronChange,
    PatronExtension,
    PatronJoining,
)
from library_mgt.models.response.patrons import PatronRead
from library_mgt.services import blocks, cards, desk, fees, joining, patrons, returns, tills

MOST = 200
M = TypeVar("M", bound=BaseModel)
router = APIRouter(include_in_schema=False)


def page_of(patron_id: int) -> str:
    """Where a reader's page is."""
    return f"/desk/readers/{patron_id}"


def _seen(tx: Transaction, patron_id: int, now: datetime, zone: Zone) -> Said:
    record = patrons.patron_record(tx, patron_id, now=now, zone=zone)
    return {
        "record": record,
        "patron": record.patron,
        "groups": desk.choices(tx, "patron_group"),
        "loans": returns.loans_listed(tx, state="live", patron_id=patron_id, limit=MOST, now=now),
        "wishes": desk.wishes_of(tx, patron_id, limit=MOST),
        "account": fees.account(tx, patron_id, now=now, zone=zone),
        "tills": [till for till in tills.listed(tx) if till.session_id is not None],
    }


@router.get("/desk/readers/{patron_id}", name="pages:reader")
async def reader(
    request: Request, patron_id: Id, db: DatabaseDep, pages: PagesDep, _actor: DeskDep, now: Now, zone: Zone
) -> Response:
    """Everything of a reader that the desk keeps."""
    return pages.render(request, "reader.html", **await db.read(_seen, patron_id, now, zone))


async def done(
    doing: Doing,
    patron_id: int,
    use_case: Callable[..., Any],
    *args: Any,
    by: Actor,
    said: str,
    answer: type[BaseModel] = PatronRead,
    about: str = "",
    **options: Any,
) -> Response:
    """Run an act about the reader, and go back to their page with what came of it."""
    try:
        await doing.act(use_case, *args, about=about or f"patron:{patron_id}", by=by, answer=answer, **options)
    except Refusal as refusal:
        return refused(doing, page_of(patron_id), [one.detail for one in refusal.blockers] or [refusal.detail])
    return doing.back(page_of(patron_id), said)


def refused(doing: Doing, path: str, reasons: list[str]) -> Response:
    """Back to a page that says why nothing was changed."""
    return doing.back(path, "\n".join([doing.say("Nothing was changed"), *reasons]), "danger")


def understood(doing: Doing, path: str, model: type[M], values: Said) -> tuple[M | None, Response]:
    """What the form says; where it cannot be understood the way back, with every fault."""
    meant, faults = read(model, values)
    labels = [f"{fault.field.removesuffix('_minor').capitalize()}: {doing.told(fault.text)}" for fault in faults]
    return meant, refused(doing, path, labels) if faults else doing.back(path)


@router.post("/desk/readers/{patron_id}/cards", name="pages:reader:card")
async def give_card(patron_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Give the reader a card, or another one instead of that in `instead`."""
    new, faulty = understood(doing, page_of(patron_id), CardCreate, {"number": doing.fields["number"]})
    if new is None:
        return faulty
    zone, instead = doing.zone, doing.fields["instead"][:40]
    if instead:
        said = doing.say("Replaced. Who scans the old card is told the new one.")
        return await done(
            doing, patron_id, cards.replace_card, patron_id, instead, new.number, by=actor, said=said, zone=zone
        )
    return await done(
        doing, patron_id, cards.add_card, patron_id, new.number, by=actor, said=doing.say("The card is given."),
        zone=zone,
    )  # fmt: skip


@router.post("/desk/readers/{patron_id}/cards/lost", name="pages:reader:card_lost")
async def lose_card(patron_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Take a lost card out of use."""
    number, said = doing.fields["number"][:40], doing.say("The card is out of use.")
    return await done(doing, patron_id, cards.report_lost, patron_id, number, by=actor, said=said, zone=doing.zone)


@router.post("/desk/readers/{patron_id}/block", name="pages:reader:block")
async def block(patron_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Block the reader."""
    values = {"blocked": True, **given(doing.fields, "reason", "until")}
    change, faulty = understood(doing, page_of(patron_id), PatronChange, values)
    if change is None:
        return faulty
    said = doing.say("Blocked. The reader sees the reason.")
    values = change.model_dump()
    return await done(doing, patron_id, blocks.block_patron, patron_id, by=actor, said=said, zone=doing.zone, **values)


@router.post("/desk/readers/{patron_id}/blocks/{block_id}/lift", name="pages:reader:lift")
async def lift(patron_id: Id, block_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Lift one block."""
    lifting, faulty = understood(doing, page_of(patron_id), BlockLifting, given(doing.fields, "reason"))
    if lifting is None:
        return faulty
    said, reason = doing.say("The block is lifted."), lifting.reason
    return await done(
        doing, patron_id, blocks.lift_block, patron_id, block_id, reason, by=actor, said=said, zone=doing.zone
    )


@router.post("/desk/readers/{patron_id}/group", name="pages:reader:group")
async def change_group(patron_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Put the reader into a group; an empty choice leaves it to the home service."""
    values = {"group": doing.fields["group"] or None, **given(doing.fields, "reason")}
    change, faulty = understood(doing, page_of(patron_id), GroupChange, values)
    if change is None:
        return faulty
    said, change_to = doing.say("The group is changed."), (change.group, change.reason)
    return await done(
        doing, patron_id, blocks.change_group, patron_id, *change_to, by=actor, said=said, zone=doing.zone
    )


@router.post("/desk/readers/{patron_id}/extend", name="pages:reader:extend")
async def extend(patron_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Extend a local reader's membership."""
    extension, faulty = understood(
        doing, page_of(patron_id), PatronExtension, given(doing.fields, "until", "guarantor")
    )
    if extension is None:
        return faulty
    said = doing.say("The membership is extended.")
    return await done(doing, patron_id, patrons.extend, patron_id, extension, by=actor, said=said, zone=doing.zone)


@router.post("/desk/readers/{patron_id}/join", name="pages:reader:join")
async def join(patron_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Make the other record, named by reference, number or card, part of this one."""
    other = doing.fields["other"][:100]
    try:
        found = await doing.db.read(patrons.patron_meant, other)
    except Refusal as refusal:
        return refused(doing, page_of(patron_id), [refusal.detail])
    values = {"other": found, **given(doing.fields, "reason")}
    joined, faulty = understood(doing, page_of(patron_id), PatronJoining, values)
    if joined is None:
        return faulty
    said = doing.say("The two records are one.")
    return await done(doing, patron_id, joining.join, patron_id, joined, by=actor, said=said, zone=doing.zone)
