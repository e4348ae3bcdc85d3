"""The split installation's nginx, with the configuration as it lies in the repository but for the ports."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests import nginx
from tests.apps import free_port
from tests.gateway.elsewhere import raw, served

pytestmark = pytest.mark.skipif(nginx.PROGRAM is None, reason=nginx.MISSING)

MIB = 1024 * 1024
Ask = Callable[[Request], Awaitable[Response]]


async def echo(request: Request) -> Response:
    answer = JSONResponse(
        {
            "path": request.scope["raw_path"].decode(),
            "headers": [[name.decode(), value.decode()] for name, value in request.headers.raw],
        }
    )
    answer.headers.append("set-cookie", "a=1; Path=/ch04")
    answer.headers.append("set-cookie", "b=2; Path=/ch04")
    return answer


async def silence(request: Request) -> Response:
    await asyncio.sleep(5)
    return Response()


async def ready(request: Request) -> Response:
    return Response()


def service(name: str, **more: Ask) -> Starlette:
    own: dict[str, Ask] = {"echo/{rest:path}": echo, "silence": silence, "health/ready": ready, **more}
    methods = ["GET", "POST"]
    return Starlette(routes=[Route(f"/ch04/{name}/{path}", what, methods=methods) for path, what in own.items()])


@asynccontextmanager
async def behind_nginx(folder: Path, library: Starlette | int, **changes: str) -> AsyncIterator[httpx.AsyncClient]:
    """nginx before a gateway and a library service, which is an application or a port."""
    async with AsyncExitStack() as stack:
        ports = dict.fromkeys(nginx.PORTS, free_port())
        ports["gateway"] = await stack.enter_async_context(served(service("gateway")))
        if not isinstance(library, int):
            library = await stack.enter_async_context(served(library))
        ports["library"] = library
        front = nginx.nginx_before(ports, folder / "nginx", ready="/ch04/gateway/health/ready", **changes)
        stack.callback(front.stop)
        front.launch()
        await asyncio.to_thread(front.wait)
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{front.port}", timeout=20)
        yield await stack.enter_async_context(client)


class TestPassingOn:
    async def test_what_was_sent_arrives(self, tmp_path: Path) -> None:
        lies = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.test", "Forwarded": "for=6.6.6.6"}
        async with behind_nginx(tmp_path, service("library")) as client:
            told = {"Host": "erp.example.edu:81", "X-Request-ID": "r1", **lies}
            answer = await client.get("/ch04/library/echo/a%2Fb%20c?q=2", headers=told)
            odd = await client.get("/ch04/library/echo/x", headers={"X-Request-ID": 'x","y":"'})

        seen = answer.json()
        headers = dict(seen["headers"])
        assert seen["path"] == "/ch04/library/echo/a%2Fb%20c"
        assert (headers["host"], headers["x-forwarded-host"]) == ("erp.example.edu:81", "erp.example.edu:81")
        assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("127.0.0.1", "http")
        assert (headers["x-request-id"], "forwarded" in headers) == ("r1", False)
        assert answer.headers.get_list("set-cookie") == ["a=1; Path=/ch04", "b=2; Path=/ch04"]
        assert len(dict(odd.json()["headers"])["x-request-id"]) == 32

    async def test_connections_to_a_service_are_kept(self, tmp_path: Path) -> None:
        connections: list[int] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections.append(1)
            while head := await reader.readuntil(b"\r\n\r\n"):
                closing = b"connection: close" in head.lower()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                if closing:
                    break
            writer.close()

        async with raw(answer) as port, behind_nginx(tmp_path, port) as client:
            statuses = [(await client.get("/ch04/library/x")).status_code for _ in range(20)]

        assert (statuses, len(connections)) == ([200] * 20, 1)


class TestTrouble:
    async def test_nobody_there_is_a_503_and_a_browser_gets_a_page(self, tmp_path: Path) -> None:
        async with behind_nginx(tmp_path, free_port()) as client:
            answer = await client.post("/ch04/library/x", content=b"x", headers={"X-Request-ID": "r2"})
            page = await client.get("/ch04/library/x", headers={"Accept": "text/html,*/*"})
            own = await client.get("/ch04/gateway/health/ready")
            inside = await client.get("/erp-trouble.json")

        problem = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert (problem["status"], problem["code"], problem["request_id"]) == (503, "PEER_UNAVAILABLE", "r2")
        assert (answer.headers["retry-after"], answer.headers["x-request-id"]) == ("2", "r2")
        assert (page.status_code, page.headers["content-type"]) == (503, "text/html")
        assert "<h1>Another part of the university's system is away" in page.text
        assert (own.status_code, inside.status_code) == (200, 404)

    async def test_silence_is_a_504(self, tmp_path: Path) -> None:
        async with behind_nginx(tmp_path, service("library"), proxy_read_timeout="200ms") as client:
            answer = await client.get("/ch04/library/silence")

        assert (answer.status_code, answer.json()["code"]) == (504, "PEER_TIMEOUT")
        assert "retry-after" in answer.headers

    async def test_a_service_s_own_refusals_pass_unchanged(self, tmp_path: Path) -> None:
        async def refuse(request: Request) -> Response:
            return JSONResponse({"code": "OURS"}, int(request.query_params["status"]))

        async with behind_nginx(tmp_path, service("library", refuse=refuse)) as client:
            answers = [await client.get(f"/ch04/library/refuse?status={n}") for n in (413, 503, 504)]

        assert [(a.status_code, a.json()["code"]) for a in answers] == [(413, "OURS"), (503, "OURS"), (504, "OURS")]


class TestUploads:
    async def test_a_body_reaches_the_service_before_it_is_whole(self, tmp_path: Path) -> None:
        begun = asyncio.Event()
        sizes: list[int] = []

        async def take(request: Request) -> Response:
            size = 0
            async for part in request.stream():
                begun.set()
                size += len(part)
            sizes.append(size)
            return Response()

        async def pieces() -> AsyncIterator[bytes]:
            yield b"x" * MIB
            await asyncio.wait_for(begun.wait(), 5)
            for _ in range(15):
                yield b"x" * MIB

        async with behind_nginx(tmp_path, service("library", take=take)) as client:
            answer = await client.post("/ch04/library/take", content=pieces())

        assert (answer.status_code, sizes) == (200, [16 * MIB])

    async def test_an_upload_cut_short_is_cut_short_for_the_service(self, tmp_path: Path) -> None:
        begun, ended = asyncio.Event(), asyncio.Event()

        async def take(request: Request) -> Response:
            try:
                async for _ in request.stream():
                    begun.set()
            except ClientDisconnect:
                ended.set()
            return Response()

        async with behind_nginx(tmp_path, service("library", take=take)) as client:
            _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
            head = b"POST /ch04/library/take HTTP/1.1\r\nhost: h\r\ncontent-length: 1000000\r\n\r\n"
            writer.write(head + b"x" * 1000)
            await asyncio.wait_for(begun.wait(), 5)
            writer.transport.abort()
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 5)

        assert ended.is_set()

    @pytest.mark.parametrize("limit", ["nginx", "service"])
    async def test_what_is_too_large_is_told_so(self, tmp_path: Path, limit: str) -> None:
        async def refuse(request: Request) -> Response:
            return JSONResponse({"code": "TOO_LARGE"}, 413)

        changes: dict[str, Any] = {"client_max_body_size": "1m"} if limit == "nginx" else {}
        async with behind_nginx(tmp_path, service("library", take=refuse), **changes) as client:
            answer = await client.post("/ch04/library/take", content=b"x" * (2 * MIB))

        assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
        assert "retry-after" not in answer.headers

    async def test_an_answer_is_streamed(self, tmp_path: Path) -> None:
        async def flow(request: Request) -> Response:
            async def pieces() -> AsyncIterator[bytes]:
                for _ in range(16):
                    yield b"x" * MIB

            return StreamingResponse(pieces())

        async with behind_nginx(tmp_path, service("library", flow=flow)) as client:
            answer = await client.get("/ch04/library/flow")

        assert len(answer.content) == 16 * MIB
