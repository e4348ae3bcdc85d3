"""One's own account: who one is, the password, where one is signed in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.bodies import LARGEST
from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts import flows
from configuration.kit.features.accounts.context import Context, ContextDep
from configuration.kit.features.accounts.requests import PasswordChange
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.security.access import signed_in
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, FieldsDep, PagesDep, faults_of
from configuration.kit.web.forms import read, said
from configuration.kit.web.pages import Pages

MOST_SESSIONS = 50
Owner = Annotated[Actor, Depends(signed_in("the account's own person", at_home=True))]
router = APIRouter()


def _own(tx: Transaction, context: Context, actor: Actor) -> dict[str, Any]:
    assert actor.account_id is not None
    sessions = staffing.list_sign_ins(tx, by=actor, before=0, limit=MOST_SESSIONS, now=context.now)
    return {"account": staffing.account(tx, actor.account_id), "sessions": sessions}


async def _page(
    request: Request, pages: Pages, context: Context, actor: Actor, errors: list[FieldError], status: int = 200
) -> Response:
    found = await context.database.read(_own, context, actor)
    return pages.render(request, "account/me.html", status, errors=errors, **found)


@router.get("/me", name="pages:me")
async def me(request: Request, actor: Owner, pages: PagesDep, context: ContextDep) -> Response:
    """One's own account."""
    return await _page(request, pages, context, actor, [])


@router.post("/me/password", name="pages:me:password")
async def change_password(
    request: Request, actor: Owner, pages: PagesDep, context: ContextDep, fields: FieldsDep
) -> Response:
    """Change the password; other sessions end."""
    _ = pages.gettext(request)
    body, errors = read(PasswordChange, said(fields, "old_password", "new_password"))
    if body is not None:
        old, new = body.old_password.get_secret_value(), body.new_password.get_secret_value()
        try:
            await flows.change_password(context, actor, old, new)
        except Refusal as refusal:
            errors = faults_of(refusal)
        else:
            return pages.redirect("/me", _("The password was changed; all other sessions were ended."))
    return await _page(request, pages, context, actor, errors, 422)


@router.post("/me/sessions/{session_id}/end", name="pages:me:end")
async def end_session(
    request: Request,
    session_id: Annotated[int, Path(ge=1, le=LARGEST)],
    actor: Owner,
    pages: PagesDep,
    context: ContextDep,
) -> Response:
    """End one of one's sign-ins."""
    _ = pages.gettext(request)
    await context.database.write(staffing.end_sign_in, session_id, by=actor, now=context.now)
    return pages.redirect("/me", _("That session is ended."))


@router.post("/me/sessions/end-others", name="pages:me:end-others")
async def end_others(request: Request, actor: Owner, pages: PagesDep, context: ContextDep) -> Response:
    """End all of one's sign-ins but this one."""
    _ = pages.gettext(request)
    await context.database.write(staffing.end_other_sign_ins, by=actor, now=context.now)
    return pages.redirect("/me", _("All other sessions are ended."))
