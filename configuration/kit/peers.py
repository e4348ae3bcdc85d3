"""The other services: found late, called under one deadline, never trusted to answer.

Mounted, a peer is an ASGI application of this process; alone, a base URL. Either way the same rules hold: one shared
client per peer, 250 ms to connect, one absolute deadline carried along, at most one retry and only of a call that is
safe or keyed and at one layer only, a bounded number of calls in flight, no redirects followed, answers capped.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from types import TracebackType
from typing import Any, Self

import httpx
from loguru import logger
from starlette.types import ASGIApp

from configuration.kit.deadline import DEADLINE_HEADER, LONGEST, is_hop, seconds_left
from configuration.kit.errors import Refusal, Unavailable
from configuration.kit.logging import NO_REQUEST, request_id, trace_parent

CONNECT_SECONDS = 0.25
MOST_IN_FLIGHT = 20
MOST_IN_PROCESS = 2
"""Calls in flight to a peer of the same process. Both sides share its one event loop: more under way are not answered
sooner, but everything else in the process waits for them (measured: a cheap call 4 times its idle time instead of 18).
"""
REUSED_SECONDS = 2.0
"""Shorter than a server keeps an idle connection, so that none is used that is being closed."""
LEAVES = 4
"""Connections beyond those, for calls that need no place."""
MOST_UPLOADS = 16
"""Uploads under way: they last as long as the sender's line is slow, so they have places of their own."""
UPLOAD_SECONDS = 60.0
"""How long an upload may stand still."""
LARGEST_ANSWER = 4 * 1024 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class PeerUnavailable(Unavailable):
    """A peer cannot be reached, or its answer makes no sense."""

    code = "PEER_UNAVAILABLE"
    title = "Another part of the university's system is away for the moment"


class PeerTimeout(Refusal):
    """A peer did not answer in time; what was asked of it may still happen."""

    status = 504
    code = "PEER_TIMEOUT"
    title = "Another part of the university's system did not answer in time"


class _Peer:
    """One peer's client and how many calls are under way."""

    def __init__(self, target: ASGIApp | str) -> None:
        self.base = target if isinstance(target, str) else "http://in-process"
        most = MOST_IN_FLIGHT + LEAVES + MOST_UPLOADS
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=REUSED_SECONDS)
        # The application's own failures come back as its 500, as they would over TCP.
        transport: httpx.AsyncBaseTransport = (
            httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
            if isinstance(target, str)
            else httpx.ASGITransport(target, raise_app_exceptions=False)
        )
        self.client = httpx.AsyncClient(
            transport=transport,
            base_url=self.base,
            timeout=httpx.Timeout(LONGEST, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )
        self.places = asyncio.Semaphore(MOST_IN_FLIGHT if isinstance(target, str) else MOST_IN_PROCESS)
        self.uploads = asyncio.Semaphore(MOST_UPLOADS)


class PeerRegistry:
    """Who the other services are. Filled by the composition root, asked at each call: the three need one another."""

    def __init__(self) -> None:
        self._targets: dict[str, ASGIApp | str] = {}
        self._peers: dict[str, _Peer] = {}

    def register(self, service: str, target: ASGIApp | str) -> None:
        """Say where a service is: an ASGI application that serves its full public path, or a base URL."""
        if service in self._peers:
            raise RuntimeError(f"{service} is in use already")
        self._targets[service] = target

    def client(self, service: str) -> httpx.AsyncClient:
        """The one shared client of a peer. Prefer `call`, which keeps the rules of this module."""
        return self._peer(service).client

    def _peer(self, service: str) -> _Peer:
        if service not in self._peers:
            if service not in self._targets:
                raise PeerUnavailable(f"Nobody has said where the {service} service is.")
            self._peers[service] = _Peer(self._targets[service])
        return self._peers[service]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every client. A registry may be used again afterwards: clients are made anew."""
        peers, self._peers = self._peers, {}
        for peer in peers.values():
            await peer.client.aclose()

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        *,
        token: str | None = None,
        key: str | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = LONGEST,  # noqa: ASYNC109  a deadline carried along, not a local time-out
        leaf: bool = False,
    ) -> httpx.Response:
        """One call: `path` is the full public path, `token` a bearer token for that peer, `key` an idempotency key.

        `leaf` is for what the peer answers without asking anybody, such as its keys: it takes no place among the calls
        in flight, for two services that need each other's keys while all places are taken would wait for ever.
        Answers of 2xx and 4xx are returned, read to the end. Silence raises `PeerTimeout`; no connection, a redirect,
        a 5xx or an answer too large raises `PeerUnavailable`.
        """
        peer = self._peer(service)
        sent = self._headers(token, key, headers)
        request = {"json": json, "data": form, "params": params}
        tries = 2 if (method in SAFE or key is not None) and not is_hop() else 1
        with _told_as_refusals(service, method, path):
            async with asyncio.timeout(seconds_left(timeout)), nullcontext() if leaf else peer.places:
                for remaining in reversed(range(tries)):
                    try:
                        sent[DEADLINE_HEADER.decode()] = str(max(int(seconds_left(timeout) * 1000), 1))
                        answer = await _send(peer, method, path, sent, request)
                        break
                    except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ConnectTimeout):
                        if not remaining:
                            raise
        return _sensible(service, answer)

    async def upload(
        self,
        service: str,
        path: str,
        *,
        content: AsyncIterable[bytes],
        token: str,
        key: str | None = None,
        headers: Mapping[str, str],
        timeout: float = LONGEST,  # noqa: ASYNC109  counted from the last byte
    ) -> httpx.Response:
        """Post a body on while it arrives, holding none of it; answers and refuses as `call` does.

        It is sent once: what has gone by cannot be sent again. `timeout` counts from its last byte; until then the
        sender's own deadlines hold. What `content` raises, such as that the sender has gone, ends it on both sides.
        """
        peer = self._peer(service)
        sent = self._headers(token, key, headers)
        limits = httpx.Timeout(UPLOAD_SECONDS, connect=CONNECT_SECONDS)
        with _told_as_refusals(service, "POST", path):
            async with asyncio.timeout(UPLOAD_SECONDS) as clock, peer.uploads:
                moving = _watched(content, clock, timeout)
                answer = await _send(peer, "POST", path, sent, {"content": moving, "timeout": limits})
        return _sensible(service, answer)

    def _headers(self, token: str | None, key: str | None, more: Mapping[str, str] | None) -> dict[str, str]:
        sent = {"Accept": "application/json", **(more or {})}
        if request_id.get() != NO_REQUEST:
            sent["X-Request-ID"] = request_id.get()
        if traced := trace_parent.get():
            sent["traceparent"] = traced
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if key is not None:
            sent["Idempotency-Key"] = key
        return sent


async def _watched(content: AsyncIterable[bytes], clock: asyncio.Timeout, seconds: float) -> AsyncIterator[bytes]:
    """The parts of a body. Each gives the next one its time; after the last the answer has so many seconds."""
    now = asyncio.get_running_loop().time
    async for part in content:
        clock.reschedule(now() + UPLOAD_SECONDS)
        yield part
    clock.reschedule(now() + seconds)


@contextmanager
def _told_as_refusals(service: str, method: str, path: str) -> Iterator[None]:
    """What goes wrong in a call, as what it means to whoever asked."""
    try:
        yield
    except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout):
        logger.warning("{} did not answer {} {} in time", service, method, path)
        raise PeerTimeout(f"The {service} service did not answer in time.") from None
    except httpx.HTTPError as error:
        logger.warning("{} could not be asked {} {}: {}", service, method, path, type(error).__name__)
        raise PeerUnavailable(f"The {service} service cannot be reached.", headers={"Retry-After": "2"}) from None


def document_of(service: str, answer: httpx.Response) -> dict[str, Any]:
    """The JSON object that an answer holds; a peer that says anything else counts as away."""
    try:
        document = answer.json()
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise PeerUnavailable(
            f"The {service} service gave an answer that makes no sense.", headers={"Retry-After": "2"}
        )
    return document


async def _send(
    peer: _Peer, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any]
) -> httpx.Response:
    """Send one request and read its answer, up to the largest that makes sense."""
    async with peer.client.stream(method, path, headers=headers, **body) as answer:
        parts, size = [], 0
        async for part in answer.aiter_bytes():
            size += len(part)
            if size > LARGEST_ANSWER:
                raise httpx.DecodingError("the answer is too large")
            parts.append(part)
    # The parts are decoded already; the headers that spoke of their coding no longer hold.
    kept = [(k, v) for k, v in answer.headers.multi_items() if k not in ("content-encoding", "content-length")]
    return httpx.Response(answer.status_code, headers=kept, content=b"".join(parts), request=answer.request)


def _sensible(service: str, answer: httpx.Response) -> httpx.Response:
    status = answer.status_code
    if status == 504:
        raise PeerTimeout(f"The {service} service waited in vain for another one.")
    if status >= 500 or 300 <= status < 400:
        wait = answer.headers.get("Retry-After", "2")
        raise PeerUnavailable(
            f"The {service} service could not answer.", headers={"Retry-After": wait if wait.isdigit() else "2"}
        )
    return answer
