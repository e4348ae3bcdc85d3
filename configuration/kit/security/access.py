"""Access rules: who may use a route. Every route has exactly one in its dependency tree.

A rule is a dependency. It authenticates the request, checks the form token of unsafe requests made by cookie, and
answers the actor. What an actor may see beyond that (only one's own) is decided where the record is read, and absent
and not yours are answered alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from starlette.requests import Request

from configuration.kit.errors import Forbidden, NotSignedIn, Unavailable
from configuration.kit.security import csrf
from configuration.kit.security.actor import Actor
from configuration.kit.security.trust import SCOPES

if TYPE_CHECKING:
    from configuration.kit.security.authenticator import Authenticator

Relationship = Literal["own", "any", "none"]
Kind = Literal["public", "anyone", "signed_in", "roles", "service"]

CHALLENGE = {"WWW-Authenticate": "Bearer"}
PEOPLE = ("bearer", "session", "delegated")


@dataclass(frozen=True)
class Access:
    """One access rule.

    `at_home` asks for an account of the very service, without a service in between; `everywhere` for a role held for
    the whole university, not for a department or section.
    """

    kind: Kind
    description: str
    roles: frozenset[str] = frozenset()
    relationship: Relationship = "none"
    at_home: bool = False
    everywhere: bool = False

    async def __call__(self, request: Request) -> Actor | None:
        """The actor behind the request; raises `NotSignedIn` or `Forbidden` where the rule says so."""
        request.state.actor = None
        if self.kind == "public":
            return None
        actor = await self._authenticate(request)
        if actor is None:
            return None
        self._admit(actor, request.app.state.authenticator.service)
        request.state.actor = actor
        return actor

    async def _authenticate(self, request: Request) -> Actor | None:
        authenticator: Authenticator = request.app.state.authenticator
        now = request.app.state.clock()
        try:
            actor = await authenticator.authenticate(request, now)
        except (NotSignedIn, Unavailable):
            # Who is asking helps on a page open to everybody, and is not worth failing for while the issuer is away.
            if self.kind == "anyone" and "authorization" not in request.headers:
                return None
            raise
        if actor is None:
            if self.kind == "anyone":
                return None
            raise NotSignedIn("This needs a signed-in person.", headers=CHALLENGE)
        if actor.via == "session":
            secret = authenticator.session_secret(request)
            request.state.form_token = csrf.form_token(secret)
            if request.method not in csrf.SAFE_METHODS:
                await csrf.require_form_token(request, secret)
        return actor

    def _admit(self, actor: Actor, here: str) -> None:
        """Refuse an actor whom the rule does not let in."""
        if self.kind == "service":
            if actor.via != "service" or not actor.holds(*self.roles):
                raise Forbidden("Only another service of the university may ask this.")
            return
        if actor.via not in PEOPLE:
            raise Forbidden("This needs a person, not a service.")
        held = actor.has(*self.roles) if self.everywhere else actor.holds(*self.roles)
        if self.kind == "roles" and not held:
            needed = " or ".join(sorted(self.roles)).replace("_", " ")
            raise Forbidden(f"This needs the role {needed}.", required=sorted(self.roles))
        if self.at_home and (actor.via == "delegated" or actor.issuer != here):
            raise Forbidden("Only the account's own person may do this, signed in here.")

    def document(self) -> dict[str, Any]:
        """The rule as it stands in the OpenAPI document, under `x-access`."""
        return {
            "kind": self.kind,
            "roles": sorted(self.roles),
            "relationship": self.relationship,
            "description": self.description,
            **({"at_home": True} if self.at_home else {}),
            **({"everywhere": True} if self.everywhere else {}),
        }


def public(why: str) -> Access:
    """Everybody, unauthenticated; `why` says what makes this safe."""
    return Access("public", why)


def anyone(why: str) -> Access:
    """Everybody; who is signed in may see more. The actor is `None` for a visitor."""
    return Access("anyone", why)


def signed_in(description: str = "any signed-in person", *, at_home: bool = False) -> Access:
    """Any signed-in person, for their own affairs. `at_home`: with an account of this very service."""
    return Access("signed_in", description, relationship="own", at_home=at_home)


def roles(
    *names: str,
    relationship: Relationship = "any",
    description: str | None = None,
    at_home: bool = False,
    everywhere: bool = False,
) -> Access:
    """Holders of any of the roles, in whatever scope unless `everywhere`; the use case looks at the scope."""
    said = description or " or ".join(names).replace("_", " ")
    return Access("roles", said, frozenset(names), relationship, at_home, everywhere)


def service_token(*scopes: str) -> Access:
    """Another service, with a bare service token of one of the scopes (`facts`, `events`)."""
    if unknown := set(scopes) - SCOPES:
        raise ValueError(f"no such scope: {sorted(unknown)}")
    named = frozenset(f"service:{scope}" for scope in scopes)
    return Access("service", f"services of the university ({', '.join(scopes)})", named, "any")


def find_rules(route: Any) -> list[Access]:
    """The access rules in a route's dependency tree. `route` is an `APIRoute` or what `iter_route_contexts` yields."""
    dependant = getattr(route, "dependant", None)
    if dependant is None and (original := getattr(route, "original_route", None)) is not None:
        dependant = getattr(original, "dependant", None)
    return list(dict.fromkeys(_walk(dependant))) if dependant is not None else []


def _walk(dependant: Any) -> Iterator[Access]:
    if isinstance(dependant.call, Access):
        yield dependant.call
    for child in dependant.dependencies:
        yield from _walk(child)
