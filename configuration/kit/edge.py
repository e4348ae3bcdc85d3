"""The outermost middleware: request id, log lines, security headers, the last word on failures. Pure ASGI.

It wraps the mounted root and each service that runs alone, and, as a hop, each call from service to service inside one
process; so a request has one id and each service it touches has its line.
"""

import re
import time
from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from loguru import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from configuration.kit.deadline import DEADLINE_HEADER, enter_hop, leave_hop
from configuration.kit.logging import failure_text, request_id, tell, trace_parent
from configuration.kit.problems import MEDIA_TYPE, encode, internal_error, overloaded, too_large

REQUEST_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
TRACE_PARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
POLICY = (
    b"default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""Set where the application said nothing itself: no answer is stored or framed unless it says so."""
HSTS = (b"strict-transport-security", b"max-age=31536000")


class RequestEdge:
    """Identifies, logs and answers for each request.

    `hop` says that the caller is a service of this process; `most` limits the requests under way: a server that takes
    more than it can do does less.
    """

    def __init__(
        self, app: ASGIApp, *, service: str, hop: bool = False, hsts: bool = False, most: int | None = None
    ) -> None:
        self.app = app
        self.most = most
        self.under_way = 0
        self.name = f"{service} hop" if hop else service
        self.headers = (*SECURITY_HEADERS, HSTS) if hsts else tuple(SECURITY_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received = dict(scope["headers"])
        given = received.get(b"x-request-id", b"")
        own_id = given.decode() if REQUEST_ID.fullmatch(given) else token_hex(16)
        traced = received.get(b"traceparent", b"")
        scope.setdefault("state", {})["request_id"] = own_id
        # Set and reset by hand, for an in-process call runs in its caller's context and this runs for every request.
        own = request_id.set(own_id)
        trace = trace_parent.set(traced.decode() if TRACE_PARENT.fullmatch(traced) else None)
        hop = enter_hop(received.get(DEADLINE_HEADER))
        self.under_way += 1
        try:
            await self._serve(_Exchange(scope, send, own_id, self.headers), receive)
        finally:
            self.under_way -= 1
            leave_hop(hop)
            trace_parent.reset(trace)
            request_id.reset(own)

    async def _serve(self, exchange: "_Exchange", receive: Receive) -> None:
        line = f"{self.name} {exchange.method} {exchange.path}"
        tell(f"{line} started")
        started = time.perf_counter()
        failure: Exception | None = None
        try:
            if self.most is not None and self.under_way > self.most:
                await exchange.answer(overloaded(exchange.request_id), (b"retry-after", b"1"))
            else:
                await self.app(exchange.scope, receive, exchange.send)
        except Exception as error:  # noqa: BLE001  the last word: above this is only the server
            failure = error
            if exchange.status is None:
                await exchange.answer(internal_error(exchange.request_id))
        elapsed = (time.perf_counter() - started) * 1000
        if failure is not None:
            text = failure_text(failure)
            logger.error("{} failed {} after {:.1f} ms\n{}", line, exchange.status, elapsed, text)
            if not exchange.complete:
                raise failure
        elif exchange.status is None or exchange.status >= 500:
            logger.error("{} failed {} after {:.1f} ms", line, exchange.status, elapsed)
        else:
            tell(f"{line} ended {exchange.status} after {elapsed:.1f} ms")


class _Exchange:
    """One request and what has been answered so far."""

    __slots__ = ("complete", "headers", "method", "path", "request_id", "scope", "sender", "status")

    def __init__(self, scope: Scope, sender: Send, own_id: str, headers: tuple[tuple[bytes, bytes], ...]) -> None:
        self.scope, self.sender, self.request_id, self.headers = scope, sender, own_id, headers
        self.method = scope["method"]
        self.path = loggable(scope["path"])
        self.status: int | None = None
        self.complete = False

    async def send(self, message: Message) -> None:
        """Pass a message on; the first one gets the headers that are missing."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            raw: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
            if self.status == 413 and (b"content-type", b"text/plain; charset=utf-8") in raw:
                # The framework's limit on bodies speaks plain text where nobody reads the body.
                await self.answer(too_large(self.request_id))
                return
            present = {name.lower() for name, _ in raw}
            raw += [pair for pair in self.headers if pair[0] not in present]
            if b"x-request-id" not in present:
                raw.append((b"x-request-id", self.request_id.encode()))
            message = {**message, "headers": raw}
        elif self.complete:
            return  # What was replaced says nothing more.
        elif not message.get("more_body", False):
            self.complete = True
        await self.sender(message)

    async def answer(self, document: dict[str, Any], *more: tuple[bytes, bytes]) -> None:
        """Send a problem document."""
        body = encode(document)
        head = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode()), *more]
        await self.send({"type": "http.response.start", "status": document["status"], "headers": head})
        await self.send({"type": "http.response.body", "body": body})


def loggable(path: str) -> str:
    """A path as one printable, bounded piece of a line: a line break in it would forge a second line."""
    return path[:300].encode("unicode_escape").decode("ascii")
