"""The way to a service that runs elsewhere: streamed both ways, nothing added that the service did not say.

Through Python this reaches a fraction of the direct throughput; a split installation puts nginx in front. It is here to
peel one service out of the process without changing anything else.
"""

import time
from collections.abc import AsyncIterator

import httpx
from loguru import logger
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from configuration.kit.errors import Refusal
from configuration.kit.peers import CONNECT_SECONDS, PeerTimeout, PeerUnavailable
from configuration.kit.problems import on_refusal

HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
     b"trailer", b"transfer-encoding", b"upgrade"}
)  # fmt: skip
FORWARDED = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port"}
)
ANSWER_SECONDS = 5.0
BODY_SECONDS = 60.0
LARGEST_BODY = 26 * 1024 * 1024
MOST_CONNECTIONS = 100
REUSED_SECONDS = 2.0
"""Shorter than a server keeps an idle connection, so that none is used that is being closed."""
EJECT_AFTER = 3
EJECT_SECONDS = 2.0


class TooLarge(Refusal):
    """The body is larger than any service accepts."""

    status = 413
    code = "TOO_LARGE"
    title = "Content Too Large"


class Proxy:
    """An ASGI application that passes requests on to one service."""

    def __init__(
        self, service: str, base: str, *, answer_seconds: float = ANSWER_SECONDS, largest_body: int = LARGEST_BODY
    ) -> None:
        self.service = service
        self.answer_seconds = answer_seconds
        self.largest_body = largest_body
        self.base = httpx.URL(base)
        self.failures = 0
        self.ejected_until = 0.0
        limits = httpx.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=REUSED_SECONDS)
        # The transport alone: a client would follow redirects and collect everybody's cookies.
        self.transport = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self.transport.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        request = Request(scope, receive)
        started = time.perf_counter()
        try:
            answer, waited = await self._ask(request)
        except Refusal as refusal:
            await (await on_refusal(request, refusal))(scope, receive, send)
            return
        own = time.perf_counter() - started - waited
        try:
            timing = (b"server-timing", f"gateway;dur={own * 1000:.1f}, upstream;dur={waited * 1000:.1f}".encode())
            raw = [*_passed_on(answer.headers.raw), timing]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": raw})
            assert isinstance(answer.stream, httpx.AsyncByteStream)
            async for part in answer.stream:
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.aclose()

    async def _ask(self, request: Request) -> tuple[httpx.Response, float]:
        """The answer's head, and the seconds it took."""
        if time.monotonic() < self.ejected_until:
            raise self._away()
        has_body = "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"
        tries = 2 if request.method in ("GET", "HEAD") and not has_body else 1
        while True:
            tries -= 1
            started = time.perf_counter()
            try:
                answer = await self.transport.handle_async_request(self._outgoing(request, has_body=has_body))
            except (httpx.ReadTimeout, httpx.WriteTimeout):
                raise PeerTimeout(f"The {self.service} service did not answer in time.") from None
            except (httpx.TransportError, httpx.InvalidURL) as error:
                if tries and isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError):
                    continue
                logger.warning("{} could not be reached: {}", self.service, type(error).__name__)
                self._count_failure()
                raise self._away() from None
            self.failures = 0
            return answer, time.perf_counter() - started

    def _count_failure(self) -> None:
        self.failures += 1
        if self.failures >= EJECT_AFTER:
            self.ejected_until = time.monotonic() + EJECT_SECONDS

    def _away(self) -> PeerUnavailable:
        return PeerUnavailable(f"The {self.service} service cannot be reached.", headers={"Retry-After": "2"})

    def _outgoing(self, request: Request, *, has_body: bool) -> httpx.Request:
        scope = request.scope
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        headers = [pair for pair in _passed_on(scope["headers"]) if pair[0] not in FORWARDED | {b"x-request-id"}]
        client = scope.get("client")
        headers += [
            (b"x-forwarded-for", (client[0] if client else "unknown").encode()),
            (b"x-forwarded-proto", scope.get("scheme", "http").encode()),
            (b"x-forwarded-host", request.headers.get("host", "").encode()),
            (b"x-request-id", str(request.state.request_id).encode()),
        ]
        timeout = httpx.Timeout(self.answer_seconds, connect=CONNECT_SECONDS, write=BODY_SECONDS)
        return httpx.Request(
            request.method,
            self.base.copy_with(raw_path=target),
            headers=headers,
            content=_bounded(request, self.largest_body) if has_body else None,
            extensions={"timeout": timeout.as_dict()},
        )


def _passed_on(raw: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers meant for the other end, in order, repeated ones too."""
    lowered = [(name.lower(), value) for name, value in raw]
    named = {part.strip().lower() for name, value in lowered if name == b"connection" for part in value.split(b",")}
    return [pair for pair in lowered if pair[0] not in HOP_BY_HOP | named]


async def _bounded(request: Request, largest: int) -> AsyncIterator[bytes]:
    """The body as it comes, counted."""
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise TooLarge("The body is larger than any service accepts.")
        yield part
