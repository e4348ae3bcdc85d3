"""Who looks at the gateway's pages, as their own service says; shown in the header, never used to decide anything."""

from typing import Annotated

from fastapi import Depends
from pydantic import ValidationError
from starlette.requests import Request

from configuration.kit.dependencies import PeersDep
from configuration.kit.envoy import Told
from configuration.kit.errors import Refusal
from configuration.kit.security import csrf
from configuration.kit.security.actor import Actor
from configuration.kit.security.sessions import COOKIE, read_cookie
from configuration.kit.urls import wants_page

ASKING_SECONDS = 2.0


class _Me(Told):
    person: str
    display_name: str
    roles: dict[str, list[str]]
    persons: list[str]


async def _recognise(request: Request, peers: PeersDep) -> Actor | None:
    """Ask the service that issued the browser's session; when it is away, the page is that of a visitor."""
    cookie = read_cookie(request)
    if cookie is None or not wants_page(request):
        return None
    path = f"{request.app.state.settings.prefix}/{cookie.issuer}/account/me"
    try:
        answer = await peers.call(
            cookie.issuer, "GET", path, headers={"Cookie": f"{COOKIE}={cookie.value}"}, timeout=ASKING_SECONDS
        )
    except Refusal:
        return None
    if answer.status_code != 200:
        return None
    try:
        me = _Me.model_validate_json(answer.content)
    except ValidationError:
        return None
    grants = {role: frozenset(scopes) for role, scopes in me.roles.items()}
    actor = Actor(me.person, cookie.issuer, me.display_name, grants, frozenset(me.persons), via="session")
    request.state.actor = actor
    request.state.form_token = csrf.form_token(cookie.secret)
    return actor


Visitor = Annotated[Actor | None, Depends(_recognise)]
"""The signed-in person whom the header greets, if there is one."""
