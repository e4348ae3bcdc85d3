"""A service that runs elsewhere: the gateway passes requests on, streaming, adding and losing nothing."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway import proxy
from tests.apps import free_port
from tests.gateway.elsewhere import gateway_to, proxied, raw, served


async def echo(request: Request) -> Response:
    body = await request.body()
    answer = JSONResponse(
        {
            "path": request.scope["raw_path"].decode(),
            "query": request.scope["query_string"].decode(),
            "headers": [[name.decode(), value.decode()] for name, value in request.headers.raw],
            "size": len(body),
        }
    )
    answer.headers.append("set-cookie", "a=1; Path=/ch04")
    answer.headers.append("set-cookie", "b=2; Path=/ch04")
    answer.headers["connection"] = "x-private"
    answer.headers["x-private"] = "for the gateway only"
    return answer


async def parts(request: Request) -> Response:
    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"part"
            await asyncio.sleep(0.2)

    return StreamingResponse(slowly())


async def slow(request: Request) -> Response:
    await asyncio.sleep(30)
    return Response()


PATHS = {"echo/{rest:path}": echo, "parts": parts, "slow": slow}
ROUTES = [Route(f"/ch04/faculty/{path}", endpoint, methods=["GET", "POST"]) for path, endpoint in PATHS.items()]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with served(Starlette(routes=ROUTES)) as port, gateway_to(f"http://127.0.0.1:{port}", tmp_path) as client:
        yield client


class TestPassingOn:
    async def test_path_query_host_and_headers_arrive_as_they_were_sent(self, client: httpx.AsyncClient) -> None:
        answer = await client.get(
            "/ch04/faculty/echo/a%2Fb%20c?q=%C3%A9&q=2",
            headers={"Host": "erp.example.edu", "X-Request-ID": "r1", "X-Forwarded-For": "6.6.6.6", "TE": "gzip"},
        )

        seen = answer.json()
        headers = dict(seen["headers"])
        assert (seen["path"], seen["query"]) == ("/ch04/faculty/echo/a%2Fb%20c", "q=%C3%A9&q=2")
        assert (headers["host"], headers["x-request-id"]) == ("erp.example.edu", "r1")
        assert headers["x-forwarded-for"] == "6.6.6.6"  # uvicorn believes the loopback, the gateway believes uvicorn
        assert (headers["x-forwarded-proto"], headers["x-forwarded-host"]) == ("http", "erp.example.edu")
        assert "te" not in headers
        assert len(headers) == len(seen["headers"])  # none came twice

    async def test_repeated_cookies_come_back_and_headers_of_the_hop_do_not(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/ch04/faculty/echo/x")

        assert answer.headers.get_list("set-cookie") == ["a=1; Path=/ch04", "b=2; Path=/ch04"]
        assert "x-private" not in answer.headers
        assert re.fullmatch(r"gateway;dur=[\d.]+, upstream;dur=[\d.]+", answer.headers["server-timing"])
        assert [len(answer.headers.get_list(name)) for name in ("x-request-id", "date")] == [1, 1]

    async def test_nobody_s_cookies_are_kept_for_the_next(self, client: httpx.AsyncClient) -> None:
        await client.get("/ch04/faculty/echo/x")
        client.cookies.clear()

        seen = (await client.get("/ch04/faculty/echo/x")).json()

        assert "cookie" not in dict(seen["headers"])

    async def test_an_answer_is_streamed(self, client: httpx.AsyncClient) -> None:
        arrivals = []
        async with client.stream("GET", "/ch04/faculty/parts") as answer:
            async for part in answer.aiter_raw():
                arrivals.append((time.monotonic(), part))

        assert b"".join(part for _, part in arrivals) == b"partpartpart"
        assert arrivals[-1][0] - arrivals[0][0] > 0.2

    @pytest.mark.parametrize("chunked", [True, False])
    async def test_a_body_is_streamed(self, client: httpx.AsyncClient, chunked: bool) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(64):
                yield b"x" * 65536

        content: Any = pieces() if chunked else b"x" * (64 * 65536)
        answer = await client.post("/ch04/faculty/echo/x", content=content)

        assert answer.json()["size"] == 64 * 65536
        assert "content-length" in dict(answer.json()["headers"]) or chunked

    async def test_other_services_are_mounted_as_before(self, client: httpx.AsyncClient) -> None:
        assert (await client.get("/ch04/library/health/live")).status_code == 200


class TestTrouble:
    async def test_silence_is_a_504(self) -> None:
        async with served(Starlette(routes=ROUTES)) as port, proxied(port, answer_seconds=0.2) as client:
            answer = await client.get("/ch04/faculty/slow")

        assert (answer.status_code, answer.json()["code"]) == (504, "PEER_TIMEOUT")

    async def test_nobody_there_is_a_503_and_a_browser_gets_a_page(self, tmp_path: Path) -> None:
        async with gateway_to(f"http://127.0.0.1:{free_port()}", tmp_path) as client:
            answer = await client.get("/ch04/faculty/index")
            page = await client.get("/ch04/faculty/index", headers={"Accept": "text/html"})
            own = await client.get("/ch04/library/health/live")

        assert (answer.status_code, answer.json()["code"]) == (503, "PEER_UNAVAILABLE")
        assert "retry-after" in answer.headers
        assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert own.status_code == 200

    async def test_who_fails_again_and_again_is_left_alone_for_a_moment(self) -> None:
        connections: list[int] = []

        async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections.append(1)
            writer.close()

        async with raw(hang_up) as port, proxied(port) as client:
            for _ in range(proxy.EJECT_AFTER):
                await client.get("/ch04/faculty/x")
            made = len(connections)
            answer = await client.get("/ch04/faculty/x")

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert len(connections) == made

    @pytest.mark.parametrize(
        ("request_of", "status"),
        [
            ({"headers": {"X-Odd": b"a\x01b"}}, 400),
            ({"headers": {"Connection": "host, content-length"}, "content": b"x"}, 200),
            ({"headers": {"X-Spaces": "  a  "}}, 200),
        ],
    )
    async def test_an_odd_request_neither_breaks_out_nor_cuts_the_service_off(
        self, request_of: dict[str, Any], status: int
    ) -> None:
        async with served(Starlette(routes=ROUTES)) as port, proxied(port) as client:
            odd = [await client.post("/ch04/faculty/echo/x", **request_of) for _ in range(proxy.EJECT_AFTER)]
            after = await client.get("/ch04/faculty/echo/x")

        assert [answer.status_code for answer in odd] == [status] * proxy.EJECT_AFTER
        assert after.status_code == 200

    async def test_more_than_the_connections_can_take_is_told_to_come_again(self) -> None:
        begun = asyncio.Event()

        async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")
            begun.set()
            await reader.read()
            writer.close()

        async with raw(begin) as port, proxied(port, most_connections=1, answer_seconds=0.2) as client:
            first = asyncio.create_task(client.get("/ch04/faculty/x"))
            await begun.wait()
            second = await client.get("/ch04/faculty/x")
            first.cancel()

        assert (second.status_code, second.json()["code"]) == (503, "OVERLOADED")

    @pytest.mark.parametrize("rubbish", [b"what?\r\n\r\n", b"HTTP/1.1 777 Yes\r\ncontent-length: 0\r\n\r\n"])
    async def test_an_answer_that_makes_no_sense_is_a_503(self, rubbish: bytes) -> None:
        async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(rubbish)
            writer.close()

        async with raw(babble) as port, proxied(port) as client:
            answer = await client.get("/ch04/faculty/x")

        assert (answer.status_code, answer.json()["code"]) == (503, "PEER_UNAVAILABLE")

    async def test_a_reset_of_a_safe_request_is_tried_once_more(self) -> None:
        seen: list[int] = []

        async def second_time_lucky(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            seen.append(1)
            if len(seen) > 1:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
                await writer.drain()
            writer.close()

        async with raw(second_time_lucky) as port, proxied(port) as client:
            read = await client.get("/ch04/faculty/x")
            seen.clear()
            written = await client.post("/ch04/faculty/x", content=b"x")

        assert (read.status_code, read.text) == (200, "ok")
        assert (written.status_code, len(seen)) == (503, 1)
