"""The accounts of a service, for those who manage them: invite, print codes, lock and enable."""

from collections.abc import Awaitable
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.bodies import LARGEST
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts import flows
from configuration.kit.features.accounts.context import Context, ContextDep
from configuration.kit.features.accounts.controllers.shared import CurrentActor
from configuration.kit.features.accounts.domain import Act
from configuration.kit.features.accounts.model import CodeIssued
from configuration.kit.features.accounts.requests import Invitation
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.web.dependencies import FieldError, Fields, FieldsDep, PagesDep, faults_of
from configuration.kit.web.forms import read, said, whole
from configuration.kit.web.pages import ROLE_NAMES, Pages
from configuration.kit.web.urls import next_link

PAGE = 50
Id = Annotated[int, Path(ge=1, le=LARGEST)]
router = APIRouter()


async def _page(
    request: Request,
    pages: Pages,
    context: Context,
    *,
    fields: Fields | None = None,
    errors: list[FieldError] | None = None,
    cursor: str | None = None,
) -> Response:
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await context.database.read(staffing.list_accounts, state=None, after=after, limit=PAGE + 1)
    accounts, following = cut(found, PAGE, lambda account: (account.id,))
    _ = pages.gettext(request)
    actor = request.state.actor
    roles = [
        (role, _(ROLE_NAMES.get(role, role)))
        for role, granters in context.config.grantable.items()
        if actor.has(*granters) and role != "auditor"
    ]
    return pages.render(
        request,
        "account/accounts.html",
        422 if errors else 200,
        accounts=accounts,
        next_url=next_link(request, following),
        values=fields or Fields(),
        errors=errors or [],
        roles=roles,
    )


@router.get("/people", name="pages:accounts")
async def accounts(request: Request, pages: PagesDep, context: ContextDep, cursor: CursorDep) -> Response:
    """All accounts of this service, and the form that invites somebody."""
    return await _page(request, pages, context, cursor=cursor)


async def _code(
    request: Request, pages: Pages, context: Context, work: Awaitable[CodeIssued], purpose: str
) -> Response:
    """Show a code once, to be printed; it stands nowhere else."""
    try:
        issued = await work
    except Refusal as refusal:
        return await _page(request, pages, context, errors=faults_of(refusal))
    return pages.render(request, "account/code-issued.html", 201, issued=issued, purpose=purpose)


@router.post("/people", name="pages:accounts:invite")
async def invite(
    request: Request, pages: PagesDep, context: ContextDep, actor: CurrentActor, fields: FieldsDep
) -> Response:
    """Invite somebody: the account waits for the code that is shown now."""
    _ = pages.gettext(request)
    values: dict[str, object] = dict(said(fields, "user_name", "given_name", "family_name", "email"))
    values["roles"] = [fields["role"]]
    if fields["person_no"]:
        values["person_no"] = whole(fields["person_no"]) or 0
    body, errors = read(Invitation, values)
    if body is None:
        return await _page(request, pages, context, fields=fields, errors=errors)
    try:
        issued = await flows.invite(context, body.registration(), by=actor, by_mail=False)
    except Refusal as refusal:
        return await _page(request, pages, context, fields=fields, errors=faults_of(refusal))
    return pages.render(request, "account/code-issued.html", 201, issued=issued, purpose="activate")


@router.post("/people/{account_id}/activation-code", name="pages:accounts:again")
async def invite_again(
    request: Request, account_id: Id, pages: PagesDep, context: ContextDep, actor: CurrentActor
) -> Response:
    """A new activation code; the earlier one is void."""
    work = flows.invite_again(context, account_id, by=actor, by_mail=False)
    return await _code(request, pages, context, work, "activate")


@router.post("/people/{account_id}/reset-code", name="pages:accounts:reset")
async def print_reset(
    request: Request, account_id: Id, pages: PagesDep, context: ContextDep, actor: CurrentActor
) -> Response:
    """A reset code, after seeing an ID."""
    return await _code(request, pages, context, flows.print_reset(context, account_id, actor), "reset")


@router.post("/people/{account_id}/{act}", name="pages:accounts:state")
async def change_state(
    request: Request,
    *,
    account_id: Id,
    act: Literal["disable", "lock", "enable"],
    pages: PagesDep,
    context: ContextDep,
    actor: CurrentActor,
    fields: FieldsDep,
) -> Response:
    """Lock, disable or enable somebody else's account."""
    _ = pages.gettext(request)
    chosen: Act = act
    reason = fields["reason"][:300] or "at the desk"
    try:
        changed = await context.database.write(
            staffing.change_state, context.config, account_id, chosen, reason=reason, by=actor, now=context.now
        )
    except Refusal as refusal:
        return await _page(request, pages, context, errors=faults_of(refusal))
    said_so = {"disabled": _("disabled"), "locked": _("locked"), "active": _("active"), "invited": _("invited")}
    outcome = said_so.get(changed.state, changed.state)
    return pages.redirect(
        "/people", _("User name {name} is {state} now.").format(name=changed.user_name, state=outcome)
    )
