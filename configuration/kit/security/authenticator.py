"""Who is behind a request: a bearer token, or a browser's session. Tokens win; a bad one is never passed over."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from starlette.requests import Request

from configuration.kit.errors import NotSignedIn
from configuration.kit.peers import PeerRegistry
from configuration.kit.security import tokens
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.peer_keys import KeyDirectory
from configuration.kit.security.sessions import SessionCookie, Swaps, read_cookie
from configuration.kit.security.standing import Home
from configuration.kit.security.tokens import TokenRefused, Verified
from configuration.kit.security.trust import TRUST

MOST_VERIFIED = 4096
MOST_DELEGATED = 1024
SPARE = timedelta(seconds=30)
"""What a delegated token that is used again has left at least: as long as the clocks of two services may differ."""


class SessionEnded(NotSignedIn):
    """The browser's session is over: signed out, expired, or ended by staff."""

    code = "SESSION_ENDED"
    title = "You are no longer signed in"


class Authenticator:
    """Authenticates the requests of one service.

    `prefix` is the university's path; every service lives below it. A verified token is remembered by its digest until
    it expires or any service's keys change; whether a sign-in of our own still stands is asked at each request.
    """

    def __init__(
        self,
        service: Service,
        keyring: KeyRing,
        peers: PeerRegistry,
        home: Home,
        trust: Mapping[Service, frozenset[str]] = TRUST,
        *,
        prefix: str = "/ch04",
    ) -> None:
        self.service = service
        self.keyring = keyring
        self._trust = trust
        self._home = home
        roots = {name: f"{prefix}/{name}" for name in trust}
        self._keys = KeyDirectory(keyring, peers, roots)
        self._swaps = Swaps(keyring, peers, roots)
        self._verified: OrderedDict[bytes, Verified] = OrderedDict()
        self._delegated: OrderedDict[tuple[Any, ...], tuple[str, datetime]] = OrderedDict()
        self._generation = 0

    async def authenticate(self, request: Request, now: datetime) -> Actor | None:
        """The actor, or `None` when the request brings neither token nor session. Raises `NotSignedIn` on bad ones."""
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            if scheme.lower() != "bearer":
                raise TokenRefused()
            return await self.bearer(token.strip(), now)
        cookie = read_cookie(request)
        return None if cookie is None else await self.session(cookie, now)

    async def bearer(self, token: str, now: datetime) -> Actor:
        """The actor of a token; our own people are looked up in our own database as well."""
        verified = await self.verify(token, now)
        if verified.kind == "at+jwt" and verified.actor.issuer == self.service:
            assert verified.version is not None
            if not await self._home.stands(verified.actor, verified.version, now):
                raise TokenRefused()
        return verified.actor

    async def session(self, cookie: SessionCookie, now: datetime) -> Actor:
        """The actor of a browser's session: our own from the database, others by asking their issuer."""
        if cookie.issuer == self.service:
            standing = await self._home.session(cookie.secret, now)
            if standing is None:
                raise SessionEnded()
            return standing.actor
        for _ in range(2):
            token = await self._swaps.token_for(cookie, now)
            if token is None:
                raise SessionEnded()
            try:
                verified = await self.verify(token, now)
            except TokenRefused:
                # The token we held outlived its time: only a fresh answer of the issuer counts now.
                self._swaps.forget(cookie)
                continue
            return replace(verified.actor, via="session")
        raise SessionEnded()

    async def verify(self, token: str, now: datetime) -> Verified:
        """What a token says, believed. Only successes are remembered, and `exp` is compared each time."""
        if self._generation != self._keys.generation:
            self._generation = self._keys.generation
            self._verified.clear()
        key = sha256(token.encode("utf-8", "surrogatepass")).digest()
        verified = self._verified.get(key)
        if verified is None:
            verified = await self._verify_afresh(token, now)
            self._verified[key] = verified
            while len(self._verified) > MOST_VERIFIED:
                self._verified.popitem(last=False)
        elif now.timestamp() >= verified.expires:
            del self._verified[key]
            raise TokenRefused()
        return verified

    async def _verify_afresh(self, token: str, now: datetime) -> Verified:
        seen = tokens.peek(token, self._trust)
        found = await self._keys.find(seen.issuer, seen.kid)
        if found is None:
            raise TokenRefused()
        claims = tokens.read_claims(seen, found, self.service, now)
        return tokens.understand(seen, claims, self.service, self._trust)

    async def read_link(self, statement: str, now: datetime) -> Mapping[str, object]:
        """The claims of another service's word that a person is signed in there."""
        seen = tokens.peek(statement, self._trust)
        found = await self._keys.find(seen.issuer, seen.kid)
        if found is None or seen.kind != "link+jwt" or seen.issuer == self.service:
            raise TokenRefused()
        return tokens.read_claims(seen, found, self.service, now)

    def session_secret(self, request: Request) -> str:
        """The secret of the session a request came with; form tokens are derived from it."""
        cookie = read_cookie(request)
        if cookie is None:
            raise SessionEnded()
        return cookie.secret

    def delegate(self, actor: Actor, audience: Service, now: datetime) -> str:
        """A token for acting for one of our own people at `audience`; for half its life the same one again.

        The audience then knows it as verified. It says all that makes the person different: nobody gets another's.
        """
        grants = tuple(sorted((role, *sorted(scopes)) for role, scopes in actor.grants.items()))
        said = (audience, actor.person, actor.name, grants, actor.persons, self.keyring.signing.public.kid)
        token, good_until = self._delegated.pop(said, ("", now))
        if not now < good_until <= now + SPARE:
            token, good_until = tokens.delegated_token(self.keyring, actor, audience, now), now + SPARE
        self._delegated[said] = token, good_until
        while len(self._delegated) > MOST_DELEGATED:
            self._delegated.popitem(last=False)
        return token

    def service_token(self, scope: Literal["facts", "events"], audience: Service, now: datetime) -> str:
        """A token of our own for asking facts or delivering events at `audience`."""
        return tokens.service_token_for(self.keyring, scope, audience, now)
