"""One's own record: seen, stated once, and kept up to date in what is one's own to change."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.features.people import profiles
from configuration.kit.features.people.access import OfficeDep, Owner
from configuration.kit.features.people.office import Office
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, faults_of
from configuration.kit.web.doing import Doing, DoingDep
from configuration.kit.web.forms import read
from configuration.kit.web.people import spelling

router = APIRouter()


def _own(tx: Transaction, office: Office, doing: Doing, actor: Actor) -> dict[str, Any]:
    return {"record": profiles.own_profile(tx, office, by=actor, now=doing.now), **spelling.offered(tx)}


async def _page(
    doing: Doing,
    office: Office,
    actor: Actor,
    *,
    fields: Fields | None = None,
    errors: list[FieldError] | None = None,
    status: int = 200,
) -> Response:
    found = await doing.db.read(_own, office, doing, actor)
    values = spelling.fields_of(found["record"]) if fields is None else fields
    shown: dict[str, Any] = {"values": values, "errors": errors or [], "keeper": office.keeper}
    return doing.pages.render(doing.request, "people/my-record.html", status, **shown, **found)


@router.get("/my-record", name="pages:record:own")
async def my_record(actor: Owner, office: OfficeDep, doing: DoingDep) -> Response:
    """What is on record of oneself."""
    return await _page(doing, office, actor)


@router.post("/my-record", name="pages:record:own:change")
async def change(actor: Owner, office: OfficeDep, doing: DoingDep) -> Response:
    """Change how one is called and reached."""
    number = profiles.own_number(office, actor)
    body, errors = read(office.models.change, spelling.own_values(doing.fields))
    status = 422
    if body is not None:
        version = spelling.version_of(doing.fields)
        about = f"profile:{number}"
        try:
            await doing.act(
                profiles.edit_profile, office, number, body, version=version, about=about, by=actor, answer=None
            )
            return doing.back("/my-record", doing.say("Your record is saved."))
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    return await _page(doing, office, actor, fields=doing.fields, errors=spelling.placed(errors), status=status)


@router.post("/my-record/state", name="pages:record:own:state")
async def state(actor: Owner, office: OfficeDep, doing: DoingDep) -> Response:
    """State one's profile, once."""
    body, errors = read(office.models.addition, spelling.stated_values(doing.fields))
    status = 422
    if body is not None:
        try:
            await doing.act(profiles.add_profile, office, body, about="profile:own", by=actor, answer=None)
            return doing.back("/my-record", doing.say("Thank you, your profile is on record."))
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    return await _page(doing, office, actor, fields=doing.fields, errors=spelling.placed(errors), status=status)
