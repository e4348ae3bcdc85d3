"""The routes of accounts, each under its access rule."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI

from configuration.kit.features.accounts.controllers import machines, own, sign_in, staff
from configuration.kit.features.accounts.controllers.shared import refusals
from configuration.kit.features.accounts.model import Roles
from configuration.kit.security.access import Access, public, roles, service_token, signed_in

CREDENTIALS = "proves who is asking by what it carries; counted and slowed"


def router(config: Roles) -> APIRouter:
    """All JSON routes of a service's accounts but the two of the book's sign-up, which are the service's own.

    The router carries `config` into `app.state.accounts` when the application starts; the pages find it there.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.accounts = config
        yield

    made = APIRouter(tags=["account"], lifespan=lifespan)
    mine = signed_in("the account's own person", at_home=True)
    managers = _staff(config.managers)
    viewers = _staff(config.managers | {"auditor"})
    granters = frozenset().union(config.managers, *config.grantable.values())
    _sign_in_routes(made, mine)
    _own_routes(made, mine)
    _staff_routes(made, managers, viewers, _staff(granters))
    if config.applicant_role is not None:
        _application_routes(made, managers, viewers)
    _machine_routes(made)
    return made


def _staff(names: frozenset[str]) -> Access:
    return roles(*sorted(names), at_home=True, everywhere=True)


def _add(
    to: APIRouter, method: str, path: str, handler: Callable[..., Any], rule: Access, status: int = 200, **options: Any
) -> None:
    to.add_api_route(
        path,
        handler,
        methods=[method],
        dependencies=[Depends(rule)],
        status_code=status,
        name=f"account:{handler.__name__}",
        **options,
    )


def _sign_in_routes(made: APIRouter, mine: Access) -> None:
    credentials = public(CREDENTIALS)
    _add(made, "POST", "/login/account", sign_in.sign_in, credentials, responses=refusals(401, 403))
    _add(made, "POST", "/login/refresh", sign_in.refresh, credentials, responses=refusals(401))
    _add(made, "POST", "/logout", sign_in.sign_out, mine, 204)
    _add(made, "POST", "/login/password/change", sign_in.change_password, mine)
    told = public("answers the same for everybody; the code goes to the owner alone")
    _add(made, "POST", "/login/password/forgot", sign_in.forgot_password, told, 202)
    _add(made, "POST", "/login/password/reset", sign_in.reset_password, credentials)
    _add(made, "POST", "/account/activate", sign_in.activate, credentials)


def _own_routes(made: APIRouter, mine: Access) -> None:
    _add(made, "GET", "/account/me", own.me, mine)
    _add(made, "GET", "/account/sessions", own.list_sessions, mine)
    _add(made, "POST", "/account/sessions/end-others", own.end_other_sessions, mine)
    _add(made, "POST", "/account/sessions/{session_id}/end", own.end_session, mine, 204)
    _add(made, "POST", "/account/links/statement", own.offer_link, mine)
    _add(made, "POST", "/account/links", own.accept_link, mine, 201)


def _staff_routes(made: APIRouter, managers: Access, viewers: Access, granters: Access) -> None:
    _add(made, "GET", "/accounts", staff.list_accounts, viewers)
    _add(made, "POST", "/account/invitations", staff.invite, managers, 201)
    _add(made, "GET", "/accounts/{account_id}", staff.read_one, viewers)
    _add(made, "POST", "/account/{account_id}/invite", staff.invite_again, managers, 201)
    _add(made, "POST", "/account/{account_id}/reset-code", staff.print_reset_code, managers, 201)
    _add(made, "POST", "/account/{account_id}/disable", staff.disable, managers)
    _add(made, "POST", "/account/{account_id}/lock", staff.lock, managers)
    _add(made, "POST", "/account/{account_id}/enable", staff.enable, managers)
    _add(made, "GET", "/account/{account_id}/grants", staff.list_grants, viewers)
    _add(made, "POST", "/account/{account_id}/grants", staff.grant, granters, 201)
    _add(made, "POST", "/account/{account_id}/grants/{grant_id}/end", staff.end_grant, granters)


def _application_routes(made: APIRouter, managers: Access, viewers: Access) -> None:
    _add(made, "GET", "/account/applications", staff.list_applications, viewers)
    _add(made, "POST", "/account/applications/decisions", staff.decide_several, managers)
    _add(made, "GET", "/account/applications/{application_id}", staff.read_one_application, viewers)
    _add(made, "POST", "/account/applications/{application_id}/decide", staff.decide, managers)
    receipt = public("needs the receipt, which only the applicant has")
    _add(made, "POST", "/account/signup/status", machines.application_status, receipt)
    _add(made, "POST", "/account/signup/withdraw", machines.withdraw_application, receipt)


def _machine_routes(made: APIRouter) -> None:
    _add(made, "GET", "/.well-known/jwks.json", machines.jwks, public("public keys are public"))
    _add(made, "POST", "/session/swap", machines.swap, service_token("facts"))
