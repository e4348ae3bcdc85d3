"""Bodies carried on to another service while they arrive: none of it is held, none of it is sent twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from configuration.kit import peers as peers_module
from configuration.kit.peers import PeerRegistry, PeerTimeout, PeerUnavailable

PART = b"x" * 65_536


class Taker:
    """A service that notes each piece of a body, and answers as the path says."""

    def __init__(self) -> None:
        self.pieces: asyncio.Queue[int] = asyncio.Queue()
        self.cut_off = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        size = 0
        try:
            async for piece in request.stream():
                size += len(piece)
                self.pieces.put_nowait(len(piece))
                if request.url.path == "/full":
                    break
        except ClientDisconnect:
            self.cut_off += 1
            raise
        if request.url.path == "/silent":
            await asyncio.sleep(30)
        status = 413 if request.url.path == "/full" else 201
        await JSONResponse({"size": size}, status)(scope, receive, send)


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
async def peers(taker: Taker) -> AsyncIterator[PeerRegistry]:
    async with AsyncExitStack() as stack:
        registry = await stack.enter_async_context(PeerRegistry())
        registry.register("faculty", taker)
        yield registry


async def upload(peers: PeerRegistry, path: str, content: AsyncIterator[bytes], seconds: float = 5.0) -> int:
    """The status of an upload."""
    answer = await peers.upload("faculty", path, content=content, token="t", headers={}, timeout=seconds)
    return answer.status_code


async def parts(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield PART


class TestUploads:
    async def test_each_part_arrives_before_the_next_is_there(self, peers: PeerRegistry, taker: Taker) -> None:
        async def one_by_one() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield PART
                assert await asyncio.wait_for(taker.pieces.get(), 5) == len(PART)

        assert await upload(peers, "/x", one_by_one()) == 201

    async def test_a_peer_that_has_enough_is_heard(self, peers: PeerRegistry, taker: Taker) -> None:
        assert await upload(peers, "/full", parts(50)) == 413
        assert taker.pieces.qsize() == 1

    async def test_a_sender_that_goes_ends_it_on_both_sides(self, peers: PeerRegistry, taker: Taker) -> None:
        async def going() -> AsyncIterator[bytes]:
            yield PART
            raise ClientDisconnect

        with pytest.raises((ClientDisconnect, PeerUnavailable)):
            await upload(peers, "/x", going())

        assert taker.cut_off == 1

    async def test_silence_after_the_last_byte_is_no_answer(self, peers: PeerRegistry) -> None:
        with pytest.raises(PeerTimeout):
            await upload(peers, "/silent", parts(1), seconds=0.1)

    async def test_one_that_stands_still_is_given_up(
        self, peers: PeerRegistry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(peers_module, "UPLOAD_SECONDS", 0.1)

        async def stuck() -> AsyncIterator[bytes]:
            yield PART
            await asyncio.sleep(30)

        with pytest.raises(PeerTimeout):
            await upload(peers, "/x", stuck())

    async def test_what_was_lost_on_the_way_is_not_sent_again(self) -> None:
        seen = []

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            writer.transport.abort()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with PeerRegistry() as registry:
            registry.register("faculty", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            with pytest.raises(PeerUnavailable):
                await registry.upload("faculty", "/x", content=parts(40), token="t", key="k", headers={})
        server.close()

        assert len(seen) == 1
