"""A uvicorn protocol with limits that uvicorn lacks: how long and how large a request may be while it is being sent.

Slow headers, bodies that drip, and endless headers hold a connection, not a worker, but connections are finite too.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

LARGEST_HEAD = 32 * 1024
"""Bytes of request line and headers together."""
SLOWEST_RATE = 1024
"""Bytes per second that a body must reach on the whole, once its first seconds are over."""
UNREAD_BODY = 16 * 1024 * 1024
"""Bytes still taken after the answer was given, so that the client gets to read it.

To close on bytes that are under way resets the connection, and the answer is lost with it; whoever passes a body on
stops when the answer comes, which is a few buffers later.
"""
LOOK_EVERY = 1.0


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 with deadlines. `head_seconds` for the headers, `idle_seconds` of silence in the middle of a body."""

    head_seconds = 10.0
    idle_seconds = 60.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to watch: a client that says nothing is as slow as one that dribbles."""
        super().connection_made(transport)
        self._refusal = 400
        self._head_size = 0
        self._body_size = 0
        self._in_head = True
        self._receiving = True
        self._began = self._latest = self.loop.time()
        self._watch: asyncio.TimerHandle | None = self.loop.call_later(LOOK_EVERY, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers are complete."""
        self._latest = self.loop.time()
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(431)

    def on_message_begin(self) -> None:
        """A request begins: its clock starts."""
        super().on_message_begin()
        self._in_head = self._receiving = True
        self._body_size = 0
        self._began = self.loop.time()
        if self._watch is None:
            self._watch = self.loop.call_later(LOOK_EVERY, self._look)

    def on_headers_complete(self) -> None:
        """Refuse headers that came whole and are too large all the same."""
        self._in_head = False
        self._head_size = 0
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > LARGEST_HEAD:
            self._refusal = 431
            raise ValueError("the headers are too large")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count the body; what nobody will read ends the connection."""
        self._body_size += len(body)
        super().on_body(body)
        if self.cycle is not None and self.cycle.response_complete and self._body_size > UNREAD_BODY:
            self.transport.close()

    def on_message_complete(self) -> None:
        """The request is whole; the server's time is its own."""
        self._receiving = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with the bytes that came."""
        self._refuse(self._refusal)

    def _refuse(self, status: int) -> None:
        if not self.transport.is_closing():
            head = STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n"
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(head)
            self.transport.close()

    def _look(self) -> None:
        self._watch = None
        if not self._receiving or self.transport.is_closing():
            return  # The next request starts to watch again.
        now = self.loop.time()
        if self._too_slow(now):
            self.logger.warning("A request was too slow and was closed.")
            self._refuse(408)
            return
        self._watch = self.loop.call_later(LOOK_EVERY, self._look)

    def _too_slow(self, now: float) -> bool:
        if self._in_head:
            return now - self._began >= self.head_seconds
        if self.flow.read_paused:
            self._began += LOOK_EVERY  # We are the slow ones.
            return False
        allowed = self.head_seconds + self._body_size / SLOWEST_RATE
        return now - self._began >= allowed or now - self._latest >= self.idle_seconds


def bounded_protocol(head_seconds: float, idle_seconds: float) -> type[BoundedProtocol]:
    """The protocol with the limits of one installation."""
    values: dict[str, Any] = {"head_seconds": head_seconds, "idle_seconds": idle_seconds}
    return type("BoundedProtocol", (BoundedProtocol,), values)
