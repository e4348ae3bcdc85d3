"""What the handlers of accounts share."""

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.accounts.answers import (
    AccountRead,
    ApplicationDetail,
    ApplicationRead,
    ApplicationStatus,
    GrantRead,
    SessionRead,
)
from configuration.kit.features.accounts.model import Account, Application, Grant, Roles, SignIn
from configuration.kit.problems import MEDIA_TYPE
from configuration.kit.security.actor import Actor


async def _actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


async def _actor_or_nobody(request: Request) -> Actor | None:
    actor: Actor | None = request.state.actor
    return actor


CurrentActor = Annotated[Actor, Depends(_actor)]
"""The person whom the route's access rule admitted."""
Visitor = Annotated[Actor | None, Depends(_actor_or_nobody)]


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problems a public operation may answer besides those that every operation may."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "Refused", "content": content} for status in statuses}


def never_stored(response: Response) -> None:
    """Answers that hold tokens or codes are kept by no cache."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"


def _fields(source: object, model: type[Any]) -> dict[str, Any]:
    return {name: getattr(source, name) for name in model.model_fields if hasattr(source, name)}


def read_account(config: Roles, account: Account) -> AccountRead:
    """An account as staff see it."""
    return AccountRead(person=f"{config.service}:{account.person_no}", **_fields(account, AccountRead))


def read_grant(grant: Grant) -> GrantRead:
    """A grant as it is answered."""
    return GrantRead(**_fields(grant, GrantRead))


def read_session(session: SignIn) -> SessionRead:
    """A sign-in as its owner sees it."""
    return SessionRead(**_fields(session, SessionRead))


def read_application(application: Application) -> ApplicationRead:
    """An application as staff see it in a list."""
    return ApplicationRead(**_fields(application, ApplicationRead))


def read_detail(application: Application, on_record: str | None) -> ApplicationDetail:
    """An application as staff see it before they decide."""
    return ApplicationDetail(on_record=on_record, **_fields(application, ApplicationRead))


def read_status(application: Application) -> ApplicationStatus:
    """An application as its applicant sees it."""
    return ApplicationStatus(**_fields(application, ApplicationStatus))
