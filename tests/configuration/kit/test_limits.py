"""Requests that are too slow or too large while they are being sent: closed, and the others unharmed."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from configuration.kit.limits import LARGEST_HEAD, UNREAD_BODY, bounded_protocol
from tests.apps import free_port

HEAD_SECONDS = 1.0
SLACK = 10.0
"""Seconds a busy machine may take longer; a connection that is never closed takes twice that."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    if request.url.path == "/unread":
        await PlainTextResponse("enough", 413)(scope, receive, send)
        return
    if request.url.path == "/slow":
        await asyncio.sleep(3)
    size = len(await request.body())
    await PlainTextResponse(str(size))(scope, receive, send)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    chosen = free_port()
    config = uvicorn.Config(
        app, port=chosen, http=bounded_protocol(HEAD_SECONDS, 5.0), log_config=None, lifespan="off", loop="asyncio"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield chosen
    server.should_exit = True
    await task


async def get(port: int, path: str = "/") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def drip(
    port: int, first: bytes, piece: bytes, *, every: float = 0.1, seconds: float = 20.0
) -> tuple[float, bytes]:
    """Send bytes one by one until the server has enough; answers how long it took and what it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = time.monotonic()
    writer.write(first)
    reading = asyncio.create_task(reader.read())
    while not reading.done() and time.monotonic() - started < seconds:
        try:
            writer.write(piece)
            await writer.drain()
        except ConnectionError:
            break
        await asyncio.sleep(every)
    elapsed = time.monotonic() - started
    writer.close()
    try:
        return elapsed, await asyncio.wait_for(reading, 1)
    except (ConnectionError, TimeoutError):
        return elapsed, b""


class TestSlowRequests:
    async def test_headers_that_dribble_are_closed_and_others_served_meanwhile(self, port: int) -> None:
        slow = asyncio.create_task(drip(port, b"GET / HTTP/1.1\r\nX-Slow: ", b"a"))
        await asyncio.sleep(0.3)
        good = await get(port)

        elapsed, said = await slow

        assert good.startswith(b"HTTP/1.1 200 ")
        assert HEAD_SECONDS <= elapsed < HEAD_SECONDS + SLACK
        assert said.startswith(b"HTTP/1.1 408 ")

    async def test_a_connection_that_says_nothing_is_closed(self, port: int) -> None:
        elapsed, _ = await drip(port, b"", b"")

        assert elapsed < HEAD_SECONDS + SLACK

    async def test_a_body_that_dribbles_is_closed(self, port: int) -> None:
        elapsed, _ = await drip(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", b"a")

        assert elapsed < HEAD_SECONDS + SLACK

    async def test_a_second_request_on_the_connection_has_the_same_time(self, port: int) -> None:
        first = b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nX-Slow: "

        elapsed, said = await drip(port, first, b"a")

        assert said.startswith(b"HTTP/1.1 200 ")
        assert elapsed < HEAD_SECONDS + SLACK

    async def test_a_large_body_at_a_fair_pace_goes_through(self, port: int) -> None:
        size = 40 * 4096
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(40):
            writer.write(b"a" * 4096)
            await writer.drain()
            await asyncio.sleep(0.05)

        answer = await reader.read()

        assert answer.endswith(str(size).encode())
        writer.close()

    async def test_a_server_that_thinks_long_is_not_a_slow_client(self, port: int) -> None:
        assert (await get(port, "/slow")).startswith(b"HTTP/1.1 200 ")


class TestLargeRequests:
    @pytest.mark.parametrize("whole", [True, False], ids=["whole", "endless"])
    async def test_headers_without_end_are_refused(self, port: int, whole: bool) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nX-Large: " + b"a" * (LARGEST_HEAD + 1) + (b"\r\n\r\n" if whole else b""))

        answer = await asyncio.wait_for(reader.read(), 5)

        assert answer.startswith(b"HTTP/1.1 431 ")
        writer.close()

    async def test_headers_within_the_limit_are_served(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nConnection: close\r\nX-Large: " + b"a" * (LARGEST_HEAD - 200) + b"\r\n\r\n")

        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
        writer.close()

    async def test_a_body_nobody_reads_is_not_taken_for_ever(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        first = await reader.read(100)
        sent = 0
        with pytest.raises(ConnectionError):
            while sent < 64 * UNREAD_BODY:
                writer.write(b"a" * 65536)
                await writer.drain()
                sent += 65536

        assert first.startswith(b"HTTP/1.1 413 ")

    async def test_bytes_that_are_not_http_are_refused(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x16\x03\x01 hello\r\n\r\n")

        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()
