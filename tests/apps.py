"""The university running inside a test: mounted behind the gateway, or each service alone. Same URLs, same answers.

    async with open_erp("alone", settings) as erp:
        answer = await erp.client.get("/ch04/library/titles")

`erp.client` reaches every address in both modes; `erp.app("library")` is a service's application with its `state`.
`serve` starts the real process on a free port instead.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

import main
from configuration.app_factory import create_root, run_lifespans, standalone
from configuration.kit.edge import RequestEdge
from configuration.kit.peers import PeerRegistry
from configuration.settings import ROOT, SERVICES, Settings

Mode = Literal["mounted", "alone"]
MODES: tuple[Mode, ...] = ("mounted", "alone")


@dataclass(frozen=True)
class Erp:
    """A running university. `client` sends to `http://erp.test`; make more with `new_client` for other cookies."""

    mode: Mode
    settings: Settings
    asgi: ASGIApp
    client: httpx.AsyncClient
    apps: Mapping[str, FastAPI]
    gateway: FastAPI

    def app(self, service: str) -> FastAPI:
        """The application of one service."""
        return self.apps[service]

    def new_client(self, **options: Any) -> httpx.AsyncClient:
        """Another client, with cookies of its own; close it or use it in `async with`."""
        return _client(self.asgi, **options)


def _client(asgi: ASGIApp, **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(asgi, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://erp.test", **options)


def erp_settings(var: Path, new_url: Callable[[str], str] | None = None, **changes: Any) -> Settings:
    """Settings of an installation in `var`. `new_url("library_mgt")` answers the URL of a migrated database."""
    own: dict[str, Any] = {}
    for service in SERVICES:
        given = dict(changes.pop(service, {}))
        if new_url is not None:
            given.setdefault("database", new_url(f"{service}_mgt"))
        own[service] = given
    return Settings(var=var, **own, **changes)


@asynccontextmanager
async def mounted(settings: Settings) -> AsyncIterator[Erp]:
    """All services in one application behind the gateway."""
    root = main.create_app(settings)
    mounts = [route for route in root.router.routes if isinstance(route, Mount) and route.name in SERVICES]
    apps = {str(mount.name): mount.app for mount in mounts if isinstance(mount.app, FastAPI)}
    async with root.router.lifespan_context(root), _client(root) as client:
        yield Erp("mounted", settings, root, client, apps, root)


@asynccontextmanager
async def alone(settings: Settings) -> AsyncIterator[Erp]:
    """Each service an application of its own, as on its own port; they reach one another at their outer edge."""
    registries: dict[str, PeerRegistry] = {service: PeerRegistry() for service in SERVICES}
    apps: dict[str, FastAPI] = {
        service: main.SERVICES[service](settings.of(service), peers=registries[service]) for service in SERVICES
    }
    outer: dict[str, ASGIApp] = {
        service: standalone(app, settings.of(service), peers=registries[service]) for service, app in apps.items()
    }
    gateway_peers = PeerRegistry()
    for registry in (*registries.values(), gateway_peers):
        for service, app in outer.items():
            registry.register(service, app)
    gateway = main.create_front(settings, peers=gateway_peers)
    create_root(settings, gateway, {}, peers=gateway_peers)
    asgi = _ByPrefix({settings.of(service).prefix: app for service, app in outer.items()}, gateway)
    async with AsyncExitStack() as stack:
        for registry in (*registries.values(), gateway_peers):
            await stack.enter_async_context(registry)
        await stack.enter_async_context(run_lifespans([*apps.values()]))
        client = await stack.enter_async_context(_client(asgi))
        yield Erp("alone", settings, asgi, client, apps, gateway)


class _ByPrefix:
    """Stands for the ports: sends each address to the application that would listen there."""

    def __init__(self, places: Mapping[str, ASGIApp], otherwise: ASGIApp) -> None:
        self.places, self.otherwise = places, otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        found = next((app for prefix, app in self.places.items() if path.startswith(f"{prefix}/")), self.otherwise)
        await found(scope, receive, send)


@asynccontextmanager
async def open_erp(mode: Mode, settings: Settings) -> AsyncIterator[Erp]:
    """The university in either mode."""
    async with (mounted if mode == "mounted" else alone)(settings) as erp:
        yield erp


def edge(app: ASGIApp) -> RequestEdge:
    """Any application behind the edge, for tests of the kit."""
    return RequestEdge(app, service="test")


@dataclass
class Served:
    """A real server process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, sign: int = signal.SIGTERM, seconds: float = 20) -> int:
        """Send a signal and wait; answers the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(seconds)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment_of(var: Path, **settings: Any) -> dict[str, str]:
    """The environment of a process: ours without `ERP_*`, with these settings (`library_port=1`)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ERP_")}
    return {**kept, "ERP_VAR": str(var), **{f"ERP_{name.upper()}": str(value) for name, value in settings.items()}}


@contextmanager
def serve(var: Path, *, module: str = "", port: int = 0, seconds: float = 90, **settings: Any) -> Iterator[Served]:
    """Start the real process on a free port, or on that one: the whole university, or `module="library_mgt"` alone.

    The databases must be migrated. Stopped by SIGKILL at the end if it still runs.
    """
    port = port or free_port()
    name = f"{module.removesuffix('_mgt')}_port" if module else "port"
    command = [sys.executable, "-m", module] if module else [sys.executable, "-c", SERVE_ALL]
    output = var / f"served-{port}.txt"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment_of(var, **{name: port, **settings}), stdout=sink, stderr=sink
        )
    served = Served(f"http://127.0.0.1:{port}", process, var / "logs" / "info.log")
    path = f"/ch04/{module.removesuffix('_mgt')}/health/ready" if module else "/ch04/health/ready"
    try:
        _wait(served, path, output, seconds)
        yield served
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


SERVE_ALL = (
    "from configuration.server import serve; from configuration.settings import load_settings; "
    "settings = load_settings(serving=True); serve('main:app', settings, port=settings.port)"
)


def _wait(served: Served, path: str, output: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if served.process.poll() is not None:
            raise RuntimeError(f"the server ended: {output.read_text()[-3000:]}")
        try:
            if httpx.get(served.url + path, timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"the server was not ready in {seconds} s: {output.read_text()[-3000:]}")


async def gather_limited(count: int, make: Callable[[int], Any]) -> list[Any]:
    """`make(0)` to `make(count - 1)`, all at once; exceptions are answers."""
    return await asyncio.gather(*(make(number) for number in range(count)), return_exceptions=True)
