"""Connections to a service elsewhere, read while they are written, so that an answer that comes early is not lost.

A service may refuse an upload at its first bytes and hang up. Whoever only writes until all is written finds a broken
connection instead of the refusal.
"""
# ruff: noqa: ASYNC109 - the pool names the parameters

import asyncio
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

MOST_UNREAD = 256 * 1024
"""Bytes that were received and not yet taken, above which no more are received."""


class _Line(asyncio.Protocol):
    """One connection: what has come and was not taken yet, and whether more may be written."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.ended = False
        self.writable = True
        self.held = False
        self.changed = asyncio.Event()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Connected."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep what came; beyond a bound, let it wait in the network."""
        self.received += data
        if len(self.received) > MOST_UNREAD and not self.held:
            self.held = True
            self.transport.pause_reading()
        self.changed.set()

    def take(self, most: int) -> bytes:
        """What has come, and room for more."""
        taken = bytes(self.received[:most])
        del self.received[:most]
        if self.held and len(self.received) <= MOST_UNREAD // 2:
            self.held = False
            self.transport.resume_reading()
        return taken

    def eof_received(self) -> bool:
        """The other end will say nothing more."""
        self.connection_lost(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        self.ended = True
        self.changed.set()

    def pause_writing(self) -> None:
        """The other end is slower than we are."""
        self.writable = False

    def resume_writing(self) -> None:
        """It has caught up."""
        self.writable = True
        self.changed.set()

    async def until(self, ready: Callable[[], object], seconds: float | None, late: type[Exception]) -> None:
        """Wait for something to be so. Only one waits at a time: a request is written, then its answer is read."""
        if ready():
            return
        try:
            async with asyncio.timeout(seconds):
                while not ready():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            raise late from None


class _Stream(httpcore.AsyncNetworkStream):
    """A connection as the pool uses it."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        self._cut = False
        """Whether something was left unwritten: the connection is of no use to the next request."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come; nothing at the end."""
        line = self._line
        await line.until(lambda: line.received or line.ended, timeout, httpcore.ReadTimeout)
        return line.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, unless the answer is there already."""
        line = self._line
        if not buffer:
            return
        if line.received or line.ended:
            # The pool takes this as the word to stop writing and to read the answer.
            self._cut = True
            raise httpcore.WriteError("the answer came before the request was written")
        line.transport.write(buffer)
        await line.until(lambda: line.writable or line.received or line.ended, timeout, httpcore.WriteTimeout)
        self._cut = not line.writable

    async def aclose(self) -> None:
        """Hang up."""
        # What was not sent by now is not wanted any more, and `close` would wait for it to be taken.
        self._line.transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Go on under TLS."""
        line, loop = self._line, asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                secured = await loop.start_tls(line.transport, line, ssl_context, server_hostname=server_hostname)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        if secured is None:
            raise httpcore.ConnectError("hung up while agreeing on a cipher")
        line.transport = secured
        return self

    def get_extra_info(self, info: str) -> Any:
        """Whether the other end has said something unasked."""
        # What is readable while nothing was asked can only be an end: the pool opens another connection then.
        return self._cut or self._line.ended or bool(self._line.received) if info == "is_readable" else None


class Wire(httpcore.AsyncNetworkBackend):
    """Opens the connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a host."""
        try:
            async with asyncio.timeout(timeout):
                _, line = await asyncio.get_running_loop().create_connection(_Line, host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        return _Stream(line)
