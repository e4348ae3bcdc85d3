"""Connections to a service elsewhere, kept between requests, and read while they are written.

A service may refuse an upload at its first bytes and hang up. Whoever only writes until all is written finds a broken
connection instead of the refusal; so an answer that comes early ends the writing.
"""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

Headers = list[tuple[bytes, bytes]]

MOST_UNREAD = 256 * 1024
"""Bytes that were received and not yet taken, above which no more are received."""
AT_ONCE = 64 * 1024
LARGEST_HEAD = 64 * 1024
REUSED_SECONDS = 2.0
"""Shorter than a server keeps an idle connection, so that none is used that is being closed."""


class Broken(Exception):
    """The connection ended too early, or what came over it makes no sense."""


class Unreachable(Broken):
    """Nobody took the connection."""


class Silent(Exception):
    """The other end took too long."""


class Full(Exception):
    """All connections are in use, and stayed so."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an answer begins with; names in lower case."""

    status: int
    headers: Headers


class _Line(asyncio.Protocol):
    """The bytes of one connection: what has come and was not taken yet, and whether more may be written."""

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

    def take(self) -> bytes:
        """Some of what has come, and room for more; nothing at the end."""
        taken = bytes(self.received[:AT_ONCE])
        del self.received[:AT_ONCE]
        if self.held and len(self.received) <= MOST_UNREAD // 2 and not self.ended:
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

    @property
    def spoken(self) -> bool:
        """Whether the other end has said something, be it farewell."""
        return bool(self.received) or self.ended

    async def until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait for something to be so. Only one waits at a time: a request is written, then its answer is read."""
        if ready():
            return
        try:
            async with asyncio.timeout(seconds):
                while not ready():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            raise Silent from None


class Connection:
    """One connection, for one request after the other."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        self._codec = h11.Connection(h11.CLIENT, LARGEST_HEAD)
        self._cut = False
        """Whether something was left unwritten."""
        self._written = 0
        self.idle_since = 0.0

    @property
    def usable(self) -> bool:
        """Whether another request may be sent: what has come unasked can only be an end."""
        return not self._line.spoken and time.monotonic() - self.idle_since < REUSED_SECONDS

    async def ask(
        self,
        method: bytes,
        target: bytes,
        headers: Headers,
        body: AsyncIterator[bytes] | None,
        *,
        write_seconds: float,
        answer_seconds: float,
    ) -> Head:
        """Send a request; the head of its answer. `h11.LocalProtocolError` says that it is not one that can be sent."""
        await self._write(h11.Request(method=method, target=target, headers=headers), write_seconds)
        if body is not None:
            async for part in body:
                await self._write(h11.Data(data=part), write_seconds)
                if self._cut:
                    break
        if not self._cut:
            await self._write(h11.EndOfMessage(), write_seconds)
        while isinstance(event := await self._next(answer_seconds), h11.InformationalResponse):
            if event.status_code == 101:
                raise Broken("it speaks another protocol now")
        if not isinstance(event, h11.Response) or event.status_code > 599:
            raise Broken("that is not an answer")
        return Head(event.status_code, list(event.headers))

    async def parts(self, seconds: float) -> AsyncIterator[bytes]:
        """The body of the answer, as it comes."""
        while isinstance(event := await self._next(seconds), h11.Data):
            yield bytes(event.data)

    async def _write(self, event: h11.Event, seconds: float) -> None:
        data = self._codec.send(event)
        line = self._line
        if not data:
            return
        if line.spoken:
            self._cut = True
            return
        self._written += len(data)
        line.transport.write(data)
        if not line.writable:
            await line.until(lambda: line.writable or line.spoken, seconds)
            self._cut = not line.writable

    async def _next(self, seconds: float) -> h11.Event:
        line = self._line
        while True:
            try:
                event = self._codec.next_event()
            except h11.RemoteProtocolError as error:
                raise Broken(str(error)[:200]) from None
            if isinstance(event, h11.Event):
                return event
            if event is h11.PAUSED:
                raise Broken("it says more than it was asked")
            await line.until(lambda: line.spoken, seconds)
            self._codec.receive_data(line.take())

    def finish(self) -> bool:
        """Make ready for the next request, where both ends have said all of theirs and nothing more."""
        codec = self._codec
        whole = codec.our_state is h11.DONE and codec.their_state is h11.DONE
        # Whether an answer came before a long body was taken cannot be seen; where it did, an end may follow.
        if not whole or self._cut or self._written > AT_ONCE or codec.trailing_data[0] or self._line.spoken:
            return False
        codec.start_next_cycle()
        self._written = 0
        self.idle_since = time.monotonic()
        return True

    def close(self) -> None:
        """Hang up: what was not sent by now is not wanted any more."""
        self._line.transport.abort()


class Pool:
    """The connections to one place: at most so many, the last used first."""

    def __init__(self, base: str, *, most: int, connect_seconds: float) -> None:
        parts = urlsplit(base)
        self.host, self.secure = parts.hostname or "", parts.scheme == "https"
        self.port = parts.port or (443 if self.secure else 80)
        self.netloc = parts.netloc.rpartition("@")[2].encode()
        self._connect_seconds = connect_seconds
        self._places = asyncio.Semaphore(most)
        self._idle: deque[Connection] = deque()
        self._tls = ssl.create_default_context() if self.secure else None

    async def take(self, seconds: float) -> Connection:
        """A connection, to be given back. `Full` when there is none in time, `Unreachable` when nobody is there."""
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Full from None
        try:
            while self._idle:
                kept = self._idle.pop()
                if kept.usable:
                    return kept
                kept.close()
            return await self._connect()
        except BaseException:
            self._places.release()
            raise

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connect_seconds):
                _, line = await loop.create_connection(_Line, self.host, self.port, ssl=self._tls)
        except (OSError, TimeoutError) as error:
            raise Unreachable(type(error).__name__) from None
        return Connection(line)

    def give_back(self, connection: Connection) -> None:
        """Keep it for the next, or close it where its request did not end well."""
        if connection.finish():
            self._idle.append(connection)
        else:
            connection.close()
        self._places.release()

    def close(self) -> None:
        """Close what is idle; what is in use is closed by who uses it."""
        while self._idle:
            self._idle.pop().close()
