"""Applications for an account, to be decided by those who manage accounts; the router that includes these says who."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.bodies import LARGEST
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts import flows
from configuration.kit.features.accounts.context import Context, ContextDep
from configuration.kit.features.accounts.controllers.shared import CurrentActor
from configuration.kit.features.accounts.errors import AlreadyDecided, PersonExists
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.web.dependencies import FieldError, FieldsDep, PagesDep
from configuration.kit.web.pages import Pages
from configuration.kit.web.urls import next_link

PAGE = 50
Id = Annotated[int, Path(ge=1, le=LARGEST)]
router = APIRouter()


async def _page(
    request: Request,
    pages: Pages,
    context: Context,
    *,
    after: int = 0,
    refusal: Refusal | None = None,
    on_record: int = 0,
) -> Response:
    found = await context.database.read(staffing.list_applications, state="submitted", after=after, limit=PAGE + 1)
    waiting, following = cut(found, PAGE, lambda application: (application.id,))
    return pages.render(
        request,
        "account/applications.html",
        refusal.status if refusal else 200,
        applications=waiting,
        next_url=next_link(request, following),
        errors=[FieldError(refusal.detail)] if refusal else [],
        on_record=on_record,
    )


@router.get("/applications", name="pages:applications")
async def applications(request: Request, pages: PagesDep, context: ContextDep, cursor: CursorDep) -> Response:
    """Who waits for a decision, oldest first."""
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    return await _page(request, pages, context, after=after)


@router.post("/applications/{application_id}/approve", name="pages:applications:approve")
async def approve(
    request: Request, application_id: Id, pages: PagesDep, context: ContextDep, actor: CurrentActor, fields: FieldsDep
) -> Response:
    """Approve: the person and the account come to be, once."""
    _ = pages.gettext(request)
    attach = fields["attach"] == "yes"
    try:
        decided = await flows.decide(context, application_id, "approve", by=actor, attach=attach)
    except AlreadyDecided as refusal:
        return pages.redirect("/applications", refusal.detail, "info")
    except PersonExists as refusal:
        return await _page(request, pages, context, refusal=refusal, on_record=application_id)
    except Refusal as refusal:
        return await _page(request, pages, context, refusal=refusal)
    return pages.redirect("/applications", _("Approved: user name %s can sign in now.") % decided.user_name)


@router.post("/applications/{application_id}/reject", name="pages:applications:reject")
async def reject(
    request: Request, application_id: Id, pages: PagesDep, context: ContextDep, actor: CurrentActor, fields: FieldsDep
) -> Response:
    """Reject, with a reason the applicant reads."""
    _ = pages.gettext(request)
    try:
        decided = await flows.decide(context, application_id, "reject", by=actor, reason=fields["reason"][:300])
    except Refusal as refusal:
        return await _page(request, pages, context, refusal=refusal)
    return pages.redirect("/applications", _("Rejected: user name %s.") % decided.user_name, "info")
