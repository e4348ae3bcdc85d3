"""What staff do with other people's accounts, and with applications."""

from typing import Annotated, Literal

from fastapi import Path, Query, Response
from starlette.requests import Request

from configuration.kit.bodies import LARGEST, Body
from configuration.kit.features.accounts import flows
from configuration.kit.features.accounts.answers import (
    AccountRead,
    ApplicationDetail,
    ApplicationRead,
    CodeRead,
    GrantRead,
    Verdicts,
)
from configuration.kit.features.accounts.context import Context, ContextDep
from configuration.kit.features.accounts.controllers.shared import (
    CurrentActor,
    never_stored,
    read_account,
    read_application,
    read_detail,
    read_grant,
)
from configuration.kit.features.accounts.domain import Act, State
from configuration.kit.features.accounts.model import CodeIssued
from configuration.kit.features.accounts.requests import DecisionBody, DecisionsBody, GrantBody, Invitation, Why
from configuration.kit.features.accounts.use_cases import applying, granting, staffing
from configuration.kit.pagination import CursorDep, LimitDep, Page, cut, decode_cursor, set_next_link
from configuration.kit.security.actor import Actor

AccountId = Annotated[int, Path(ge=1, le=LARGEST)]
GrantId = Annotated[int, Path(ge=1, le=LARGEST)]
ApplicationId = Annotated[int, Path(ge=1, le=LARGEST)]
StateFilter = Annotated[State | None, Query(description="Only accounts in this state.")]
ApplicationState = Literal["submitted", "approved", "rejected", "withdrawn"]


class ByMail(Body):
    """How a new code gets to its owner."""

    by_mail: bool = False


async def list_accounts(
    request: Request,
    response: Response,
    context: ContextDep,
    cursor: CursorDep,
    limit: LimitDep,
    state: StateFilter = None,
) -> Page[AccountRead]:
    """The accounts of this service, in the order they were made."""
    after = decode_cursor(cursor, int)[0] if cursor else 0
    found = await context.database.read(staffing.list_accounts, state=state, after=after, limit=limit + 1)
    page, following = cut(found, limit, lambda account: (account.id,))
    set_next_link(request, response, following)
    return Page(items=[read_account(context.config, account) for account in page], next=following)


async def read_one(account_id: AccountId, context: ContextDep) -> AccountRead:
    """One account."""
    return read_account(context.config, await context.database.read(staffing.account, account_id))


async def invite(body: Invitation, context: ContextDep, by: CurrentActor, response: Response) -> CodeRead:
    """Make an account that its owner activates with a one-time code, mailed or answered here to be printed."""
    never_stored(response)
    issued = await flows.invite(context, body.registration(), by=by, by_mail=body.by_mail)
    return _code(context, issued)


async def invite_again(
    account_id: AccountId, body: ByMail, context: ContextDep, by: CurrentActor, response: Response
) -> CodeRead:
    """A new activation code; the earlier one is void."""
    never_stored(response)
    return _code(context, await flows.invite_again(context, account_id, by=by, by_mail=body.by_mail))


async def print_reset_code(
    account_id: AccountId, context: ContextDep, by: CurrentActor, response: Response
) -> CodeRead:
    """A reset code to hand over at a desk, after seeing an ID. The owner is told by mail."""
    never_stored(response)
    return _code(context, await flows.print_reset(context, account_id, by))


async def disable(account_id: AccountId, body: Why, context: ContextDep, by: CurrentActor) -> AccountRead:
    """Disable an account: nobody signs in with it, and whoever is signed in is signed out."""
    return await _change(account_id, "disable", body.reason, context, by)


async def lock(account_id: AccountId, body: Why, context: ContextDep, by: CurrentActor) -> AccountRead:
    """Lock an account for the time being, for instance after a theft."""
    return await _change(account_id, "lock", body.reason, context, by)


async def enable(account_id: AccountId, body: Why, context: ContextDep, by: CurrentActor) -> AccountRead:
    """Make a locked or disabled account usable again."""
    return await _change(account_id, "enable", body.reason, context, by)


async def list_grants(account_id: AccountId, context: ContextDep) -> Page[GrantRead]:
    """The roles granted to an account that have not ended, those that begin later too; all on one page."""
    found = await context.database.read(granting.grants_of, account_id, now=context.now)
    return Page(items=[read_grant(grant) for grant in found])


async def grant(account_id: AccountId, body: GrantBody, context: ContextDep, by: CurrentActor) -> GrantRead:
    """Grant a role to somebody else."""
    made = await context.database.write(
        granting.grant_role,
        context.config,
        account_id,
        body.role,
        reason=body.reason,
        by=by,
        now=context.now,
        scope=body.scope,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
    )
    return read_grant(made)


async def end_grant(
    account_id: AccountId, grant_id: GrantId, body: Why, context: ContextDep, by: CurrentActor
) -> GrantRead:
    """End a grant before its time."""
    ended = await context.database.write(
        granting.end_grant, context.config, account_id, grant_id, reason=body.reason, by=by, now=context.now
    )
    return read_grant(ended)


async def list_applications(
    request: Request,
    response: Response,
    context: ContextDep,
    cursor: CursorDep,
    limit: LimitDep,
    state: Annotated[ApplicationState | None, Query(description="Only applications in this state.")] = None,
) -> Page[ApplicationRead]:
    """Applications for an account, the oldest first."""
    after = decode_cursor(cursor, int)[0] if cursor else 0
    found = await context.database.read(staffing.list_applications, state=state, after=after, limit=limit + 1)
    page, following = cut(found, limit, lambda application: (application.id,))
    set_next_link(request, response, following)
    return Page(items=[read_application(application) for application in page], next=following)


async def read_one_application(application_id: ApplicationId, context: ContextDep) -> ApplicationDetail:
    """One application, and whether its number is that of a person on record."""
    found, on_record = await context.database.read(applying.look_at, context.config, application_id)
    return read_detail(found, on_record)


async def decide(
    application_id: ApplicationId, body: DecisionBody, context: ContextDep, by: CurrentActor
) -> ApplicationRead:
    """Approve or reject an application; approval makes the person and the account."""
    decided = await flows.decide(context, application_id, body.decision, by=by, reason=body.reason, attach=body.attach)
    return read_application(decided)


async def decide_several(body: DecisionsBody, context: ContextDep, by: CurrentActor) -> Verdicts:
    """The same decision about a selection, with a verdict for each."""
    items = await flows.decide_several(context, body.ids, body.decision, by=by, reason=body.reason, attach=body.attach)
    return Verdicts(items=items)


async def _change(account_id: int, act: Act, reason: str, context: Context, by: Actor) -> AccountRead:
    changed = await context.database.write(
        staffing.change_state, context.config, account_id, act, reason=reason, by=by, now=context.now
    )
    return read_account(context.config, changed)


def _code(context: Context, issued: CodeIssued) -> CodeRead:
    return CodeRead(
        account=read_account(context.config, issued.account), code=issued.code or None, expires_at=issued.expires_at
    )
