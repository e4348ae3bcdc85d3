"""A person's record as the office keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts.controllers.shared import CurrentActor
from configuration.kit.features.people import belonging, profiles
from configuration.kit.features.people.access import Number, OfficeDep, SpellId
from configuration.kit.features.people.office import Office
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, faults_of
from configuration.kit.web.doing import Doing, DoingDep
from configuration.kit.web.forms import read, said, whole
from configuration.kit.web.people import spelling

router = APIRouter()


def _record(tx: Transaction, office: Office, number: int, actor: Actor, doing: Doing) -> dict[str, Any]:
    return {
        "record": profiles.profile_of(tx, office, number, by=actor, now=doing.now),
        "names": profiles.names_of(tx, office, number, by=actor, now=doing.now),
        **spelling.offered(tx),
    }


async def show(
    doing: Doing,
    office: Office,
    number: int,
    actor: Actor,
    *,
    errors: list[FieldError] | None = None,
    status: int = 200,
) -> Response:
    """The record's page; with errors, what was typed stays in the form it was typed into."""
    found = await doing.db.read(_record, office, number, actor, doing)
    return doing.pages.render(
        doing.request,
        "people/record.html",
        status,
        values=doing.fields if errors else Fields(),
        errors=errors or [],
        own=actor.is_person(found["record"].person),
        beginning=spelling.words_of(office.models.beginning, "kind", "load"),
        ending=spelling.words_of(office.models.ending, "status"),
        extra="programme" in office.models.beginning.model_fields,
        **found,
    )


async def _form(
    doing: Doing, record: Any, fields: Fields, errors: list[FieldError] | None = None, status: int = 200
) -> Response:
    offered = await doing.db.read(spelling.offered)
    return doing.pages.render(
        doing.request, "people/record-form.html", status, record=record, values=fields, errors=errors or [], **offered
    )


@router.get("/records/new", name="pages:record:new")
async def new_record(_actor: CurrentActor, doing: DoingDep) -> Response:
    """The form that puts somebody on record."""
    return await _form(doing, None, Fields())


@router.post("/records/new", name="pages:record:add")
async def add_record(actor: CurrentActor, office: OfficeDep, doing: DoingDep) -> Response:
    """Put somebody on record, or state the profile of somebody who is."""
    number = whole(doing.fields["number"]) or 0
    body, errors = read(office.models.addition, {**spelling.stated_values(doing.fields), "number": number})
    status = 422
    if body is not None:
        try:
            await doing.act(
                profiles.add_profile, office, body, about=f"profile:{number}", by=actor, answer=office.models.profile
            )
            return doing.back(f"/records/{number}", doing.say("The profile is on record."))
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    return await _form(doing, None, doing.fields, spelling.placed(errors), status)


@router.get("/records/{number}", name="pages:record")
async def record(number: Number, actor: CurrentActor, office: OfficeDep, doing: DoingDep) -> Response:
    """All that is on record of somebody."""
    return await show(doing, office, number, actor)


@router.get("/records/{number}/edit", name="pages:record:edit")
async def edit_form(number: Number, actor: CurrentActor, office: OfficeDep, doing: DoingDep) -> Response:
    """The form with what the record says now."""
    found = await doing.db.read(profiles.profile_of, office, number, by=actor, now=doing.now)
    return await _form(doing, found, spelling.fields_of(found))


@router.post("/records/{number}/edit", name="pages:record:change")
async def edit(number: Number, actor: CurrentActor, office: OfficeDep, doing: DoingDep) -> Response:
    """Save the record, unless somebody else changed it meanwhile."""
    values = {**spelling.own_values(doing.fields), **spelling.kept_values(doing.fields)}
    body, errors = read(office.models.change, values)
    status = 422
    if body is not None:
        version, about = spelling.version_of(doing.fields), f"profile:{number}"
        try:
            await doing.act(
                profiles.edit_profile, office, number, body, version=version, about=about, by=actor, answer=None
            )
            return doing.back(f"/records/{number}", doing.say("The record is saved."))
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    found = await doing.db.read(profiles.profile_of, office, number, by=actor, now=doing.now)
    return await _form(doing, found, doing.fields, spelling.placed(errors), status)


async def act_on(
    doing: Doing,
    office: Office,
    number: int,
    actor: Actor,
    use_case: Callable[..., Any],
    *args: Any,
    done: str,
    faults: list[FieldError],
    fields: Mapping[str, str] | None = None,
) -> Response:
    """An act on a record: back to its page, or its page again with what stands in the way.

    `fields` says in which form field a fault can be mended where it has another name than the body's.
    """
    status = 422
    if not faults:
        try:
            await doing.act(use_case, *args, about=f"profile:{number}", by=actor, answer=None)
            return doing.back(f"/records/{number}", done)
        except Refusal as refusal:
            faults, status = faults_of(refusal), refusal.status
    errors = [replace(fault, field=(fields or {}).get(fault.field, fault.field)) for fault in faults]
    return await show(doing, office, number, actor, errors=errors, status=status)


@router.post("/records/{number}/begin", name="pages:record:begin")
async def begin(number: Number, actor: CurrentActor, office: OfficeDep, doing: DoingDep) -> Response:
    """Begin a study, or an appointment."""
    names = ("kind", "load", "programme", "major", "department", "valid_from", "valid_until")
    body, faults = read(office.models.beginning, said(doing.fields, *names))
    return await act_on(
        doing,
        office,
        number,
        actor,
        belonging.begin_spell,
        office,
        number,
        body,
        done=doing.say("It is on record."),
        faults=faults,
    )


@router.post("/records/{number}/spells/{spell_id}/end", name="pages:record:end")
async def end(number: Number, spell_id: SpellId, actor: CurrentActor, office: OfficeDep, doing: DoingDep) -> Response:
    """Say when it ends, and why."""
    body, faults = read(office.models.ending, said(doing.fields, "valid_until", "status", "reason"))
    return await act_on(
        doing,
        office,
        number,
        actor,
        belonging.end_spell,
        office,
        number,
        spell_id,
        body,
        done=doing.say("Its end is on record."),
        faults=faults,
        fields={"valid_until": f"last-day-{spell_id}", "reason": f"reason-{spell_id}"},
    )
