"""One's own account: who one is, where one is signed in, one's other hats."""

from typing import Annotated

from fastapi import Path, Response
from starlette.requests import Request

from configuration.kit.bodies import LARGEST
from configuration.kit.features.accounts.answers import Linked, LinkRead, LinkStatement, Me, SessionRead, SessionsEnded
from configuration.kit.features.accounts.context import ContextDep
from configuration.kit.features.accounts.controllers.shared import CurrentActor, never_stored, read_session
from configuration.kit.features.accounts.errors import LinkRefused
from configuration.kit.features.accounts.model import Link
from configuration.kit.features.accounts.requests import LinkBody, LinkOffer
from configuration.kit.features.accounts.use_cases import linking, staffing
from configuration.kit.pagination import CursorDep, LimitDep, Page, cut, decode_cursor, set_next_link
from configuration.kit.security import tokens

SessionId = Annotated[int, Path(ge=1, le=LARGEST)]


async def me(context: ContextDep, by: CurrentActor) -> Me:
    """One's own account, roles and linked persons."""
    assert by.account_id is not None
    own = await context.database.read(staffing.account, by.account_id)
    links = await context.database.read(linking.links_of, by=by)
    return Me(
        id=own.id,
        person=by.person,
        persons=sorted(by.persons),
        user_name=own.user_name,
        display_name=own.display_name,
        email=own.email,
        roles={role: sorted(scopes) for role, scopes in by.grants.items()},
        links=_links(links),
    )


async def list_sessions(
    request: Request, response: Response, context: ContextDep, by: CurrentActor, cursor: CursorDep, limit: LimitDep
) -> Page[SessionRead]:
    """Where one is signed in, the latest first."""
    before = decode_cursor(cursor, int)[0] if cursor else 0
    found = await context.database.read(staffing.list_sign_ins, by=by, before=before, limit=limit + 1, now=context.now)
    page, following = cut(found, limit, lambda session: (session.id,))
    set_next_link(request, response, following)
    return Page(items=[read_session(session) for session in page], next=following)


async def end_session(session_id: SessionId, context: ContextDep, by: CurrentActor) -> Response:
    """End one of one's sign-ins."""
    await context.database.write(staffing.end_sign_in, session_id, by=by, now=context.now)
    return Response(status_code=204)


async def end_other_sessions(context: ContextDep, by: CurrentActor) -> SessionsEnded:
    """End all of one's sign-ins but this one."""
    return SessionsEnded(ended=await context.database.write(staffing.end_other_sign_ins, by=by, now=context.now))


async def offer_link(body: LinkOffer, context: ContextDep, by: CurrentActor, response: Response) -> LinkStatement:
    """Our signed word that one is signed in here, for another service where one has an account too."""
    never_stored(response)
    if body.audience == context.config.service:
        raise LinkRefused("A statement is for another service than this one.")
    statement = tokens.link_statement(context.authenticator.keyring, by, body.audience, context.now)
    return LinkStatement(statement=statement, audience=body.audience)


async def accept_link(body: LinkBody, context: ContextDep, by: CurrentActor, response: Response) -> Linked:
    """Keep another service's word that one is signed in there; answers ours, for that service to keep."""
    never_stored(response)
    claims = await context.authenticator.read_link(body.statement, context.now)
    links = await context.database.write(linking.link, body.statement, claims, by=by, now=context.now)
    issuer = next(service for service in tokens.SERVICES if service == claims["iss"])
    answer = tokens.link_statement(context.authenticator.keyring, by, issuer, context.now, answers=str(claims["sub"]))
    return Linked(links=_links(links), answer=answer)


def _links(links: list[Link]) -> list[LinkRead]:
    return [LinkRead(person=link.person, name=link.name, linked_at=link.linked_at) for link in links]
