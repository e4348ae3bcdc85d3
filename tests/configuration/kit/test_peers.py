"""Calls to other services: one deadline, few retries, nothing believed; in process and over TCP alike."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from configuration.kit import peers as peers_module
from configuration.kit.deadline import DEADLINE_HEADER, entering_hop
from configuration.kit.edge import RequestEdge
from configuration.kit.logging import request_id, trace_parent
from configuration.kit.peers import (
    LARGEST_ANSWER,
    MOST_IN_FLIGHT,
    MOST_IN_PROCESS,
    PeerRegistry,
    PeerTimeout,
    PeerUnavailable,
)

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Peer:
    """A service that remembers its requests and answers as the path says."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.under_way = self.most = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.requests.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await (await self._answer(request))(scope, receive, send)
        finally:
            self.under_way -= 1

    async def _answer(self, request: Request) -> Response:
        match request.url.path.split("/")[-1]:
            case "slow":
                await asyncio.sleep(30)
            case "short":
                await asyncio.sleep(0.02)
            case "away":
                return RedirectResponse("http://evil.test/")
            case "broken":
                raise RuntimeError("inside")
            case "busy":
                return Response(status_code=503, headers={"Retry-After": "17"})
            case "late":
                return Response(status_code=504)
            case "huge":
                return Response(b"x" * (LARGEST_ANSWER + 1))
            case "missing":
                return JSONResponse({"code": "NOT_FOUND"}, 404)
        return JSONResponse({"ok": True})


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
async def peers(peer: Peer) -> AsyncIterator[PeerRegistry]:
    async with PeerRegistry() as registry:
        registry.register("faculty", RequestEdge(peer, service="faculty", hop=True))
        yield registry


@asynccontextmanager
async def tcp(handler: Handler) -> AsyncIterator[PeerRegistry]:
    """A registry whose peer is a raw TCP server."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    async with AsyncExitStack() as stack:
        registry = await stack.enter_async_context(PeerRegistry())
        stack.callback(server.close)
        registry.register("faculty", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        yield registry


class TestAnswers:
    async def test_a_peer_is_found_late_and_asked_by_its_full_path(self, peers: PeerRegistry, peer: Peer) -> None:
        answer = await peers.call("faculty", "POST", "/ch04/faculty/x", json={"a": 1}, token="t", key="k")

        asked = peer.requests[0]
        assert answer.json() == {"ok": True}
        assert asked.url.path == "/ch04/faculty/x"
        assert (asked.headers["authorization"], asked.headers["idempotency-key"]) == ("Bearer t", "k")

    async def test_the_request_id_and_the_trace_are_passed_on(self, peers: PeerRegistry, peer: Peer) -> None:
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        own, traced = request_id.set("r7"), trace_parent.set(trace)

        await peers.call("faculty", "GET", "/x")
        request_id.reset(own)
        trace_parent.reset(traced)

        assert (peer.requests[0].headers["x-request-id"], peer.requests[0].headers["traceparent"]) == ("r7", trace)

    async def test_a_refusal_of_the_peer_is_an_answer(self, peers: PeerRegistry) -> None:
        assert (await peers.call("faculty", "GET", "/missing")).status_code == 404

    @pytest.mark.parametrize("path", ["/away", "/broken", "/huge", "/busy"])
    async def test_what_makes_no_sense_is_no_answer(self, peers: PeerRegistry, path: str) -> None:
        with pytest.raises(PeerUnavailable) as caught:
            await peers.call("faculty", "POST", path)

        assert caught.value.status == 503
        assert caught.value.headers["Retry-After"] == ("17" if path == "/busy" else "2")

    async def test_a_redirect_is_not_followed(self, peers: PeerRegistry, peer: Peer) -> None:
        with pytest.raises(PeerUnavailable):
            await peers.call("faculty", "GET", "/away")

        assert len(peer.requests) == 1

    async def test_a_peer_that_breaks_in_process_breaks_nobody_else(self, peer: Peer) -> None:
        async with PeerRegistry() as registry:
            registry.register("library", peer)

            with pytest.raises(PeerUnavailable):
                await registry.call("library", "GET", "/broken")

    async def test_a_peer_nobody_named_is_away(self) -> None:
        async with PeerRegistry() as registry:
            with pytest.raises(PeerUnavailable):
                await registry.call("library", "GET", "/x")

    async def test_one_client_per_peer_is_shared_and_closed_with_the_registry(self, peers: PeerRegistry) -> None:
        client = peers.client("faculty")
        await peers.call("faculty", "GET", "/x")

        assert peers.client("faculty") is client
        await peers.close()
        assert client.is_closed


class TestDeadline:
    async def test_silence_in_process_ends_though_the_transport_knows_no_time_out(self, peers: PeerRegistry) -> None:
        started = time.monotonic()

        with pytest.raises(PeerTimeout) as caught:
            await peers.call("faculty", "GET", "/slow", timeout=0.1)

        assert caught.value.status == 504
        assert time.monotonic() - started < 10

    async def test_a_peer_that_waited_in_vain_is_told_as_such(self, peers: PeerRegistry) -> None:
        with pytest.raises(PeerTimeout):
            await peers.call("faculty", "GET", "/late")

    async def test_what_the_caller_still_waits_is_carried_along(self, peers: PeerRegistry, peer: Peer) -> None:
        with entering_hop(b"1200"):
            await peers.call("faculty", "GET", "/x")

        assert 500 < int(peer.requests[0].headers[DEADLINE_HEADER.decode()]) <= 1200

    @pytest.mark.parametrize("given", [b"99999999", b"-1", b"soon", None])
    async def test_no_caller_makes_it_longer(self, peers: PeerRegistry, peer: Peer, given: bytes | None) -> None:
        with entering_hop(given):
            await peers.call("faculty", "GET", "/x")

        assert int(peer.requests[0].headers[DEADLINE_HEADER.decode()]) <= 5000

    async def test_few_calls_are_in_flight_to_a_peer_of_the_same_process(self, peers: PeerRegistry, peer: Peer) -> None:
        await asyncio.gather(*(peers.call("faculty", "GET", "/short") for _ in range(64)))

        assert peer.most == MOST_IN_PROCESS

    async def test_what_a_peer_answers_by_itself_needs_no_place(self, peers: PeerRegistry) -> None:
        """Two services may need each other's keys while all places of both are taken."""
        taken = [asyncio.create_task(peers.call("faculty", "GET", "/slow", timeout=5)) for _ in range(MOST_IN_PROCESS)]
        await asyncio.sleep(0.05)

        with pytest.raises(PeerTimeout):
            await peers.call("faculty", "GET", "/x", timeout=0.1)
        answer = await peers.call("faculty", "GET", "/x", timeout=5, leaf=True)

        assert answer.status_code == 200
        for task in taken:
            task.cancel()
        await asyncio.gather(*taken, return_exceptions=True)


class TestRetries:
    @staticmethod
    def resetting(count: int, seen: list[int]) -> Handler:
        """A server that resets the first connections and then answers."""

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            seen.append(1)
            if len(seen) > count:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
                await writer.drain()
            writer.close()

        return handle

    @pytest.mark.parametrize(("method", "key"), [("GET", None), ("POST", "k1")])
    async def test_a_safe_or_keyed_call_is_sent_again_once(self, method: str, key: str | None) -> None:
        seen: list[int] = []

        async with tcp(self.resetting(1, seen)) as peers:
            answer = await peers.call("faculty", method, "/x", key=key)

        assert (answer.status_code, len(seen)) == (200, 2)

    async def test_but_only_once(self) -> None:
        seen: list[int] = []

        async with tcp(self.resetting(2, seen)) as peers:
            with pytest.raises(PeerUnavailable):
                await peers.call("faculty", "GET", "/x")

        assert len(seen) == 2

    async def test_another_call_is_never_sent_again(self) -> None:
        seen: list[int] = []

        async with tcp(self.resetting(1, seen)) as peers:
            with pytest.raises(PeerUnavailable):
                await peers.call("faculty", "POST", "/x")

        assert len(seen) == 1

    async def test_a_call_made_for_a_peer_is_not_sent_again_for_the_peer_will(self) -> None:
        seen: list[int] = []

        async with tcp(self.resetting(1, seen)) as peers:
            with entering_hop(b"5000"), pytest.raises(PeerUnavailable):
                await peers.call("faculty", "GET", "/x")

        assert len(seen) == 1

    async def test_nobody_listening_is_unavailable_at_once(self) -> None:
        async with PeerRegistry() as registry:
            registry.register("faculty", "http://127.0.0.1:9")
            started = time.monotonic()

            with pytest.raises(PeerUnavailable):
                await registry.call("faculty", "GET", "/x")

        assert time.monotonic() - started < 10


class TestTcp:
    async def test_at_most_twenty_calls_are_in_flight(self) -> None:
        under_way = most = 0

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal under_way, most
            await reader.readuntil(b"\r\n\r\n")
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.05)
            under_way -= 1
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
            await writer.drain()
            writer.close()

        async with tcp(handle) as peers:
            await asyncio.gather(*(peers.call("faculty", "GET", "/x") for _ in range(64)))

        assert most == MOST_IN_FLIGHT

    async def test_a_slow_peer_is_given_up_within_the_deadline(self) -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(1)
            writer.close()

        async with tcp(silent) as peers:
            with pytest.raises(PeerTimeout):
                await peers.call("faculty", "GET", "/x", timeout=0.2)

    async def test_a_compressed_answer_is_read(self) -> None:
        import gzip

        packed = gzip.compress(b'{"ok": true}')

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(packed)}\r\n\r\n"
            writer.write(head.encode() + packed)
            await writer.drain()
            writer.close()

        async with tcp(handle) as peers:
            assert (await peers.call("faculty", "GET", "/x")).json() == {"ok": True}

    def test_proxies_of_the_environment_are_not_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://evil.test:1")
        registry = PeerRegistry()
        registry.register("faculty", "http://127.0.0.1:1")

        client = registry.client("faculty")

        mounts: Any = client._mounts
        assert not any(isinstance(each, httpx.AsyncHTTPTransport) for each in mounts.values())
        assert peers_module.CONNECT_SECONDS == 0.25
