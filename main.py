"""The composition root: builds the services, tells each where the others are, mounts them behind the gateway.

`uvicorn main:app` serves the whole university, `uvicorn main:library_app --port 8001` one service; each is built when
it is first asked for. `python main.py` is the `erp` command.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette

import faculty_mgt.app
import gateway.app
import library_mgt.app
import student_mgt.app
from configuration import migrate
from configuration.app_factory import create_root, in_process, site_of, standalone
from configuration.kit.logging import configure_logging
from configuration.kit.peers import PeerRegistry
from configuration.kit.web import Pages
from configuration.settings import ServiceSettings, Settings, settings_for_serving
from gateway.proxy import Proxy

Constructor = Callable[..., FastAPI]
SERVICES: Mapping[str, Constructor] = {
    "student": student_mgt.app.create_app,
    "faculty": faculty_mgt.app.create_app,
    "library": library_mgt.app.create_app,
}
GATEWAY_FOLDER = Path(gateway.app.__file__).parent


def create_app(settings: Settings | None = None) -> FastAPI:
    """The university behind one address: services set to `local` mounted, the others passed on to."""
    settings = settings or _configured()
    peers = PeerRegistry()
    mounted: dict[str, FastAPI] = {}
    elsewhere: dict[str, Proxy] = {}
    for own in settings.services:
        if own.url == "local":
            app = SERVICES[own.service](own, peers=peers)
            mounted[own.service] = app
            peers.register(own.service, in_process(app, own))
        else:
            elsewhere[own.service] = Proxy(own.service, own.url)
            peers.register(own.service, own.url)
    return create_root(settings, create_front(settings, peers=peers), mounted, peers=peers, elsewhere=elsewhere)


def create_front(settings: Settings, *, peers: PeerRegistry) -> FastAPI:
    """The gateway without any service behind it."""
    pages = Pages("gateway", site=site_of(settings), folders=[GATEWAY_FOLDER])
    return gateway.app.create_gateway(settings, peers=peers, pages=pages)


def create_service_app(service: str, settings: Settings | None = None) -> Starlette:
    """One service as it runs alone; the others are reached at their own ports or URLs."""
    own: ServiceSettings = (settings or _configured(service)).of(service)
    peers = PeerRegistry()
    for name, base in own.bases.items():
        peers.register(name, base)
    return standalone(SERVICES[service](own, peers=peers), own, peers=peers)


def _configured(alone: str | None = None) -> Settings:
    """The settings of this installation, with its log open and the databases to be served at their newest revision."""
    settings = settings_for_serving(alone)
    configure_logging(
        settings.var / "logs",
        level=settings.log_level,
        rotation=settings.log_rotation,
        retention=settings.log_retention,
        as_json=settings.log_json,
        console=settings.log_console,
        shared=alone is not None or settings.workers > 1 or any(own.url != "local" for own in settings.services),
    )
    behind = [own.service for own in settings.services if _serves(own, alone) and not _is_current(own)]
    if behind:
        raise SystemExit(f"Not at the newest revision: {', '.join(behind)}. Bring it there with: erp migrate")
    return settings


def _serves(own: ServiceSettings, alone: str | None) -> bool:
    return own.service == alone if alone else own.url == "local"


def _is_current(own: ServiceSettings) -> bool:
    return migrate.is_current(f"{own.service}_mgt", own.database)


BUILDERS: Mapping[str, Callable[[], Any]] = {
    "app": create_app,
    "student_app": lambda: create_service_app("student"),
    "faculty_app": lambda: create_service_app("faculty"),
    "library_app": lambda: create_service_app("library"),
}


def __getattr__(name: str) -> Any:
    """Build an application when it is first asked for: importing this module starts nothing."""
    if name not in BUILDERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = built = BUILDERS[name]()
    return built


def cli() -> None:
    """The `erp` command: what is common to all services, and the part that each service brings."""
    names = [f"{service}_mgt.commands" for service in SERVICES]
    # Servers do not need it, so it is imported when it is called.
    parts = [import_module(name).PART for name in names]
    import_module("configuration.commands").compose(parts)(prog_name="erp")


if __name__ == "__main__":
    cli()
