"""The way to a service that runs elsewhere: streamed both ways, nothing added that the service did not say.

Through Python this reaches a fraction of the direct throughput; a split installation puts nginx in front. It is here to
peel one service out of the process without changing anything else.
"""

import re
import time

import h11
from loguru import logger
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from configuration.kit.deadline import LONGEST
from configuration.kit.errors import Refusal, Unavailable
from configuration.kit.peers import CONNECT_SECONDS, PeerTimeout, PeerUnavailable
from configuration.kit.problems import on_refusal
from gateway.upload import ClientLeft, TooLarge, Upload, while_somebody_waits
from gateway.wire import Broken, Connection, Full, Head, Headers, Pool, Silent, Unreachable

HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
     b"trailer", b"transfer-encoding", b"upgrade"}
)  # fmt: skip
OURS = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-request-id",
     b"expect"}
)  # fmt: skip
"""What a client says about itself is not believed; and `Expect` is answered by our own server."""
FRAMING = frozenset({b"host", b"content-length"})
"""Headers that a client cannot take away by naming them in `Connection`."""
NOT_IN_A_TARGET = re.compile(rb"[^\x21-\x7e]")

ANSWER_SECONDS = LONGEST + 5.0
"""Longer than a service waits for its own peers, so that what it says about them arrives."""
BODY_SECONDS = 60.0
"""Silence in the middle of a body, either way."""
LARGEST_BODY = 256 * 1024 * 1024
"""Above what any service accepts; each has limits of its own, which are lower."""
MOST_CONNECTIONS = 100
EJECT_AFTER = 3
EJECT_SECONDS = 2.0
CLIENT_LEFT = 499
"""What the log says, as nginx would, of a request whose client did not wait."""


class NotPassedOn(Refusal):
    """The request is not one that may be passed on, such as one with a control character in a header."""

    status = 400
    code = "BAD_REQUEST"
    title = "Bad Request"


class TooMany(Unavailable):
    """All connections to the service are in use."""

    code = "OVERLOADED"
    title = "Too much at once"


class Proxy:
    """An ASGI application that passes requests on to one service."""

    def __init__(
        self,
        service: str,
        base: str,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        largest_body: int = LARGEST_BODY,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        self.service = service
        self.answer_seconds = answer_seconds
        self.largest_body = largest_body
        self.failures = 0
        self.ejected_until = 0.0
        # Not a client of httpx: it would follow redirects and collect everybody's cookies, and its pool looks at every
        # connection for every other one: at a hundred clients it did nothing else.
        self.pool = Pool(base, most=most_connections, connect_seconds=CONNECT_SECONDS)

    async def close(self) -> None:
        """Close the connections."""
        self.pool.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        request = Request(scope)
        upload = Upload(request, receive, self.largest_body)
        try:
            async with while_somebody_waits(upload):
                await self._exchange(request, upload, send)
        except ClientLeft:
            if not upload.answered:
                await send({"type": "http.response.start", "status": CLIENT_LEFT, "headers": []})
        except Refusal as refusal:
            await (await on_refusal(request, refusal))(scope, receive, send)

    async def _exchange(self, request: Request, upload: Upload, send: Send) -> None:
        started = time.perf_counter()
        connection, head, waited = await self._ask(request, upload)
        try:
            own = time.perf_counter() - started - waited
            timing = (b"server-timing", f"gateway;dur={own * 1000:.1f}, upstream;dur={waited * 1000:.1f}".encode())
            upload.answered = True
            # Our own server says the time as well.
            raw = [*(pair for pair in _passed_on(head.headers) if pair[0] != b"date"), timing]
            await send({"type": "http.response.start", "status": head.status, "headers": raw})
            async for part in connection.parts(BODY_SECONDS):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            upload.over = True
        finally:
            self.pool.give_back(connection)
        await send({"type": "http.response.body", "body": b""})

    async def _ask(self, request: Request, upload: Upload) -> tuple[Connection, Head, float]:
        """Who answers, the answer's head, and the seconds it took."""
        if time.monotonic() < self.ejected_until:
            raise self._away()
        if upload.announced > self.largest_body:
            raise TooLarge
        tries = 2 if request.method in ("GET", "HEAD") and upload.empty else 1
        while True:
            tries -= 1
            started = time.perf_counter()
            try:
                connection = await self.pool.take(self.answer_seconds)
                head = await self._send(connection, request, upload)
            except Full:
                raise TooMany("Too many requests for this service are under way; try again in a moment.") from None
            except Silent:
                raise PeerTimeout(f"The {self.service} service did not answer in time.") from None
            except h11.LocalProtocolError:
                raise NotPassedOn("The request's headers are malformed.") from None
            except Broken as error:
                if tries and not isinstance(error, Unreachable):
                    continue
                self._failed(error, upload)
                raise self._away() from None
            self.failures = 0
            return connection, head, time.perf_counter() - started

    async def _send(self, connection: Connection, request: Request, upload: Upload) -> Head:
        try:
            return await connection.ask(
                request.method.encode(),
                _target(request.scope),
                self._headers(request, upload),
                None if upload.empty else upload.parts(),
                write_seconds=BODY_SECONDS,
                answer_seconds=self.answer_seconds,
            )
        except BaseException:
            self.pool.give_back(connection)
            raise

    def _failed(self, error: Exception, upload: Upload) -> None:
        logger.warning("{} could not be reached: {} {}", self.service, type(error).__name__, error)
        if upload.empty or isinstance(error, Unreachable):
            # Not what a client can bring about with a body: it must not be able to cut everybody else off.
            self.failures += 1
            if self.failures >= EJECT_AFTER:
                self.ejected_until = time.monotonic() + EJECT_SECONDS

    def _away(self) -> PeerUnavailable:
        return PeerUnavailable(f"The {self.service} service cannot be reached.", headers={"Retry-After": "2"})

    def _headers(self, request: Request, upload: Upload) -> Headers:
        scope = request.scope
        client = scope.get("client")
        dropped = OURS | {b"content-length"} if upload.chunked else OURS
        headers = [pair for pair in _passed_on(scope["headers"]) if pair[0] not in dropped]
        if "host" not in request.headers:
            headers.append((b"host", self.pool.netloc))
        if upload.chunked:
            headers.append((b"transfer-encoding", b"chunked"))
        return [
            *headers,
            (b"x-forwarded-for", (client[0] if client else "unknown").encode()),
            (b"x-forwarded-proto", scope.get("scheme", "http").encode()),
            (b"x-forwarded-host", request.headers.get("host", "").encode("latin-1")),
            (b"x-request-id", str(request.state.request_id).encode()),
        ]


def _target(scope: Scope) -> bytes:
    target: bytes = scope.get("raw_path") or scope["path"].encode()
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    return NOT_IN_A_TARGET.sub(lambda found: b"%%%02X" % found[0][0], target)


def _passed_on(raw: Headers) -> Headers:
    """The headers meant for the other end, in order, repeated ones too."""
    lowered = [(name.lower(), value.strip(b" \t")) for name, value in raw]
    named = {part.strip().lower() for name, value in lowered if name == b"connection" for part in value.split(b",")}
    dropped = HOP_BY_HOP | (named - FRAMING)
    return [pair for pair in lowered if pair[0] not in dropped]
