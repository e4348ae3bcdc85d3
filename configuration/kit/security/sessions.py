"""The browser's cookie, and how a service learns from the issuer who is behind it."""

import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import Unavailable
from configuration.kit.peers import PeerRegistry, PeerTimeout, document_of
from configuration.kit.security.actor import Service
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.standing import digest
from configuration.kit.security.tokens import service_token_for

COOKIE = "erp_session"
FRESH_SECONDS = 60.0
"""How long a swapped session is believed without asking its issuer again."""
MOST_SWAPS = 4096
SESSION = re.compile(r"(student|faculty|library)\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """What the cookie holds: which service knows the session, and its secret."""

    issuer: Service
    secret: str

    def __repr__(self) -> str:
        return f"SessionCookie({self.issuer})"

    @property
    def value(self) -> str:
        """The cookie's value."""
        return f"{self.issuer}.{self.secret}"


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def read_cookie(request: Request) -> SessionCookie | None:
    """The session cookie of a request, if it is well formed."""
    found = SESSION.fullmatch(request.cookies.get(COOKIE, ""))
    return SessionCookie(found[1], found[2]) if found else None  # type: ignore[arg-type]


def set_cookie(response: Response, cookie: SessionCookie, *, path: str, secure: bool) -> None:
    """Hand the session to the browser: for the whole university, out of reach of scripts, until it is closed."""
    response.set_cookie(COOKIE, cookie.value, path=path, secure=secure, httponly=True, samesite="lax")


def clear_cookie(response: Response, *, path: str, secure: bool) -> None:
    """Take the session back from the browser."""
    response.delete_cookie(COOKIE, path=path, secure=secure, httponly=True, samesite="lax")


@dataclass(frozen=True, slots=True)
class _Swapped:
    token: str
    asked: float


class Swaps:
    """Access tokens for sessions of other issuers, each asked for again after a minute.

    While an issuer is away its last word counts, to the end of the token it gave; then nobody can say who is asking.
    """

    def __init__(self, ring: KeyRing, peers: PeerRegistry, roots: Mapping[Service, str]) -> None:
        self._ring = ring
        self._peers = peers
        self._roots = roots
        self._held: OrderedDict[str, _Swapped] = OrderedDict()

    async def token_for(self, cookie: SessionCookie, now: datetime) -> str | None:
        """An access token for the person behind the cookie; `None` when the issuer does not know the session."""
        key = digest(cookie.value)
        held = self._held.get(key)
        if held is not None and time.monotonic() - held.asked < FRESH_SECONDS:
            return held.token
        try:
            answer = await self._ask(cookie, now)
        except Unavailable:
            if held is None:
                raise
            return held.token
        self._held.pop(key, None)
        if answer is None:
            return None
        self._held[key] = _Swapped(answer, time.monotonic())
        while len(self._held) > MOST_SWAPS:
            self._held.popitem(last=False)
        return answer

    def forget(self, cookie: SessionCookie) -> None:
        """Ask the issuer again at the next request."""
        self._held.pop(digest(cookie.value), None)

    async def _ask(self, cookie: SessionCookie, now: datetime) -> str | None:
        token = service_token_for(self._ring, "facts", cookie.issuer, now)
        path = f"{self._roots[cookie.issuer]}/session/swap"
        try:
            answer = await self._peers.call(cookie.issuer, "POST", path, token=token, json={"secret": cookie.secret})
            if answer.status_code == 404:
                return None
            given = document_of(cookie.issuer, answer).get("access_token")
        except (Unavailable, PeerTimeout):
            raise _away() from None
        if answer.status_code != 200 or not isinstance(given, str):
            raise _away()
        return given


def _away() -> Unavailable:
    return Unavailable("Who you are cannot be checked for the moment.", headers={"Retry-After": "5"})
