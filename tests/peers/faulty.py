"""A way to a service over TCP on which things go wrong, as told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import httpx
from starlette.types import ASGIApp

from configuration.kit.peers import LARGEST_ANSWER

JSON = "content-type: application/json\r\n"
PROBLEM = "content-type: application/problem+json\r\n"


def reply(status: str, headers: str = JSON, body: bytes = b"{}", *, length: int | None = None) -> bytes:
    """The bytes of an answer."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\n{headers}content-length: {size}\r\n\r\n".encode() + body


ANSWERS: Mapping[str, Callable[[], bytes]] = {
    "nonsense": lambda: reply("200 OK", body=b"<rubbish>"),
    "other fields": lambda: reply("200 OK", body=b'{"items": [{"book": "Dune"}], "next": null}'),
    "deep": lambda: reply("200 OK", body=b"[" * 100_000),
    "not HTTP": lambda: b"\x16\x03\x01 what?\r\n\r\n",
    "half": lambda: reply("200 OK", length=100),
    "oversize": lambda: reply("200 OK", body=b" " * (LARGEST_ANSWER + 1)),
    "500": lambda: reply("500 Internal Server Error", PROBLEM),
    "redirect": lambda: reply("302 Found", "location: http://evil.test/\r\n", b""),
    "a token not believed": lambda: reply("401 Unauthorized", PROBLEM, b'{"code": "TOKEN_REFUSED"}'),
    "another's 404": lambda: reply("404 Not Found", "content-type: text/html\r\n", b"<h1>Not Found</h1>"),
    "an address unknown": lambda: reply(
        "404 Not Found", PROBLEM, b'{"code": "NO_SUCH_PAGE", "title": "Not Found", "detail": "Nothing here."}'
    ),
    "a refusal that is none": lambda: reply("409 Conflict", PROBLEM, b'{"code": 7}'),
}


class Faulty:
    """Passes requests on to an application, unless `fault` says otherwise; `asked` counts what came.

    Beside the names in `ANSWERS` there are `silent`, `drip` (an answer byte by byte), `reset` (hung up on), and
    `lost` (the service acts, its answer does not arrive). `times` bounds how often the fault happens.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://library.test"
        )
        self.fault: str | None = None
        self.times: int | None = None
        self.asked: list[dict[str, str]] = []
        self.port = 0
        self.serving: set[asyncio.Task[None]] = set()

    def set(self, fault: str | None, times: int | None = None) -> None:
        """What goes wrong from now on."""
        self.fault, self.times, self.asked = fault, times, []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        try:
            while True:
                head, _, rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").partition("\r\n")
                method, target, _ = head.split(" ")
                headers = dict(line.split(": ", 1) for line in rest.strip().split("\r\n"))
                lowered = {name.lower(): value for name, value in headers.items()}
                body = await reader.readexactly(int(lowered.get("content-length", "0")))
                self.asked.append(lowered)
                if not await self._answer(writer, method, target, lowered, body):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, writer: asyncio.StreamWriter, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> bool:
        """Answer one request; whether the connection goes on."""
        fault = self.fault if self.times is None or self.times > 0 else None
        if self.times is not None:
            self.times -= 1
        if fault == "silent":
            await asyncio.sleep(30)
        if fault == "reset":
            writer.transport.abort()
            return False
        if fault == "drip":
            for _ in range(600):
                writer.write(b"H")
                await writer.drain()
                await asyncio.sleep(0.05)
        if fault is not None and fault in ANSWERS:
            writer.write(ANSWERS[fault]())
            await writer.drain()
            return False
        told = await self.client.request(method, target, headers=headers, content=body)
        if fault == "lost":
            writer.transport.abort()
            return False
        kept = [f"{name}: {value}\r\n" for name, value in told.headers.items() if name != "content-length"]
        writer.write(reply(f"{told.status_code} Said", "".join(kept), told.content))
        await writer.drain()
        return True


@asynccontextmanager
async def faulty_way(app: ASGIApp) -> AsyncIterator[Faulty]:
    """A way to the application, listening."""
    way = Faulty(app)
    server = await asyncio.start_server(way.handle, "127.0.0.1", 0)
    way.port = server.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        server.close()
        for task in way.serving:
            task.cancel()
        await asyncio.gather(*way.serving, return_exceptions=True)
        await way.client.aclose()
