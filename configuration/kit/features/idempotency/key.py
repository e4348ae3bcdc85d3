"""The `Idempotency-Key` of a request."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request

from configuration.kit.errors import Blocker, Refusal

_WELL_FORMED = re.compile(r"[\x21-\x7e]{1,200}")


class InvalidKey(Refusal):
    """The header is not 1 to 200 visible ASCII characters."""

    status = 422
    code = "IDEMPOTENCY_KEY_INVALID"
    title = "Not a usable Idempotency-Key"


class KeyReused(Refusal):
    """The same key came earlier with another request."""

    status = 422
    code = "IDEMPOTENCY_KEY_REUSED"
    title = "This Idempotency-Key belongs to another request"


@dataclass(frozen=True, slots=True)
class Key:
    """Who sent which key to which route, and a digest of what was asked."""

    principal: str
    route: str
    key: str
    fingerprint: str
    at: datetime

    def part(self, name: str) -> "Key":
        """The key of one of several acts that a request asks for, each a unit of its own."""
        said = "\n".join((self.key, name)).encode("utf-8", "surrogatepass")
        return replace(self, key=f"part.{hashlib.sha256(said).hexdigest()}")


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key that came with a body which has not been read yet."""

    principal: str
    route: str
    key: str
    asked: str
    at: datetime

    def with_body(self, *parts: str) -> Key:
        """The key, once the body is known: `parts` say all that is in it."""
        digest = hashlib.sha256(self.asked.encode("utf-8", "surrogatepass"))
        for part in parts:
            digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
        return self.of(digest.hexdigest())

    def of(self, fingerprint: str) -> Key:
        """The key with the digest of what was asked."""
        return Key(self.principal, self.route, self.key, fingerprint, self.at)


async def read_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="Makes a repeated request harmless: the same key gets the same answer, and one effect."),
    ] = None,
) -> Key | None:
    """The key of a signed-in request, or `None`. The route's access rule must stand before it in the signature."""
    held = await hold_key(request, idempotency_key)
    return None if held is None else held.of(await _fingerprint(request, held.asked))


async def hold_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="Makes a repeated request harmless: the same key gets the same answer, and one effect."),
    ] = None,
) -> "HeldKey | None":
    """The key of a request whose body is taken in by the route itself, which then says what the body was."""
    if idempotency_key is None:
        return None
    if not _WELL_FORMED.fullmatch(idempotency_key):
        detail = "An Idempotency-Key is 1 to 200 visible ASCII characters without spaces."
        raise InvalidKey(detail, blockers=[Blocker(InvalidKey.code, detail)])
    actor = getattr(request.state, "actor", None)
    if actor is None:
        raise RuntimeError(f"{request.scope['path']} takes a key but no access rule has named the actor before it")
    route = request.scope.get("route")
    return HeldKey(
        principal=actor.person,
        route=str(getattr(route, "name", None) or request.scope["path"])[:200],
        key=idempotency_key,
        asked=_asked(request),
        at=request.app.state.clock(),
    )


def _asked(request: Request) -> str:
    query = request.scope.get("query_string", b"").decode("latin-1")
    return "".join(f"{part}\n" for part in (request.method, request.scope["path"], query))


async def _fingerprint(request: Request, asked: str) -> str:
    """A digest of what is asked, which is method, path and query, and of the body."""
    digest = hashlib.sha256(asked.encode("utf-8", "surrogatepass"))
    if request.headers.get("content-type", "").startswith(("multipart/", "application/x-www-form-urlencoded")):
        # FastAPI has parsed the form already; its body cannot be read a second time.
        for name, value in (await request.form()).multi_items():
            shown = value if isinstance(value, str) else f"{value.filename}:{value.size}"
            digest.update(f"{name}={shown}\n".encode("utf-8", "surrogatepass"))
    else:
        digest.update(await request.body())
    return digest.hexdigest()


KeyDep = Annotated[Key | None, Depends(read_key)]

HeldKeyDep = Annotated[HeldKey | None, Depends(hold_key)]
"""For routes that take in their body themselves: `with_body` makes the key."""
