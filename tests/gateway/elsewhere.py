"""A service elsewhere, and the ways to it: the whole gateway on a real port, or the proxy alone."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

import main
from configuration.kit.edge import RequestEdge
from configuration.settings import Settings
from gateway import proxy

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[int]:
    """An application on a real port of this process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, lifespan="off", loop="asyncio", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve([listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        await task


@asynccontextmanager
async def gateway_to(url: str, var: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway with student and library mounted and faculty elsewhere, on a real port."""
    for service in ("student", "library"):
        (var / f"{service}.db").touch()
    app = main.create_app(Settings(var=var, faculty={"url": url}))
    async with (
        app.router.lifespan_context(app),
        served(app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client,
    ):
        yield client


@asynccontextmanager
async def proxied(port: int, scheme: str = "http", **limits: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A proxy alone, with limits of the test's choice."""
    elsewhere = proxy.Proxy("faculty", f"{scheme}://127.0.0.1:{port}", **limits)
    outer = Starlette(routes=[Mount("/ch04/faculty", elsewhere)])
    transport = httpx.ASGITransport(RequestEdge(outer, service="gateway"))
    async with httpx.AsyncClient(transport=transport, base_url="http://erp.test") as client:
        yield client
    await elsewhere.close()


@asynccontextmanager
async def raw(handle: Handler) -> AsyncIterator[int]:
    """A server whose every byte is the test's own."""
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        yield port
