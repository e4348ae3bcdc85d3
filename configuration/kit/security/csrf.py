"""Proof that an unsafe request by cookie was meant: it comes from our own origin and carries the session's form token.

A form token is derived from the session's secret, so it needs no storage, dies with the session, and is worth nothing
to somebody who has only the token.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request

from configuration.kit.errors import Forbidden
from configuration.kit.posted import posted

FIELD = "form_token"
"""Name of the hidden form field."""
HEADER = "X-Form-Token"
"""Name of the header a script of ours sends instead."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class NotFromHere(Forbidden):
    """The request was not sent by one of our own pages."""

    code = "NOT_FROM_HERE"
    title = "This was not sent by a page of the university"


class FormTokenRefused(Forbidden):
    """The form was made for another session, or none."""

    code = "FORM_TOKEN_REFUSED"
    title = "This form is no longer valid; open the page again"


def form_token(secret: str) -> str:
    """The token that the forms of the session with this secret carry."""
    return urlsafe_b64encode(hmac.digest(secret.encode(), b"university-erp form token", sha256)).rstrip(b"=").decode()


def from_own_origin(request: Request) -> bool:
    """Whether the browser says that one of our own pages sent this.

    `Sec-Fetch-Site` cannot be set by a page; browsers without it send `Origin` with every unsafe request. A client that
    sends neither is not a browser, and then there is nobody to be tricked, but a cookie alone is no proof either.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and _host_of(origin) == request.headers.get("host")


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def require_same_origin(request: Request) -> None:
    """For public forms that set a cookie (sign-in): refuse what another site's page sends."""
    if not from_own_origin(request):
        raise NotFromHere()


async def require_form_token(request: Request, secret: str) -> None:
    """For unsafe requests by cookie: own origin and the session's form token, in a header or a form field."""
    require_same_origin(request)
    given = request.headers.get(HEADER)
    if given is None and request.headers.get("content-type", "").startswith(_FORMS):
        field = (await posted(request)).get(FIELD)
        given = field if isinstance(field, str) else None
    if given is None or not hmac.compare_digest(given.encode(), form_token(secret).encode()):
        raise FormTokenRefused()
