"""One message carried over a redirect, in a cookie that the next page consumes."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "erp_flash"
Kind = Literal["success", "info", "warning", "danger"]
KINDS: tuple[Kind, ...] = ("success", "info", "warning", "danger")


@dataclass(frozen=True, slots=True)
class Flash:
    """A message and how serious it is.

    It never names a person: the cookie outlives the answer. `about` is a reference, such as `request:12`, by which the
    next page may find the name that belongs into the text.
    """

    kind: Kind
    text: str
    about: str = ""


def put(response: Response, flash: Flash, *, path: str, secure: bool) -> None:
    """Send the message along; it is gone after a minute even if no page shows it."""
    packed = base64.urlsafe_b64encode(json.dumps([flash.kind, flash.text[:600], flash.about]).encode()).decode()
    response.set_cookie(COOKIE, packed, max_age=60, path=path, httponly=True, samesite="lax", secure=secure)


def take(request: Request) -> Flash | None:
    """The message, if the cookie holds one that reads."""
    packed = request.cookies.get(COOKIE)
    if not packed or len(packed) > 4000:
        return None
    try:
        kind, text, about = json.loads(base64.urlsafe_b64decode(packed.encode()))
        (text + about).encode()  # Half a surrogate pair can be written in JSON, but no page can show it.
    except (ValueError, binascii.Error, TypeError, AttributeError, RecursionError):
        return None
    return Flash(kind, text, about) if kind in KINDS and isinstance(text, str) else None
