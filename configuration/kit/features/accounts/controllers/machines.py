"""What other services ask: our public keys, and who is behind a browser's session."""

from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import NotFound
from configuration.kit.features.accounts import flows, home
from configuration.kit.features.accounts.answers import ApplicationStatus, Jwks, Swapped
from configuration.kit.features.accounts.context import ContextDep
from configuration.kit.features.accounts.controllers.shared import CurrentActor, never_stored, read_status
from configuration.kit.features.accounts.requests import SignUpReceipt, SwapBody
from configuration.kit.features.accounts.use_cases import applying


class NoSuchSession(NotFound):
    """The session never was, has ended, or its account may not be used."""

    code = "SESSION_NOT_FOUND"
    title = "There is no such session"


async def jwks(request: Request, response: Response) -> Jwks:
    """The public keys with which this service signs, and those with which it signed before."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return Jwks.model_validate(request.app.state.keyring.jwks())


async def swap(body: SwapBody, context: ContextDep, by: CurrentActor, response: Response) -> Swapped:
    """An access token, good at the asking service alone, for the person behind a browser's session."""
    never_stored(response)
    standing = await context.database.read(
        home.by_secret, context.config.service, body.secret.get_secret_value(), context.now
    )
    if standing is None:
        raise NoSuchSession()
    token, seconds = flows.access_token(context, standing, (by.issuer,))
    return Swapped(access_token=token, expires_in=seconds)


async def application_status(body: SignUpReceipt, context: ContextDep) -> ApplicationStatus:
    """How one's application stands, for whoever has its receipt."""
    found = await context.database.read(applying.status_of, body.application_id, body.receipt.get_secret_value())
    return read_status(found)


async def withdraw_application(body: SignUpReceipt, context: ContextDep) -> ApplicationStatus:
    """Take one's application back before it is decided."""
    found = await context.database.write(
        applying.withdraw, body.application_id, body.receipt.get_secret_value(), now=context.now
    )
    return read_status(found)
