"""Tills, the currency, and the groups of readers over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from babel.numbers import get_currency_precision, is_currency
from fastapi import APIRouter, Path, Query

from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from library_mgt.controllers.fees import TillCode
from library_mgt.dependencies import DatabaseDep, DeskDep, KeyDep, LibrarianDep, Now, Zone
from library_mgt.domain.money import Currency
from library_mgt.errors import UnknownReference
from library_mgt.models.data.fees import TillView
from library_mgt.models.data.reference import Reference
from library_mgt.models.request.fees import CurrencyChange, TillChange, TillClosing, TillOpening
from library_mgt.models.request.patrons import GroupName
from library_mgt.models.response.fees import CurrencyRead, TillRead, TillReportRead
from library_mgt.models.response.patrons import GroupRead
from library_mgt.services import blocks, fees, tills

router = APIRouter(tags=["tills"])
TillDay = Annotated[date | None, Query(lt=date.max, description="A day that another follows.")]
GroupCode = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9][a-z0-9_-]*$")]


@router.get("/tills", name="library:tills", response_model=list[TillRead])
async def tills_listed(db: DatabaseDep, _desk: DeskDep) -> Sequence[TillView]:
    """Every till, and whether it takes money now."""
    return await db.read(tills.listed)


@router.put("/tills/{till}", name="library:keep_till", response_model=TillRead)
async def keep_till(
    till: TillCode, change: TillChange, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Set a till up, or give it another name or place."""
    return await act(
        db, key, tills.keep_till, till, change, about=f"till:{till}", by=librarian, now=now, answer=TillRead, status=200
    )


@router.post("/tills/{till}/open", name="library:open_till", status_code=201, response_model=TillRead)
async def open_till(
    till: TillCode, opening: TillOpening, db: DatabaseDep, desk: DeskDep, now: Now, key: KeyDep
) -> Answer:
    """Let a till take money, beginning with what was put into it."""
    return await act(db, key, tills.open_with, till, opening, about=f"till:{till}", by=desk, now=now, answer=TillRead)


@router.post("/tills/{till}/close", name="library:close_till", response_model=TillReportRead)
async def close_till(
    till: TillCode, closing: TillClosing, db: DatabaseDep, desk: DeskDep, now: Now, zone: Zone, key: KeyDep
) -> Answer:
    """Count and close a till, once; a difference between what it should hold and holds needs a reason."""
    return await act(
        db, key, tills.close, till, closing, about=f"till:{till}", by=desk, now=now, zone=zone, answer=TillReportRead,
        status=200,
    )  # fmt: skip


@router.get("/tills/{till}/report", name="library:till_report", response_model=TillReportRead)
async def till_report(
    till: TillCode, db: DatabaseDep, _desk: DeskDep, now: Now, zone: Zone, *, day: TillDay = None
) -> tills.TillReport:
    """What went over a till on a day, today where none is named."""
    return await db.read(tills.report, till, day or local_day(now, zone), zone=zone)


@router.get("/currency", name="library:currency", response_model=CurrencyRead)
async def currency(db: DatabaseDep, _desk: DeskDep) -> Currency:
    """The currency that every amount is in."""
    return await db.read(fees.currency)


@router.put("/currency", name="library:choose_currency", response_model=CurrencyRead)
async def choose_currency(
    change: CurrencyChange, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Let every amount be in another currency, as long as nobody was charged anything."""
    if not is_currency(change.code):
        detail = f"{change.code} is no currency of ISO 4217."
        raise UnknownReference(detail, blockers=[Blocker(UnknownReference.code, detail, "/code")])
    chosen = Currency(change.code, get_currency_precision(change.code))
    return await act(
        db, key, fees.choose_currency, chosen, about=f"currency:{chosen.code}", by=librarian, now=now,
        answer=CurrencyRead, status=200,
    )  # fmt: skip


@router.get("/patron-groups", name="library:patron_groups", response_model=list[GroupRead])
async def patron_groups(db: DatabaseDep, _desk: DeskDep) -> Sequence[Reference]:
    """The groups of readers, by which rules may differ."""
    return await db.read(blocks.groups)


@router.put("/patron-groups/{group}", name="library:keep_patron_group", response_model=GroupRead)
async def keep_patron_group(
    group: GroupCode, change: GroupName, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Set a group of readers up, or give it another name."""
    return await act(
        db, key, blocks.keep_group, group, change.name, about=f"patron_group:{group}", by=librarian, now=now,
        answer=GroupRead, status=200,
    )  # fmt: skip
