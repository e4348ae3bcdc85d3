"""Signing in and out, refreshing, passwords and codes."""

from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from configuration.kit.features.accounts import flows
from configuration.kit.features.accounts.answers import Said, Tokens
from configuration.kit.features.accounts.context import ContextDep
from configuration.kit.features.accounts.controllers.shared import CurrentActor, never_stored
from configuration.kit.features.accounts.requests import (
    CodeBody,
    PasswordChange,
    PasswordForgotten,
    RefreshForm,
    SignInForm,
)
from configuration.kit.security import sessions

ASKED = "If the account exists and has an e-mail address, a code is on its way."


async def sign_in(form: Annotated[SignInForm, Form()], context: ContextDep, response: Response) -> Tokens:
    """Sign in with user name and password (the password form of OAuth2)."""
    never_stored(response)
    signed = await flows.sign_in(context, form.username, form.password.get_secret_value(), "api")
    token, seconds = flows.access_token(context, signed.standing)
    return Tokens(access_token=token, expires_in=seconds, refresh_token=signed.secret)


async def refresh(form: Annotated[RefreshForm, Form()], context: ContextDep, response: Response) -> Tokens:
    """Exchange a refresh token for the next one. Each is used once; within 30 seconds the answer is the same."""
    never_stored(response)
    signed = await flows.refresh(context, form.refresh_token.get_secret_value())
    token, seconds = flows.access_token(context, signed.standing)
    return Tokens(access_token=token, expires_in=seconds, refresh_token=signed.secret)


async def sign_out(context: ContextDep, by: CurrentActor) -> Response:
    """End the sign-in that this request came with: its tokens and its session are void from now on."""
    await flows.sign_out(context, by)
    response = Response(status_code=204)
    if by.via == "session":
        sessions.clear_cookie(response, path=context.cookie_path, secure=context.secure)
    return response


async def change_password(body: PasswordChange, context: ContextDep, by: CurrentActor) -> Said:
    """Change one's own password. All other sign-ins end."""
    old, new = body.old_password.get_secret_value(), body.new_password.get_secret_value()
    await flows.change_password(context, by, old, new)
    return Said(message="The password was changed; all other sessions were ended.")


async def forgot_password(body: PasswordForgotten, context: ContextDep) -> Said:
    """Have a one-time code mailed to the account's owner. The answer is the same whether there is such an account."""
    flows.ask_reset(context, body.user_name)
    return Said(message=ASKED)


async def reset_password(body: CodeBody, context: ContextDep) -> Said:
    """Set a new password with a one-time code. All sign-ins end."""
    code, password = body.code.get_secret_value(), body.password.get_secret_value()
    await flows.use_code(context, "reset", body.user_name, code, password)
    return Said(message="The password was set; sign in with it.")


async def activate(body: CodeBody, context: ContextDep) -> Said:
    """Activate an invited account: choose the password with the code from the letter or mail."""
    code, password = body.code.get_secret_value(), body.password.get_secret_value()
    await flows.use_code(context, "activation", body.user_name, code, password)
    return Said(message="The account is active; sign in with it.")
