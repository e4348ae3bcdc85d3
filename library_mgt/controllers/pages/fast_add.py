"""Adding an unknown book at the desk, so that it can be lent in the same step."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.forms import given, read
from library_mgt.clients.standing import Standing
from library_mgt.controllers.acts import keeping, with_standing
from library_mgt.controllers.pages import spelling
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.controllers.pages.words import lent
from library_mgt.dependencies import DatabaseDep, LibrarianDep
from library_mgt.models.request.title import CopyCreate, TitleCreate
from library_mgt.models.response.circulation import DeskLoanRead
from library_mgt.models.response.title import TitleRead
from library_mgt.services import desk, fast_add

LONGEST_SCAN = 100
router = APIRouter(include_in_schema=False)


def _offered(tx: Transaction) -> Said:
    return {
        "locations": desk.choices(tx, "location"),
        "item_types": desk.choices(tx, "item_type"),
        "classes": desk.class_choices(tx),
    }


@router.get("/desk/fast-add", name="pages:fast_add")
async def form(
    request: Request,
    db: DatabaseDep,
    pages: PagesDep,
    _actor: LibrarianDep,
    *,
    barcode: Annotated[str, Query(max_length=LONGEST_SCAN)] = "",
    patron: Annotated[str, Query(max_length=LONGEST_SCAN)] = "",
) -> Response:
    """The short form: what one can read off the book."""
    values = Fields(barcode=barcode[:40], patron=patron, location="main", item_type="book")
    return pages.render(request, "fast-add.html", values=values, errors=[], **await db.read(_offered))


@router.post("/desk/fast-add", name="pages:fast_add:do")
async def add(actor: LibrarianDep, doing: DoingDep) -> Response:
    """Catalogue the book, and lend it unless only adding was asked for."""
    values, errors = spelling.title_values(doing.fields, doing.say)
    title, faults = read(TitleCreate, values)
    copy, copy_faults = read(CopyCreate, given(doing.fields, "barcode", "location", "item_type", "call_number"))
    errors += spelling.placed([*faults, *copy_faults])
    status = 422
    if title is not None and copy is not None and not errors:
        try:
            return await _added(doing, actor, title, copy)
        except Refusal as refusal:
            errors, status = _placed(refusal), refusal.status
    offered = await doing.db.read(_offered)
    return doing.pages.render(doing.request, "fast-add.html", status, values=doing.fields, errors=errors, **offered)


async def _added(doing: Doing, actor: Actor, title: TitleCreate, copy: CopyCreate) -> Response:
    patron = doing.fields["patron"][:LONGEST_SCAN]
    shared: dict[str, Any] = {"about": "title:new", "by": actor, "zone": doing.zone}
    if not patron or doing.fields["only"]:
        await doing.act(desk.add_title_with_copy, title, copy, answer=TitleRead, **shared)
        return doing.back(_desk(patron), f"{doing.say('Added')}: {title.title}")

    async def attempt(told: Sequence[Standing] = ()) -> Said:
        use_case = keeping(told, fast_add.add_and_lend)
        return await doing.act(use_case, title, copy, patron, answer=DeskLoanRead, **shared)

    loan = await with_standing(doing.homes, patron, attempt)
    said = lent(doing, loan)
    return doing.back(_desk(patron), said.text, said.kind, said.about)


def _desk(patron: str) -> str:
    return f"/desk?{urlencode({'patron': patron})}" if patron else "/desk"


def _placed(refusal: Refusal) -> list[FieldError]:
    """The faults at the form's fields; the reader is in none of them, and is changed at the desk."""
    return [
        FieldError(error.text, "" if error.field == "patron" else error.field, error.code, error.override)
        for error in spelling.placed(faults_of(refusal))
    ]
