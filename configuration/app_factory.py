"""How every service is assembled, and the two ways to run it: mounted in one process, or alone on its own port.

A service's constructor calls `create_service` and nothing else. What stands around an application, the edge with
request ids, log and security headers, is put there by `standalone` or `create_root`, never by the service itself.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI
from sqlalchemy import MetaData
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from configuration.index import Home, index_router
from configuration.kit import docs, health
from configuration.kit.calling import call_directly
from configuration.kit.clock import Clock, utc_now
from configuration.kit.database import open_database
from configuration.kit.edge import RequestEdge
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts.home import Ledger
from configuration.kit.openapi import check_access_rules, complete_openapi
from configuration.kit.parameters import KnownParameters, declared_parameters
from configuration.kit.peers import PeerRegistry
from configuration.kit.problems import install_problem_handlers
from configuration.kit.security.authenticator import Authenticator
from configuration.kit.security.keys import KeyRing
from configuration.kit.switchboard import Doors, Switchboard
from configuration.kit.web import Site
from configuration.settings import ServiceSettings, Settings

VERSION = "0.1.0"
LARGEST_BODY = 1024 * 1024
"""Bytes of a request's body; a route that takes files says its own `max_body_size`."""

NO_TELEMETRY: Any = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI would ask at each request whether somebody has set up OpenTelemetry."""


class Elsewhere(Protocol):
    """An ASGI application that leads to a service of another process."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead one request there."""

    async def close(self) -> None:
        """Close the connections."""


Hook = Callable[[FastAPI], AbstractAsyncContextManager[Any]]


def bare_application(**options: Any) -> FastAPI:
    """A FastAPI application as all of ours are: own documents, and no redirects made from the Host header."""
    app = FastAPI(
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
        **options,
    )
    install_problem_handlers(app)
    return app


def create_service(
    settings: ServiceSettings,
    *,
    peers: PeerRegistry,
    metadata: Sequence[MetaData],
    routers: Sequence[APIRouter],
    refusals: Mapping[str, Callable[[], Refusal]] | None = None,
    hooks: Sequence[Hook] = (),
    pages: Any = None,
    home: Home | None = None,
    servers: Sequence[str] = (),
    description: str = "",
    clock: Clock = utc_now,
) -> FastAPI:
    """The application of one service.

    `refusals` maps names of constraints to the refusals that a broken one means. `hooks` are entered, in order, once
    the database is open, and left in reverse; each is given the application, whose `state` holds `settings`, `peers`,
    `clock`, `database`, `keyring` and `authenticator`. `pages` renders answers for browsers,
    `home` the page of `/index`; `servers` names the book's server settings that the index shows. Raises
    `RouteWithoutRule` where a route has no access rule.
    """
    every = [health.router, docs.router, index_router(servers, home), *routers]
    lifespans = [router.lifespan_context for router in every]
    app = bare_application(
        title=settings.application,
        description=description,
        lifespan=_lifespan_of(settings, metadata, refusals or {}, [*lifespans, *hooks]),
        max_body_size=LARGEST_BODY,
    )
    app.state.settings = settings
    app.state.peers = peers
    app.state.clock = clock
    app.state.pages = pages
    for router in every:
        # Not `include_router`: it keeps a tree of routers, whose routes are tried twice at every request.
        app.router.routes.extend(router.routes)
    call_directly(app.router.routes)
    if pages is not None:
        app.mount("/static", pages.assets, name="static")
    app.router.middleware_stack = Switchboard(app.router)
    finish(app, settings.prefix)
    return app


def site_of(settings: ServiceSettings | Settings) -> Site:
    """What the pages of every service share."""
    return Site(
        university=settings.university,
        prefix=settings.prefix if isinstance(settings, Settings) else settings.root_prefix,
        zone=ZoneInfo(settings.zone),
        secure_cookies=settings.secure_cookies,
    )


def finish(app: FastAPI, prefix: str) -> None:
    """Check that every route says who may call it, and complete the application's documents."""
    check_access_rules(app)
    app.state.declared_parameters = declared_parameters(app)
    app.add_middleware(KnownParameters)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = complete_openapi(app, prefix)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _lifespan_of(
    settings: ServiceSettings,
    metadata: Sequence[MetaData],
    refusals: Mapping[str, Callable[[], Refusal]],
    hooks: Sequence[Hook],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        """Open the database, then what the service needs on top; close in reverse."""
        async with AsyncExitStack() as stack:
            settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = open_database(
                settings.database,
                metadata=metadata,
                refusals=refusals,
                server=True,
                production=settings.production,
                write_connections=settings.pool_writers,
                read_connections=settings.pool_readers,
            )
            stack.push_async_callback(database.close)
            app.state.database = database
            _identify(app, settings)
            for hook in hooks:
                await stack.enter_async_context(hook(app))
            yield

    return lifespan


def _identify(app: FastAPI, settings: ServiceSettings) -> None:
    """Give the service its keys, and the means to tell who calls."""
    state = app.state
    state.keyring = KeyRing(settings.service, settings.keys_dir, state.clock(), production=settings.production)
    ledger = Ledger(settings.service, state.database)
    state.authenticator = Authenticator(
        settings.service, state.keyring, state.peers, ledger, prefix=settings.root_prefix
    )


@asynccontextmanager
async def run_lifespans(apps: Sequence[FastAPI]) -> AsyncIterator[None]:
    """Enter the lifespan of each application: those of mounted ones do not run by themselves."""
    async with AsyncExitStack() as stack:
        for app in apps:
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield


def in_process(app: FastAPI, settings: ServiceSettings) -> ASGIApp:
    """A mounted service as its peers reach it: at its public path, with a log line per hop."""
    return _placed(app, settings, hop=True)


def standalone(app: FastAPI, settings: ServiceSettings, *, peers: PeerRegistry) -> Starlette:
    """A service as it runs alone: the same application at the same public path, its lifespan, and the edge."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with peers, run_lifespans([app]):
            yield

    return _placed(app, settings, *_stand_ins(settings), hop=False, lifespan=lifespan)


def _stand_ins(settings: ServiceSettings) -> Sequence[Route]:
    """The gateway's doors, which nobody keeps where there is no gateway: they lead to the service's own, or on."""

    def door(path: str, to: str) -> Route:
        async def lead(request: Request) -> Response:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{to}{query}")

        return Route(path, lead)

    root, own = settings.root_prefix, settings.prefix
    neighbours = [(f"{root}/{name}/index", base) for name, base in settings.bases.items() if name != settings.service]
    return [
        door("/", f"{own}/index"),
        door(f"{root}/", f"{own}/index"),
        door(f"{root}/sign-in", f"{own}/sign-in"),
        door(f"{root}/docs", f"{own}/docs"),
        *(door(path, f"{base}{path}") for path, base in neighbours),
    ]


def _placed(app: FastAPI, settings: ServiceSettings, *doors: Route, hop: bool, **options: Any) -> Starlette:
    outer = Starlette(routes=[Mount(settings.prefix, app), *doors], **options)
    outer.router.redirect_slashes = False
    install_problem_handlers(outer)
    most = None if hop else settings.max_in_flight
    outer.add_middleware(RequestEdge, service=settings.service, hop=hop, hsts=settings.secure_cookies, most=most)
    return outer


def create_root(
    settings: Settings,
    gateway: FastAPI,
    mounted: Mapping[str, FastAPI],
    *,
    peers: PeerRegistry,
    elsewhere: Mapping[str, Elsewhere] | None = None,
) -> FastAPI:
    """The university behind one address: the gateway's application with the services mounted in it.

    `elsewhere` are applications that lead to services of other processes; they are closed at the end.
    """
    here, away = (
        [Mount(settings.of(service).prefix, app, name=service) for service, app in places.items()]
        for places in (mounted, elsewhere or {})
    )
    gateway.router.routes[:0] = [*here, *away]
    # What leads elsewhere refuses as the gateway does, and so goes through the gateway.
    gateway.add_middleware(Doors, mounts=here, router=gateway.router)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(peers)
            for way in (elsewhere or {}).values():
                stack.push_async_callback(way.close)
            await stack.enter_async_context(run_lifespans([*mounted.values()]))
            yield

    gateway.router.lifespan_context = lifespan
    gateway.add_middleware(RequestEdge, service="gateway", hsts=settings.secure_cookies, most=settings.max_in_flight)
    return gateway
