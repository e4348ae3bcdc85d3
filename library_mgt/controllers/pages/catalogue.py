"""Cataloguing: titles and copies, added, changed and deleted through forms."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.forms import given, read, version_of
from library_mgt.controllers.pages import spelling
from library_mgt.controllers.pages.doing import DoingDep, Said
from library_mgt.controllers.pages.words import READER
from library_mgt.dependencies import DatabaseDep, Id, LibrarianDep
from library_mgt.domain.states import COPY_STATUSES
from library_mgt.errors import refuse
from library_mgt.models.request.title import CopyChange, CopyCreate, TitleChange, TitleCreate
from library_mgt.models.response.title import DeskCopyRead, TitleRead
from library_mgt.services import catalogue, copies, desk

router = APIRouter(include_in_schema=False)
Barcode = Annotated[str, Path(max_length=40)]


def _offered(tx: Transaction) -> Said:
    """What the forms let choose from."""
    return {
        "locations": desk.choices(tx, "location"),
        "item_types": desk.choices(tx, "item_type"),
        "materials": desk.choices(tx, "material_type"),
        "classes": desk.class_choices(tx),
        "statuses": [(status, status.replace("_", " ").capitalize()) for status in COPY_STATUSES],
    }


@router.get("/catalogue/new", name="pages:title:new")
async def new_title(request: Request, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep) -> Response:
    """The form for a new title."""
    offered = await db.read(_offered)
    values = Fields(material_type="book", location="main")
    return pages.render(request, "title-form.html", title=None, values=values, errors=[], twins=[], **offered)


@router.post("/catalogue/new", name="pages:title:add")
async def add_title(actor: LibrarianDep, doing: DoingDep) -> Response:
    """Add the title with its first copy, in one act."""
    fields = doing.fields
    values, errors = spelling.title_values(fields, doing.say)
    title, faults = read(TitleCreate, values)
    copy, copy_faults = read(CopyCreate, given(fields, "barcode", "location", "call_number"))
    errors += spelling.placed([*faults, *copy_faults])
    status, twins = 422, []
    if title is not None and copy is not None and not doing.fields["twin"]:
        twins = await doing.db.read(catalogue.with_isbns, title.isbns)
    if title is not None and copy is not None and twins:
        against = await doing.db.read(desk.against_adding, title, copy)
        errors += spelling.placed(faults_of(refuse(against))) if against else []
        status = 409
    elif title is not None and copy is not None and not errors:
        try:
            made = await doing.act(
                desk.add_title_with_copy, title, copy, about="title:new", by=actor, zone=doing.zone, answer=TitleRead
            )
            said = f"{doing.say('Added')}: {title.title}"
            return doing.back(f"/find/{made['id']}", said)
        except Refusal as refusal:
            errors, status = spelling.placed(faults_of(refusal)), refusal.status
    offered = await doing.db.read(_offered)
    return doing.pages.render(
        doing.request, "title-form.html", status, title=None, values=fields, errors=errors, twins=twins, **offered
    )


@router.get("/catalogue/{title_id}/edit", name="pages:title:edit")
async def edit_form(request: Request, title_id: Id, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep) -> Response:
    """The form with what the title says now."""
    record = await db.read(catalogue.title_record, title_id)
    offered = await db.read(_offered)
    values = spelling.fields_of(record)
    return pages.render(request, "title-form.html", title=record.title, values=values, errors=[], twins=[], **offered)


@router.post("/catalogue/{title_id}/edit", name="pages:title:change")
async def edit_title(title_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Save the title, unless somebody else changed it meanwhile."""
    values, errors = spelling.title_values(doing.fields, doing.say, emptied=True)
    change, faults = read(TitleChange, values)
    errors += spelling.placed(faults)
    status = 422
    if change is not None and not errors:
        version = version_of(doing.fields)
        try:
            await doing.act(
                catalogue.edit_title,
                title_id,
                change,
                version=version,
                about=f"title:{title_id}",
                by=actor,
                answer=TitleRead,
            )
            return doing.back(f"/find/{title_id}", doing.say("The changes are saved."))
        except Refusal as refusal:
            errors, status = spelling.placed(faults_of(refusal)), refusal.status
    record = await doing.db.read(catalogue.title_record, title_id)
    offered = await doing.db.read(_offered)
    return doing.pages.render(
        doing.request,
        "title-form.html",
        status,
        title=record.title,
        values=doing.fields,
        errors=errors,
        twins=[],
        **offered,
    )


@router.get("/catalogue/{title_id}/delete", name="pages:title:delete")
async def delete_form(
    request: Request, title_id: Id, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep
) -> Response:
    """Ask before deleting, by name."""
    record = await db.read(catalogue.title_record, title_id)
    return pages.render(request, "title-delete.html", record=record, errors=[])


@router.post("/catalogue/{title_id}/delete", name="pages:title:deleted")
async def delete_title(title_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Delete the title, unless loans or requests hang on it."""
    record = await doing.db.read(catalogue.title_record, title_id)
    version = version_of(doing.fields)
    try:
        await doing.act(
            catalogue.delete_title, title_id, version=version, about=f"title:{title_id}", by=actor, answer=None
        )
    except Refusal as refusal:
        errors = [FieldError(error.text) for error in faults_of(refusal)]
        return doing.pages.render(doing.request, "title-delete.html", refusal.status, record=record, errors=errors)
    return doing.back("/find", f"{doing.say('Deleted')}: {record.title.title}", "info")


@router.get("/catalogue/{title_id}/copies", name="pages:copy:new")
async def new_copy(request: Request, title_id: Id, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep) -> Response:
    """The form for a new copy."""
    record = await db.read(catalogue.title_record, title_id)
    offered = await db.read(_offered)
    values = Fields(location="main", item_type="book", status="IN_SERVICE")
    shown: Said = {"title_id": title_id, "title_text": record.title.title, "copy": None}
    return pages.render(request, "copy-form.html", values=values, errors=[], **shown, **offered)


@router.post("/catalogue/{title_id}/copies", name="pages:copy:add")
async def add_copy(title_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Put a copy on the shelf; somebody who waits gets it at once."""
    new, faults = read(CopyCreate, given(doing.fields, *spelling.COPY_FIELDS))
    errors, status = spelling.placed(faults), 422
    if new is not None:
        about = f"title:{title_id}"
        try:
            made = await doing.act(
                copies.add_copy, title_id, new, about=about, by=actor, zone=doing.zone, answer=DeskCopyRead
            )
            said, held = f"{doing.say('Copy added')}: {made['barcode']}", made["request_id"]
            if held is None:
                return doing.back(f"/find/{title_id}", said)
            waits = doing.say("Somebody waits for it: to the hold shelf, for")
            return doing.back(f"/find/{title_id}", f"{said}\n{waits} {READER}.", "warning", f"request:{held}")
        except Refusal as refusal:
            errors, status = spelling.placed(faults_of(refusal)), refusal.status
    record = await doing.db.read(catalogue.title_record, title_id)
    offered = await doing.db.read(_offered)
    shown: Said = {"title_id": title_id, "title_text": record.title.title, "copy": None}
    return doing.pages.render(
        doing.request, "copy-form.html", status, values=doing.fields, errors=errors, **shown, **offered
    )


@router.get("/catalogue/copies/{barcode}", name="pages:copy:edit")
async def edit_copy_form(
    request: Request, barcode: Barcode, db: DatabaseDep, pages: PagesDep, _actor: LibrarianDep
) -> Response:
    """The form with what the copy says now."""
    copy = await db.read(copies.copy_found, barcode)
    offered = await db.read(_offered)
    values = Fields({name: str(getattr(copy, name) or "") for name in (*spelling.COPY_FIELDS, "version")})
    shown: Said = {"title_id": copy.title_id, "title_text": copy.title, "copy": copy}
    return pages.render(request, "copy-form.html", values=values, errors=[], **shown, **offered)


@router.post("/catalogue/copies/{barcode}", name="pages:copy:change")
async def edit_copy(barcode: Barcode, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Save the copy."""
    present = await doing.db.read(copies.copy_found, barcode)
    change, faults = read(CopyChange, given(doing.fields, *spelling.COPY_FIELDS, emptied=("part", "call_number")))
    errors, status = spelling.placed(faults), 422
    if change is not None:
        version = version_of(doing.fields)
        try:
            await doing.act(
                copies.edit_copy,
                barcode,
                change,
                version=version,
                zone=doing.zone,
                about=f"copy:{present.id}",
                by=actor,
                answer=DeskCopyRead,
            )
            return doing.back(f"/find/{present.title_id}", doing.say("The copy is saved."))
        except Refusal as refusal:
            errors, status = spelling.placed(faults_of(refusal)), refusal.status
    offered = await doing.db.read(_offered)
    shown: Said = {"title_id": present.title_id, "title_text": present.title, "copy": present}
    return doing.pages.render(
        doing.request, "copy-form.html", status, values=doing.fields, errors=errors, **shown, **offered
    )
