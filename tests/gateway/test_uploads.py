"""Uploads to a service elsewhere: counted while they come, held by nobody, and ended where either side ends them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.apps import serve
from tests.gateway.elsewhere import gateway_to, proxied, raw

MIB = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


class Sink:
    """A server that takes one body per connection and counts it; `ended` is set when its client hangs up."""

    def __init__(self) -> None:
        self.size = 0
        self.begun, self.ended = asyncio.Event(), asyncio.Event()
        self.content_length = -1

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.size = 0
        if b"content-length: " in head:
            self.content_length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        try:
            while self.size != self.content_length and (part := await reader.read(MIB)):
                self.size += len(part)
                self.begun.set()
            if self.size == self.content_length:
                writer.write(HEAD)
            self.begun.set()
            await reader.read()
        except ConnectionError:
            pass
        self.ended.set()
        writer.close()


async def pieces(count: int, size: int = MIB) -> AsyncIterator[bytes]:
    piece = b"x" * size
    for _ in range(count):
        yield piece


def memory_of(pid: int, field: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) / 1024


class TestLimits:
    @pytest.mark.parametrize("chunked", [True, False])
    async def test_a_body_too_large_is_refused_while_it_comes(self, chunked: bool) -> None:
        sink = Sink()
        content: Any = pieces(200, 1000) if chunked else b"x" * 200_000
        async with raw(sink) as port, proxied(port, largest_body=100_000) as client:
            answer = await client.post("/ch04/faculty/x", content=content)
            if chunked:
                await asyncio.wait_for(sink.ended.wait(), 5)

        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert sink.size < 110_000
        assert chunked or sink.content_length == -1, "what says itself that it is too large is not begun"

    @pytest.mark.parametrize("chunked", [True, False])
    async def test_a_refusal_at_the_first_bytes_arrives(self, tmp_path: Path, chunked: bool) -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 4\r\n\r\nmuch")
            await writer.drain()
            await reader.read(10)
            writer.close()  # With most of the body unread: the other end sees a reset.

        answers = []
        async with raw(refuse) as port, proxied(port) as client:
            for _ in range(4):
                content: Any = pieces(8) if chunked else b"x" * (8 * MIB)
                answers.append(await client.post("/ch04/faculty/x", content=content))

        assert [(answer.status_code, answer.text) for answer in answers] == [(413, "much")] * 4

    async def test_a_connection_that_carried_a_long_body_is_not_used_again(self) -> None:
        """Its other end may have answered before it took all, and may be about to hang up."""
        async with raw(Sink()) as port, proxied(port, answer_seconds=2) as client:
            answers = [await client.post("/ch04/faculty/x", content=b"x" * size) for size in (100_000, 1)]

        assert [answer.status_code for answer in answers] == [200, 200]


class TestHangingUp:
    async def test_an_upload_cut_short_is_cut_short_for_the_service(self, tmp_path: Path) -> None:
        sink = Sink()
        async with raw(sink) as port, gateway_to(f"http://127.0.0.1:{port}", tmp_path) as client:
            _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
            writer.write(b"POST /ch04/faculty/x HTTP/1.1\r\nhost: h\r\ncontent-length: 1000000\r\n\r\n" + b"x" * 1000)
            await asyncio.wait_for(sink.begun.wait(), 5)
            writer.transport.abort()
            await asyncio.wait_for(sink.ended.wait(), 5)

            after = await client.get("/ch04/library/health/live")

        assert 0 < sink.size < 1_000_000
        assert after.status_code == 200

    async def test_nobody_works_for_a_client_that_has_left(self, tmp_path: Path) -> None:
        asked, ended = asyncio.Event(), asyncio.Event()

        async def think(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            asked.set()
            await reader.read()
            ended.set()
            writer.close()

        async with raw(think) as port, gateway_to(f"http://127.0.0.1:{port}", tmp_path) as client:
            _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
            writer.write(b"GET /ch04/faculty/x HTTP/1.1\r\nhost: h\r\n\r\n")
            await asyncio.wait_for(asked.wait(), 5)
            writer.transport.abort()
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 3)

        assert ended.is_set(), "the service was not told that its client has left"


class TestMemory:
    @pytest.mark.slow
    async def test_two_hundred_megabytes_pass_without_being_held(
        self, tmp_path: Path, sqlite_templates: Callable[[str], Path]
    ) -> None:
        """Measured on the process that `erp serve` starts, there and back."""
        shutil.copy(sqlite_templates("library_mgt"), tmp_path / "library.db")
        sink, fountain = Sink(), 0
        async with raw(sink) as port, raw(pour) as source:
            urls: dict[str, Any] = {
                "faculty_url": f"http://127.0.0.1:{port}",
                "student_url": f"http://127.0.0.1:{source}",
            }
            with serve(tmp_path, **urls) as gateway:
                before = memory_of(gateway.process.pid, "VmRSS")
                async with httpx.AsyncClient(base_url=gateway.url, timeout=120) as client:
                    headers = {"Content-Length": str(200 * MIB)}
                    answer = await client.post("/ch04/faculty/x", content=pieces(200), headers=headers)
                    async with client.stream("GET", "/ch04/student/x") as flowing:
                        async for part in flowing.aiter_raw():
                            fountain += len(part)
                grown = memory_of(gateway.process.pid, "VmHWM") - before

        assert (answer.status_code, sink.size, fountain) == (200, 200 * MIB, 64 * MIB)
        assert grown < 32, f"{grown:.1f} MiB"


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with many megabytes, as fast as they are taken."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
    async for piece in pieces(64):
        writer.write(piece)
        await writer.drain()
    writer.close()
