"""A small HTTP/1.1 client that costs little enough to keep a server busy from one core.

It speaks to one address over kept-alive connections, one request in flight on each, and understands answers with a
`Content-Length` only: all that the services send to an API client.
"""

import asyncio
import json
import re
import time
from dataclasses import dataclass
from typing import Any, cast

LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
HEAD_END = b"\r\n\r\n"


class BrokenAnswer(Exception):
    """The server closed the connection or sent something this client does not read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer and the seconds it took."""

    status: int
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


def encode(
    method: str,
    path: str,
    *,
    body: Any = None,
    token: str | None = None,
    **headers: str,
) -> bytes:
    """The bytes of one request. A mapping is sent as JSON, bytes as a form."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    payload = b""
    if isinstance(body, bytes):
        payload = body
        lines.append("Content-Type: application/x-www-form-urlencoded")
    elif body is not None:
        payload = json.dumps(body).encode()
        lines.append("Content-Type: application/json")
    if token:
        lines.append(f"Authorization: Bearer {token}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if payload or method != "GET":
        lines.append(f"Content-Length: {len(payload)}")
    return "\r\n".join(lines).encode() + HEAD_END + payload


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[Reply] | None = None
        self._buffer = b""
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Finish the exchange once the whole answer is here."""
        self._buffer = self._buffer + data if self._buffer else data
        end = self._buffer.find(HEAD_END)
        if end < 0 or self._waiter is None or self._waiter.done():
            return
        found = LENGTH.search(self._buffer, 0, end + 2)
        status = int(self._buffer[9:12])
        if found is None and status != 204:
            self._waiter.set_exception(BrokenAnswer(self._buffer[:300].decode("latin-1")))
            return
        whole = end + 4 + (int(found[1]) if found else 0)
        if len(self._buffer) >= whole:
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            self._waiter.set_result(Reply(status, body, time.perf_counter() - self._started))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(BrokenAnswer("the server closed the connection"))

    def send(self, request: bytes) -> asyncio.Future[Reply]:
        """Send one request; the future gives its answer."""
        assert self._transport is not None
        self._waiter = asyncio.get_running_loop().create_future()
        self._started = time.perf_counter()
        self._transport.write(request)
        return self._waiter

    @property
    def alive(self) -> bool:
        """Whether the server still holds its end: it hangs up on connections that were silent for long."""
        return self._transport is not None and not self._transport.is_closing()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def connect(port: int) -> Connection:
    """A connection to a server on this machine."""
    _, protocol = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return protocol


def ask(
    port: int,
    method: str,
    path: str,
    *,
    body: Any = None,
    token: str | None = None,
    **headers: Any,
) -> Reply:
    """One request on a connection of its own, for setting the stage."""

    async def once() -> Reply:
        connection = await connect(port)
        try:
            return await asyncio.wait_for(
                connection.send(encode(method, path, body=body, token=token, **headers)),
                timeout=120,
            )
        finally:
            connection.close()

    return asyncio.run(once())


def check(reply: Reply, *expected: int) -> Reply:
    """The reply, if its status is expected."""
    if reply.status not in expected:
        raise BrokenAnswer(f"expected {expected}, got {reply.status}: {reply.body[:600].decode(errors='replace')}")
    return reply
